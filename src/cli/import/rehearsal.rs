//! The application for a dry run. If there is no database yet, the run creates none: it works on one in a folder of
//! its own, which is removed.

use std::fs::DirBuilder;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::PathBuf;

use crate::app::App;
use crate::cli::error::CliError;
use crate::cli::global_args::{GlobalArgs, open};
use crate::store::engine::origin::OriginDatabase;
use crate::types::DatabaseUrl;

/// A folder that is removed with all that is in it.
pub(super) struct TemporaryFolder(PathBuf);

impl TemporaryFolder {
    fn make() -> Result<Self, CliError> {
        let path = std::env::temp_dir().join(format!("doorward-dry-run-{:032x}", rand::random::<u128>()));
        DirBuilder::new().mode(0o700).create(&path).map_err(|error| {
            CliError::failed(format!("cannot create the folder {}: {error}", path.display()), "set TMPDIR")
        })?;
        Ok(Self(path))
    }
}

impl Drop for TemporaryFolder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// The application, and the folder to keep until it is closed.
pub(super) fn open_for_rehearsal(global: GlobalArgs) -> Result<(App, Option<TemporaryFolder>), CliError> {
    let mut config = global.load(Vec::new())?;
    if is_used(&config.database_url) {
        return Ok((open(config)?, None));
    }
    let folder = TemporaryFolder::make()?;
    config.database_url = DatabaseUrl::Sqlite(folder.0.join("doorward.db"));
    Ok((open(config)?, Some(folder)))
}

/// Whether the database has tables, or cannot be reached: opening it tells why.
fn is_used(url: &DatabaseUrl) -> bool {
    match url {
        DatabaseUrl::Sqlite(path) => path.exists(),
        DatabaseUrl::Postgres(_) => {
            let tables = OriginDatabase::open(url).and_then(|mut database| database.tables());
            tables.map_or(true, |tables| !tables.is_empty())
        }
    }
}
