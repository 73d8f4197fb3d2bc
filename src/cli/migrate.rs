//! `doorward migrate`: brings the database up to date without serving.

use super::error::CliError;
use super::output;
use super::{GlobalArgs, log};
use crate::app::store_settings;
use crate::store::Store;

/// Opens the database, which applies what is missing, and says where it stands. Makes nothing else
/// in it: no key, so that `doorward copy` may still fill it.
pub(crate) fn run(settings: GlobalArgs) -> Result<(), CliError> {
    let config = settings.load(Vec::new())?;
    log::start(&config.log);
    let url = &config.database_url;
    let versions = Store::open(url, store_settings(&config))?.schema_versions()?;
    output::line(&format!("the database {url} is up to date: {}", versions.join(", ")))
}
