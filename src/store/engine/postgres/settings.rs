//! Limits for connections and statements.

use std::time::Duration;

/// How a database is used.
#[derive(Clone, Copy, Debug)]
pub struct StoreSettings {
    /// How many connections read a SQLite file at once.
    pub readers: usize,
    /// How many connections to a server may be open at once.
    pub pool: usize,
    /// How long to wait for a new connection to each host, and for a free connection.
    pub connect_timeout: Duration,
    /// How long the server may work on one statement, and the process may wait for one transaction; zero
    /// for no limit, which requests never have.
    pub statement_timeout: Duration,
    /// How long the start waits for a server that does not answer.
    pub startup_timeout: Duration,
}
