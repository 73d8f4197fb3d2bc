//! `doorward migrate`: updates the schema of the database without serving.

use super::error::CliError;
use super::global_args::GlobalArgs;
use super::log;
use super::output;
use crate::app::store_settings;
use crate::store::Store;

/// Opens the database, which applies missing migrations, and prints their versions. It adds no rows, not
/// even a signing key, so that `doorward copy` can still fill the database.
pub(super) fn run(global: GlobalArgs) -> Result<(), CliError> {
    let config = global.load(Vec::new())?;
    log::start(&config.log);
    let url = &config.database_url;
    let versions = Store::open(url, store_settings(&config))?.schema_versions()?;
    output::line(&format!("the database {url} is up to date: {}", versions.join(", ")))
}
