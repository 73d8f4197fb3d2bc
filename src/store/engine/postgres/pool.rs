//! Connections at hand, the one used last on top. It opens what it lacks and keeps what comes
//! back; how many may be out at once, and who waits, is for `postgres` to say. Used by it alone.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;

/// How long a connection may lie idle before it is asked whether it still works.
const FRESH: Duration = Duration::from_secs(1);

/// Opens connections of one dialect.
pub(crate) trait Opener: Send + Sync + 'static {
    /// A new connection, fit for use. May block for as long as the network takes.
    ///
    /// # Errors
    /// Why there is none, without a password in it.
    fn open(&self) -> Result<Conn, StoreError>;

    /// Whether a connection that was used before can be used again. May block.
    ///
    /// # Errors
    /// Why not.
    fn check(&self, conn: &mut Conn) -> Result<(), StoreError>;
}

/// The connections that nobody uses just now.
pub(crate) struct ConnectionPool {
    opener: Box<dyn Opener>,
    idle: Mutex<Vec<Idle>>,
}

struct Idle {
    conn: Conn,
    since: Instant,
}

impl ConnectionPool {
    /// An empty one.
    pub(crate) fn new(opener: impl Opener) -> Self {
        Self { opener: Box::new(opener), idle: Mutex::default() }
    }

    /// A connection that was in use a moment ago, if there is one. Never blocks.
    pub(crate) fn at_hand(&self) -> Option<Conn> {
        let mut idle = self.idle();
        let is_fresh = idle.last().is_some_and(|last| last.since.elapsed() < FRESH);
        if is_fresh { idle.pop().map(|last| last.conn) } else { None }
    }

    /// An idle connection that still works, else a new one. May block.
    ///
    /// # Errors
    /// Why no connection could be opened.
    pub(crate) fn get(&self) -> Result<Conn, StoreError> {
        if let Some(conn) = self.at_hand() {
            return Ok(conn);
        }
        let stale = self.idle().pop();
        if let Some(mut stale) = stale {
            match self.opener.check(&mut stale.conn) {
                Ok(()) => return Ok(stale.conn),
                // The others have been idle for longer, and will not be better.
                Err(_) => self.clear(),
            }
        }
        self.opener.open()
    }

    /// Keeps a connection for the next one who asks; drops it if it is of no use any more.
    ///
    /// # Errors
    /// Why it was dropped; then so were all idle ones.
    #[expect(clippy::disallowed_methods, reason = "measures how long the connection lies idle")]
    pub(crate) fn put(&self, mut conn: Conn, went_well: bool) -> Result<(), StoreError> {
        if !went_well {
            self.opener.check(&mut conn).inspect_err(|_| self.clear())?;
        }
        self.idle().push(Idle { conn, since: Instant::now() });
        Ok(())
    }

    /// A new connection, whatever is idle. May block.
    ///
    /// # Errors
    /// Why it could not be opened.
    pub(crate) fn open(&self) -> Result<Conn, StoreError> {
        self.opener.open()
    }

    /// Drops what is idle.
    pub(crate) fn clear(&self) {
        let dropped = std::mem::take(&mut *self.idle());
        drop(dropped);
    }

    fn idle(&self) -> MutexGuard<'_, Vec<Idle>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
