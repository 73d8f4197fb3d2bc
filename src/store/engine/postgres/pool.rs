//! A stack of idle connections, the one used last on top. The number of connections in use is limited by
//! `postgres` itself.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;

/// A connection that was idle for longer is checked before use.
const FRESH: Duration = Duration::from_secs(1);

/// Opens connections of one dialect.
pub(crate) trait Opener: Send + Sync + 'static {
    /// Opens a connection and checks it. Blocks.
    ///
    /// # Errors
    /// Without the password of the URL.
    fn open(&self) -> Result<Conn, StoreError>;

    /// Checks whether a connection can be used again. Blocks.
    fn check(&self, conn: &mut Conn) -> Result<(), StoreError>;
}

/// The idle connections.
pub(crate) struct ConnectionPool {
    opener: Box<dyn Opener>,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    conn: Conn,
    since: Instant,
}

impl ConnectionPool {
    /// An empty pool.
    pub(crate) fn new(opener: impl Opener) -> Self {
        Self { opener: Box::new(opener), idle: Mutex::default() }
    }

    /// An idle connection that needs no check, if there is one. Never blocks.
    pub(crate) fn take_fresh(&self) -> Option<Conn> {
        let mut idle = self.idle();
        let is_fresh = idle.last().is_some_and(|last| last.since.elapsed() < FRESH);
        if is_fresh { idle.pop().map(|last| last.conn) } else { None }
    }

    /// An idle connection that works, else a new one. Blocks.
    pub(crate) fn get(&self) -> Result<Conn, StoreError> {
        if let Some(conn) = self.take_fresh() {
            return Ok(conn);
        }
        let stale = self.idle().pop();
        if let Some(mut stale) = stale {
            match self.opener.check(&mut stale.conn) {
                Ok(()) => return Ok(stale.conn),
                // The others have been idle for longer.
                Err(_) => self.clear(),
            }
        }
        self.opener.open()
    }

    /// Puts a connection back. After a failure it is checked first.
    ///
    /// # Errors
    /// If the check fails; then all connections are dropped.
    #[expect(clippy::disallowed_methods, reason = "measures how long the connection lies idle")]
    pub(crate) fn put(&self, mut conn: Conn, succeeded: bool) -> Result<(), StoreError> {
        if !succeeded {
            self.opener.check(&mut conn).inspect_err(|_| self.clear())?;
        }
        self.idle().push(Idle { conn, since: Instant::now() });
        Ok(())
    }

    /// Opens a new connection. Blocks.
    pub(crate) fn open(&self) -> Result<Conn, StoreError> {
        self.opener.open()
    }

    /// Drops the idle connections.
    pub(crate) fn clear(&self) {
        let dropped = std::mem::take(&mut *self.idle());
        drop(dropped);
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
