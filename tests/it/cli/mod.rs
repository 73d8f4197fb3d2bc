//! The command line: the real binary in a folder of its own, as an operator runs it.

mod api_key;
mod audit;
mod backup;
mod container;
mod copy;
mod durability;
mod explain;
mod group;
mod import;
mod key;
mod keys;
mod links;
mod mail;
pub(crate) mod serve;
mod settings;
mod start;
mod trim;
mod user;

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

use crate::database::{self, Database};

/// An empty folder and the binary.
pub(crate) struct Place {
    folder: TempDir,
    /// Without one, the database is a file in the folder.
    database_url: Option<String>,
    database: Option<Database>,
}

/// The outcome of a command.
#[derive(Debug)]
pub(crate) struct Said {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Place {
    /// On the back end of this run.
    pub(crate) fn new() -> Self {
        if database::is_postgres() { Self::on_new(Database::fresh()) } else { Self::sqlite() }
    }

    /// On a SQLite file in the folder, which is the default.
    pub(crate) fn sqlite() -> Self {
        Self { folder: tempfile::tempdir().unwrap(), database_url: None, database: None }
    }

    /// On the database of this URL.
    pub(crate) fn on(url: &str) -> Self {
        Self { database_url: Some(url.to_owned()), ..Self::sqlite() }
    }

    /// On this database, which is removed with the place.
    pub(crate) fn on_new(database: Database) -> Self {
        Self { database_url: Some(database.url().to_owned()), database: Some(database), ..Self::sqlite() }
    }

    /// The column `line` of the rows of a query, for a place that owns its database.
    pub(crate) fn lines(&self, query: &str) -> Vec<String> {
        self.database.as_ref().unwrap().lines(query)
    }

    /// The database, unless it is the file in the folder.
    pub(crate) fn database_url(&self) -> Option<&str> {
        self.database_url.as_deref()
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The binary with these arguments, in this folder. The environment only makes hashes cheap.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_doorward"));
        command
            .args(arguments)
            .current_dir(self.path())
            .env_clear()
            .env("DOORWARD_PASSWORD__COST", "4")
            .envs(self.database_url.iter().map(|url| ("DOORWARD_DATABASE_URL", url)))
            .stdin(Stdio::null());
        command
    }

    /// Runs a command to its end.
    pub(crate) fn run(&self, arguments: &[&str]) -> Said {
        Said::from(self.command(arguments).output().unwrap())
    }

    /// Runs a command that reads a password from standard input.
    pub(crate) fn pipe(&self, input: &[u8], arguments: &[&str]) -> Said {
        let mut command = self.command(arguments);
        let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // It may end before it reads.
        let _ = child.stdin.take().unwrap().write_all(input);
        Said::from(child.wait_with_output().unwrap())
    }

    /// Adds a user, and returns the id that is printed last.
    pub(crate) fn add(&self, name: &str, password: &str, more: &[&str]) -> i64 {
        let email = format!("{name}@example.com");
        let mut arguments = vec!["user", "add", "--username", name, "--email", &email, "--password-stdin"];
        arguments.extend_from_slice(more);
        let said = self.pipe(password.as_bytes(), &arguments);
        assert_eq!(said.code, 0, "{said:?}");
        said.out.split_whitespace().last().unwrap().parse().unwrap()
    }
}

impl From<Output> for Said {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Said {
    /// Asserts that the command failed with this code and all of these words on standard error, and without
    /// output.
    pub(crate) fn refused(&self, code: i32, words: &[&str]) {
        assert_eq!(self.code, code, "{self:?}");
        for word in words {
            assert!(self.err.contains(word), "`{word}` is missing: {self:?}");
        }
        assert!(!self.err.contains("panicked"), "{self:?}");
        assert_eq!(self.out, "");
    }
}
