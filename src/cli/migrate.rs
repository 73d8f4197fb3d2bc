//! `doorward migrate`: brings the database up to date without serving.

use super::Settings;
use super::error::CliError;
use super::output;

/// Opens the database, which applies what is missing, and says where it stands.
pub fn run(settings: Settings) -> Result<(), CliError> {
    let app = settings.open()?;
    let versions = app.store.schema_versions()?;
    let url = &app.config.database_url;
    output::line(&format!("the database {url} is up to date: {}", versions.join(", ")))
}
