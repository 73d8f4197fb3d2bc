//! `doorward migrate`: brings the database up to date without serving.

use super::Settings;
use super::error::CliError;

/// Opens the database, which applies what is missing, and says where it stands.
#[expect(clippy::print_stdout, reason = "this is the command line")]
pub fn run(settings: Settings) -> Result<(), CliError> {
    let app = settings.open()?;
    let versions = app.store.schema_versions()?;
    println!("the database {} is up to date: {}", app.config.database_url, versions.join(", "));
    Ok(())
}
