//! A database for one test, on the back end of this run:
//!
//! - `TEST_POSTGRES` is the URL of a PostgreSQL server on which databases may be created and dropped
//!   (`scripts/postgres` starts one). Without it, tests that need one print that they were skipped.
//! - `TEST_DATABASE=postgres` runs all tests on it but those of SQLite's files.

use std::io::Write as _;
use std::path::PathBuf;
use std::sync::OnceLock;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::{PgConnection, SqliteConnection};
use doorward::testing::app::Config;
use doorward::testing::app::store_settings;
use tempfile::TempDir;

/// A database. Deleted when dropped.
pub(crate) struct Database {
    url: String,
    kind: Kind,
}

enum Kind {
    Sqlite(TempDir),
    Postgres { server: String, name: String },
}

#[derive(QueryableByName)]
struct Line {
    #[diesel(sql_type = Text)]
    line: String,
}

/// The server for tests, if there is one.
pub(crate) fn server() -> Option<String> {
    std::env::var("TEST_POSTGRES").ok().filter(|url| !url.is_empty())
}

/// The server for a test that needs one. If there is none, prints that the test was skipped.
pub(crate) fn server_or_skip() -> Option<String> {
    let server = server();
    if server.is_none() {
        say_not_run("TEST_POSTGRES is not set");
    }
    server
}

/// Prints that a test is not run, around the output capture of the test harness.
pub(crate) fn say_not_run(why: &str) {
    let thread = std::thread::current();
    let name = thread.name().unwrap_or("a test");
    let line = format!("not run, because {why}: {name}\n");
    std::io::stderr().write_all(line.as_bytes()).unwrap();
}

/// Whether this run uses PostgreSQL.
pub(crate) fn is_postgres() -> bool {
    match std::env::var("TEST_DATABASE").as_deref() {
        Ok("postgres") => true,
        Ok("sqlite" | "") | Err(_) => false,
        Ok(other) => panic!("TEST_DATABASE is {other}, and neither sqlite nor postgres"),
    }
}

impl Database {
    /// A new database on the back end of this run. On PostgreSQL it has the schema.
    pub(crate) fn fresh() -> Self {
        if is_postgres() { Self::postgres(&server().expect("TEST_POSTGRES")) } else { Self::sqlite() }
    }

    /// A file that does not exist yet.
    pub(crate) fn sqlite() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let url = format!("sqlite:{}", folder.path().join("test.db").display());
        Self { url, kind: Kind::Sqlite(folder) }
    }

    /// With the schema: a copy of a database that was migrated once in this run.
    pub(crate) fn postgres(server: &str) -> Self {
        static TEMPLATE: OnceLock<Database> = OnceLock::new();
        let template = TEMPLATE.get_or_init(|| {
            let database = Self::empty_postgres(server);
            let config = Config::from_settings(&[("database_url", &database.url)]).unwrap();
            doorward::testing::store::Store::open(&config.database_url, store_settings(&config)).unwrap();
            database
        });
        let Kind::Postgres { name, .. } = &template.kind else { unreachable!() };
        Self::make(server, &format!("TEMPLATE {name}"))
    }

    /// Without tables.
    pub(crate) fn empty_postgres(server: &str) -> Self {
        Self::make(server, "")
    }

    fn make(server: &str, how: &str) -> Self {
        let name = format!("test_{:016x}", rand::random::<u64>());
        execute(server, &format!("CREATE DATABASE {name} {how}"));
        let url = at(server, &name);
        Self { url, kind: Kind::Postgres { server: server.to_owned(), name } }
    }

    /// The value for `database_url`.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The file of a SQLite database.
    fn file(&self) -> PathBuf {
        PathBuf::from(self.url.strip_prefix("sqlite:").unwrap())
    }

    /// Runs SQL on a connection of its own.
    pub(crate) fn execute(&self, sql: &str) {
        match &self.kind {
            Kind::Sqlite(_) => execute_sqlite(&self.file(), sql),
            Kind::Postgres { .. } => execute(&self.url, sql),
        }
    }

    /// The column `line` of the rows of a query.
    pub(crate) fn lines(&self, query: &str) -> Vec<String> {
        let rows = match &self.kind {
            Kind::Sqlite(_) => {
                let mut conn = SqliteConnection::establish(self.file().to_str().unwrap()).unwrap();
                diesel::sql_query(query).load::<Line>(&mut conn)
            }
            Kind::Postgres { .. } => return lines(&self.url, query),
        };
        rows.unwrap().into_iter().map(|row| row.line).collect()
    }

    /// Whether any table has a text.
    pub(crate) fn holds(&self, text: &str) -> bool {
        match &self.kind {
            Kind::Sqlite(folder) => std::fs::read_dir(folder.path()).unwrap().any(|file| {
                let bytes = std::fs::read(file.unwrap().path()).unwrap();
                bytes.windows(text.len()).any(|window| window == text.as_bytes())
            }),
            Kind::Postgres { .. } => {
                let tables =
                    self.lines("SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public'");
                assert!(tables.len() > 3, "{tables:?}");
                tables.iter().any(|table| {
                    let query = format!("SELECT t::text AS line FROM {table} AS t");
                    self.lines(&query).iter().any(|row| row.contains(text))
                })
            }
        }
    }
}

impl Drop for Database {
    fn drop(&mut self) {
        if let Kind::Postgres { server, name } = &self.kind
            && let Ok(mut conn) = PgConnection::establish(server)
        {
            let _ = conn.batch_execute(&format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"));
        }
    }
}

/// The URL of another database on the same server.
pub(crate) fn at(server: &str, name: &str) -> String {
    let (place, parameters) = server.split_once('?').unwrap_or((server, ""));
    let (host, _) = place.rsplit_once('/').unwrap();
    if parameters.is_empty() { format!("{host}/{name}") } else { format!("{host}/{name}?{parameters}") }
}

/// Runs SQL on a server.
pub(crate) fn execute(url: &str, sql: &str) {
    PgConnection::establish(url).unwrap().batch_execute(sql).unwrap();
}

/// The column `line` of the rows of a query on a server.
pub(crate) fn lines(url: &str, query: &str) -> Vec<String> {
    let rows = diesel::sql_query(query).load::<Line>(&mut PgConnection::establish(url).unwrap());
    rows.unwrap().into_iter().map(|row| row.line).collect()
}

/// Runs SQL on a database file that no other process writes to.
pub(crate) fn execute_sqlite(file: &std::path::Path, sql: &str) {
    let mut sqlite = SqliteConnection::establish(file.to_str().unwrap()).unwrap();
    sqlite.batch_execute("PRAGMA busy_timeout = 30000").unwrap();
    sqlite.batch_execute(sql).unwrap();
}
