//! A PostgreSQL for one measurement, made by `scripts/postgres`. It syncs each commit, as SQLite does.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

const SCRIPT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/postgres");

/// A running PostgreSQL, stopped when it is dropped.
pub(crate) struct Postgres {
    folder: PathBuf,
    pub url: String,
}

impl Postgres {
    /// Whether it is installed.
    pub(crate) fn is_installed() -> bool {
        script(&["bin"]).is_some()
    }

    /// Creates and starts one in `folder`, which is created, too.
    pub(crate) fn start(folder: &Path) -> Self {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string();
        let path = folder.to_str().unwrap();
        let url = script(&["make", path, &port]).unwrap().trim().to_owned();
        script(&["start", path]).unwrap();
        Self { folder: folder.to_owned(), url }
    }

    /// Name and version, such as `PostgreSQL 15.6`.
    pub(crate) fn version() -> String {
        let said = script(&["run", "postgres", "--version"]).unwrap_or_default();
        said.trim().replace("postgres (PostgreSQL)", "PostgreSQL")
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        script(&["stop", self.folder.to_str().unwrap(), "immediate"]);
    }
}

/// The output of `scripts/postgres`; `None` if it fails.
fn script(arguments: &[&str]) -> Option<String> {
    let output = Command::new(SCRIPT).args(arguments).stdin(Stdio::null()).output().unwrap();
    output.status.success().then(|| String::from_utf8(output.stdout).unwrap())
}
