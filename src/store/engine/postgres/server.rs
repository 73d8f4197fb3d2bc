//! Connecting to a server, waiting for it at the start, and asking whether it still takes writes.

use std::time::{Duration, Instant};

use diesel::prelude::*;
use diesel::sql_types::Text;
use diesel::{ConnectionError, PgConnection};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::postgres::pool::Opener;
use crate::store::engine::postgres::{StoreSettings, url};
use crate::types::DatabaseUrl;

/// How long to wait between two attempts at the start.
const PAUSE: Duration = Duration::from_millis(500);

/// How often the log says that we wait.
const REMINDER: Duration = Duration::from_secs(5);

/// Where and how to connect.
pub(crate) struct Server {
    /// As it was set: for hiding its secrets, and to be shown.
    url: DatabaseUrl,
    /// With our limits.
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

    /// The first connection; tries again, for up to `patience`, while nobody answers.
    ///
    /// # Errors
    /// The last reason when patience ends, or the first that no waiting will mend.
    #[expect(clippy::disallowed_methods, reason = "measures how long we wait")]
    pub(crate) fn wait_for(&self, patience: Duration) -> Result<Conn, StoreError> {
        let begun = Instant::now();
        let mut said = None;
        loop {
            let error = match self.open() {
                Ok(conn) => return Ok(conn),
                Err(error) => error,
            };
            let left = patience.saturating_sub(begun.elapsed());
            if left.is_zero() || is_hopeless(&error.to_string()) {
                return Err(error);
            }
            if said.is_none_or(|then: Instant| then.elapsed() >= REMINDER) {
                said = Some(Instant::now());
                tracing::warn!(%error, "waiting for the database {}; giving up in {} s", self.url, left.as_millis().div_ceil(1000));
            }
            std::thread::sleep(PAUSE.min(left));
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

    /// A server that was demoted, or never was a primary, still answers: but it takes no writes.
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
                "the database's encoding is {}, in which not every name can be written; make one with \
                 CREATE DATABASE … ENCODING 'UTF8' TEMPLATE template0",
                state.encoding
            )));
        }
        match state.read_only.as_str() {
            "off" => Ok(()),
            _ => Err(StoreError::Lost(
                "the server takes no writes: it is a standby, or was set to read only".to_owned(),
            )),
        }
    }
}

/// Whether no waiting will help: each host that was tried has answered, and answered no. libpq
/// says one sentence for each.
fn is_hopeless(reason: &str) -> bool {
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
    fn a_server_that_is_not_up_yet_is_waited_for_and_a_wrong_password_is_not() {
        let refused = "connection to server at \"h\" (::1), port 5432 failed: Connection refused";
        let starting =
            "connection to server at \"h\", port 1 failed: FATAL: the database system is starting up";
        let password = "connection to server at \"h\", port 1 failed: FATAL: password authentication failed";
        let tls =
            "connection to server at \"h\", port 1 failed: server does not support SSL, but SSL was required";
        let unknown = "could not translate host name \"db\" to address: Name or service not known";
        for reason in [refused, starting, unknown] {
            assert!(!is_hopeless(reason), "{reason}");
        }
        assert!(is_hopeless(password) && is_hopeless(tls));
        assert!(!is_hopeless(&format!("{refused} {password}")), "the first host may be the one");
        assert!(is_hopeless(&format!("{tls} {password}")));
    }
}
