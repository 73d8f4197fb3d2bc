//! Connects to a server, waits for it at the start, and checks that it accepts writes.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::{ConnectionError, PgConnection};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::postgres::pool::Opener;
use crate::store::engine::postgres::settings::StoreSettings;
use crate::store::engine::postgres::url;
use crate::types::DatabaseUrl;

/// The pause between two attempts at the start.
const RETRY_PAUSE: Duration = Duration::from_millis(500);

/// How often the wait is logged.
const LOG_INTERVAL: Duration = Duration::from_secs(5);

/// A server to connect to.
pub(crate) struct Server {
    /// As in the settings: for messages without its secrets.
    url: DatabaseUrl,
    /// With the time limits.
    target: String,
}

#[derive(QueryableByName)]
struct ServerState {
    #[diesel(sql_type = Text)]
    read_only: String,
    #[diesel(sql_type = Text)]
    encoding: String,
}

impl Server {
    /// The server that `url` names.
    pub(crate) fn new(url: &DatabaseUrl, settings: &StoreSettings) -> Self {
        let text = match url {
            DatabaseUrl::Postgres(text) => text.as_str(),
            DatabaseUrl::Sqlite(_) => "",
        };
        Self { url: url.clone(), target: url::with_limits(text, settings) }
    }

    /// The first connection. Retries for up to `max_wait` while the server is not up.
    ///
    /// # Errors
    /// The last error after `max_wait`, or the first that no retry can change, such as a wrong password.
    #[expect(clippy::disallowed_methods, reason = "measures the wait")]
    pub(crate) fn wait_for(&self, max_wait: Duration) -> Result<Conn, StoreError> {
        let started = Instant::now();
        let mut logged_at = None;
        loop {
            let error = match self.open() {
                Ok(conn) => return Ok(conn),
                Err(error) => error,
            };
            let left = max_wait.saturating_sub(started.elapsed());
            if left.is_zero() || is_permanent(&error.to_string()) {
                return Err(error);
            }
            if logged_at.is_none_or(|then: Instant| then.elapsed() >= LOG_INTERVAL) {
                logged_at = Some(Instant::now());
                tracing::warn!(%error, "waiting for the database {}; giving up in {} s", self.url, left.as_millis().div_ceil(1000));
            }
            std::thread::sleep(RETRY_PAUSE.min(left));
        }
    }

    fn connect(&self) -> Result<PgConnection, StoreError> {
        PgConnection::establish(&self.target).map_err(|error| {
            let message = match error {
                ConnectionError::BadConnection(message) => message,
                other => other.to_string(),
            };
            let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
            StoreError::Lost(self.url.hide_secrets(line))
        })
    }
}

impl Opener for Server {
    fn open(&self) -> Result<Conn, StoreError> {
        let mut conn = Conn::Pg(self.connect()?);
        self.check(&mut conn)?;
        Ok(conn)
    }

    /// A standby answers, but accepts no writes: the server may have been demoted.
    fn check(&self, conn: &mut Conn) -> Result<(), StoreError> {
        if conn.is_broken() {
            return Err(StoreError::Lost("the connection broke".to_owned()));
        }
        let state = diesel::sql_query(
            "SELECT current_setting('transaction_read_only') AS read_only, \
                    current_setting('server_encoding') AS encoding",
        )
        .get_result::<ServerState>(conn)?;
        if state.encoding != "UTF8" {
            return Err(StoreError::Foreign(format!(
                "the database's encoding is {}, which does not have every character of a name; create one with \
                 CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
                state.encoding
            )));
        }
        match state.read_only.as_str() {
            "off" => Ok(()),
            _ => Err(StoreError::Lost(
                "the server accepts no writes: it is a standby, or set to read only".to_owned(),
            )),
        }
    }
}

/// Whether no retry can succeed: each host has answered and refused. libpq's message has one sentence for
/// each host.
fn is_permanent(reason: &str) -> bool {
    let refused = |attempt: &str| {
        let answered = ["FATAL:", "does not support SSL", "certificate", "invalid ", "encoding"];
        let passing =
            ["starting up", "shutting down", "recovery", "connection slots", "too many", "terminating"];
        answered.iter().any(|word| attempt.contains(word))
            && !passing.iter().any(|word| attempt.contains(word))
    };
    let attempts: Vec<&str> = reason.split("connection to server").skip(1).collect();
    if attempts.is_empty() { refused(reason) } else { attempts.into_iter().all(refused) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_password_is_permanent_and_a_starting_server_is_not() {
        let refused = "connection to server at \"h\" (::1), port 5432 failed: Connection refused";
        let starting =
            "connection to server at \"h\", port 1 failed: FATAL: the database system is starting up";
        let password = "connection to server at \"h\", port 1 failed: FATAL: password authentication failed";
        let tls =
            "connection to server at \"h\", port 1 failed: server does not support SSL, but SSL was required";
        let unknown = "could not translate host name \"db\" to address: Name or service not known";
        for reason in [refused, starting, unknown] {
            assert!(!is_permanent(reason), "{reason}");
        }
        assert!(is_permanent(password) && is_permanent(tls));
        assert!(!is_permanent(&format!("{refused} {password}")), "the first host may be the primary");
        assert!(is_permanent(&format!("{tls} {password}")));
    }
}
