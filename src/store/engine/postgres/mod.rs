//! A PostgreSQL server, at the other end of a network that may fail. Used by `Store`, and by `copy`.
//!
//! Work runs on threads of its own, never on an async worker, and no more of it at once than
//! there may be connections. Nobody waits for long: whoever gets no connection, or no answer in
//! time, is told so, and while the server is gone one request at a time tries to reach it and
//! the others are refused at once.

mod outage;
mod pool;
mod server;
mod turn;
mod url;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout, timeout_at};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::postgres::outage::ServerOutage;
use crate::store::engine::postgres::pool::ConnectionPool;
use crate::store::engine::postgres::server::Server;
use crate::store::engine::postgres::turn::ConnectTurn;
use crate::types::DatabaseUrl;

/// How much longer than the server's own limit an answer may take, before we stop waiting for a
/// server that does not even tell us so.
const GRACE: Duration = Duration::from_millis(500);

/// How a database is used.
#[derive(Clone, Copy, Debug)]
pub struct StoreSettings {
    /// How many may read a SQLite file at once.
    pub readers: usize,
    /// How many connections to a server may be open at once.
    pub pool: usize,
    /// How long to wait for a connection: for a new one to each host, and for one to be free.
    pub connect_timeout: Duration,
    /// How long the server may work on one statement, and everybody on one transaction; zero for
    /// no limit, which no request may have.
    pub statement_timeout: Duration,
    /// How long a start may wait for a server that does not answer.
    pub wait_for: Duration,
}

/// A connection of its own, for work that is not a request's: waits for a server that is not up yet.
pub(crate) fn connect(url: &DatabaseUrl, settings: &StoreSettings) -> Result<Conn, StoreError> {
    Server::new(url, settings).wait_for(settings.wait_for)
}

/// A server and our connections to it. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Postgres {
    pool: Arc<ConnectionPool>,
    turns: Arc<Semaphore>,
    outage: Arc<ServerOutage>,
    settings: StoreSettings,
}

impl Postgres {
    /// Connects for the first time, and waits for a server that is not up yet.
    ///
    /// # Errors
    /// If it does not answer within [`StoreSettings::wait_for`], or answers that we may not come in.
    pub(crate) fn open(url: &DatabaseUrl, settings: StoreSettings) -> Result<Self, StoreError> {
        let server = Server::new(url, &settings);
        let first = server.wait_for(settings.wait_for)?;
        let pool = ConnectionPool::new(server);
        pool.put(first, true)?;
        Ok(Self {
            pool: Arc::new(pool),
            turns: Arc::new(Semaphore::new(settings.pool)),
            outage: Arc::new(ServerOutage::default()),
            settings,
        })
    }

    /// Runs `work` on a connection.
    ///
    /// # Errors
    /// What `work` answers; [`StoreError::Lost`] or [`StoreError::Crowded`] if no connection could
    /// be had, or it broke. When time ran out, nobody knows whether the work was done: it was not
    /// acknowledged.
    pub(crate) async fn run<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let lease = self.lease().await?;
        let (turn, span) = (lease.turn.clone(), tracing::Span::current());
        let working = spawn_blocking(move || span.in_scope(|| lease.run(work)));
        match timeout(self.settings.statement_timeout + GRACE, working).await {
            Ok(answer) => answer.map_err(|_| StoreError::Interrupted)?,
            Err(_) => Err(self.give_up(&turn, "it does not answer in time").into()),
        }
    }

    /// Waits no longer for a thread that the server keeps: it may do so for ever, and others shall
    /// have the turn, on connections of their own.
    fn give_up(&self, turn: &ConnectTurn, reason: &str) -> StoreError {
        turn.take_back();
        let pool = Arc::clone(&self.pool);
        // Whatever is idle goes to the same server.
        spawn_blocking(move || pool.clear());
        self.outage.begin(reason)
    }

    /// The same at once and on this thread: for the start, before there are others.
    pub(crate) fn at_start<T>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut conn = self.pool.get()?;
        let answer = work(&mut conn);
        self.pool.put(conn, answer.is_ok())?;
        answer
    }

    /// A connection, in turn.
    async fn lease(&self) -> Result<PermitLease, StoreError> {
        let deadline = Instant::now() + self.settings.connect_timeout;
        let turn = self.turn(deadline).await?;
        let (pool, outage) = (Arc::clone(&self.pool), Arc::clone(&self.outage));
        if let Some(conn) = pool.at_hand() {
            return Ok(PermitLease { conn, pool, outage, turn });
        }
        let attempt = self.outage.may_try()?;
        let (tell, told) = oneshot::channel();
        let ours = turn.clone();
        spawn_blocking(move || {
            // To ask an idle connection how it is may take for ever while the server hangs.
            let conn = if attempt.is_during_outage() { pool.open() } else { pool.get() };
            let opened = match conn {
                Ok(conn) => Ok(PermitLease { conn, pool, outage, turn }),
                // Whoever has given up has said so.
                Err(error) if tell.is_closed() => Err(error),
                Err(error) => Err(outage.begin(&error.to_string())),
            };
            if let Err(Ok(late)) = tell.send(opened) {
                late.keep();
            }
        });
        // libpq keeps to its time limit with each host, but not while it looks up a name. A
        // connection that comes too late for us serves the next one.
        match timeout_at(deadline + GRACE, told).await {
            Ok(lease) => lease.map_err(|_| StoreError::Interrupted)?,
            Err(_) => Err(self.give_up(&ours, "it cannot be reached in time")),
        }
    }

    async fn turn(&self, deadline: Instant) -> Result<ConnectTurn, StoreError> {
        let turns = Arc::clone(&self.turns);
        if let Some(lost) = self.outage.error() {
            return turns.try_acquire_owned().map(ConnectTurn::new).map_err(|_| lost);
        }
        match timeout_at(deadline, turns.acquire_owned()).await {
            Ok(turn) => turn.map(ConnectTurn::new).map_err(|_| StoreError::Interrupted),
            Err(_) => Err(self.outage.error().unwrap_or_else(|| self.outage.crowded())),
        }
    }
}

/// A connection that is ours for a while.
struct PermitLease {
    conn: Conn,
    pool: Arc<ConnectionPool>,
    outage: Arc<ServerOutage>,
    turn: ConnectTurn,
}

impl PermitLease {
    /// Keeps a connection that nobody waits for any more.
    fn keep(self) {
        if self.pool.put(self.conn, true).is_ok() {
            self.outage.end();
        }
    }

    /// Works, and gives the connection back if it is still good. If it is not, that is the
    /// error, whatever came of it further up: the server has rolled back.
    fn run<T, E: From<StoreError>>(mut self, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        let answer = work(&mut self.conn);
        if self.turn.is_taken_back() {
            // Nobody waits for the answer, and others have opened connections meanwhile.
            return answer;
        }
        match self.pool.put(self.conn, answer.is_ok()) {
            Ok(()) => {
                self.outage.end();
                answer
            }
            Err(reason) => Err(self.outage.begin(&reason.to_string()).into()),
        }
    }
}
