//! A PostgreSQL server, at the other end of a network that may fail.
//!
//! Work runs on blocking threads, never on an async worker, and at most as many works run at once as the
//! pool has connections. Every wait has a limit: a request without a connection or an answer in time gets
//! an error. During an outage one request at a time tries to connect, and the others fail at once.

mod outage;
mod permit;
mod pool;
mod pooler;
mod server;
mod settings;
mod url;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{Semaphore, oneshot};
use tokio::task::spawn_blocking;
use tokio::time::{Instant, timeout, timeout_at};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::postgres::outage::ServerOutage;
use crate::store::engine::postgres::permit::RevocablePermit;
use crate::store::engine::postgres::pool::ConnectionPool;
use crate::store::engine::postgres::pooler::refuse_shared_sessions;
use crate::store::engine::postgres::server::Server;
pub(crate) use crate::store::engine::postgres::settings::StoreSettings;
use crate::types::DatabaseUrl;

/// How much longer than the server's own limit an answer may take: a server that hangs does not report its
/// timeout.
const GRACE: Duration = Duration::from_millis(500);

/// Opens a connection outside of a pool, for work that is no request; waits for a server that is not up
/// yet.
pub(crate) fn connect(url: &DatabaseUrl, settings: &StoreSettings) -> Result<Conn, StoreError> {
    let server = Server::new(url, settings);
    let mut conn = server.wait_for(settings.startup_timeout)?;
    refuse_shared_sessions(&mut conn, &server)?;
    Ok(conn)
}

/// A server and the connections to it. Cheap to clone.
#[derive(Clone)]
pub(crate) struct Postgres {
    pool: Arc<ConnectionPool>,
    permits: Arc<Semaphore>,
    outage: Arc<ServerOutage>,
    settings: StoreSettings,
}

impl Postgres {
    /// Connects for the first time, and waits for a server that is not up yet.
    ///
    /// # Errors
    /// If the server does not answer within [`StoreSettings::startup_timeout`], or refuses the login; or if a
    /// pooler in between shares sessions.
    pub(crate) fn open(url: &DatabaseUrl, settings: StoreSettings) -> Result<Self, StoreError> {
        let server = Server::new(url, &settings);
        let mut first = server.wait_for(settings.startup_timeout)?;
        refuse_shared_sessions(&mut first, &server)?;
        let pool = ConnectionPool::new(server);
        pool.put(first, true)?;
        Ok(Self {
            pool: Arc::new(pool),
            permits: Arc::new(Semaphore::new(settings.pool)),
            outage: Arc::new(ServerOutage::default()),
            settings,
        })
    }

    /// Runs `work` on a connection.
    ///
    /// # Errors
    /// Also [`StoreError::Lost`] or [`StoreError::Crowded`] if there is no connection or it broke. After a
    /// timeout it is unknown whether the work was committed; it was not acknowledged.
    pub(crate) async fn run<T, E, F>(&self, work: F) -> Result<T, E>
    where
        F: FnOnce(&mut Conn) -> Result<T, E> + Send + 'static,
        T: Send + 'static,
        E: From<StoreError> + Send + 'static,
    {
        let lease = self.lease().await?;
        let (permit, span) = (lease.permit.clone(), tracing::Span::current());
        let working = spawn_blocking(move || span.in_scope(|| lease.run(work)));
        match timeout(self.settings.statement_timeout + GRACE, working).await {
            Ok(answer) => answer.map_err(|_| StoreError::Interrupted)?,
            Err(_) => Err(self.give_up(&permit, "it does not answer in time").into()),
        }
    }

    /// Stops waiting for a thread that hangs, perhaps for ever. Its permit goes to the next request, which
    /// opens a connection of its own.
    fn give_up(&self, permit: &RevocablePermit, reason: &str) -> StoreError {
        permit.revoke();
        let pool = Arc::clone(&self.pool);
        // The idle connections are to the same server.
        spawn_blocking(move || pool.clear());
        self.outage.begin(reason)
    }

    /// Runs `work` on the calling thread: for the start, before there are requests.
    pub(crate) fn run_blocking<T>(
        &self,
        work: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        let mut conn = self.pool.get()?;
        let answer = work(&mut conn);
        self.pool.put(conn, answer.is_ok())?;
        answer
    }

    /// Waits for a permit, then takes or opens a connection.
    async fn lease(&self) -> Result<ConnectionLease, StoreError> {
        let deadline = Instant::now() + self.settings.connect_timeout;
        let permit = self.permit(deadline).await?;
        let (pool, outage) = (Arc::clone(&self.pool), Arc::clone(&self.outage));
        if let Some(conn) = pool.take_fresh() {
            return Ok(ConnectionLease { conn, pool, outage, permit });
        }
        let attempt = self.outage.may_try()?;
        let (sender, receiver) = oneshot::channel();
        let revocable = permit.clone();
        spawn_blocking(move || {
            // While the server hangs, checking an idle connection may take for ever.
            let conn = if attempt.is_during_outage() { pool.open() } else { pool.get() };
            let opened = match conn {
                Ok(conn) => Ok(ConnectionLease { conn, pool, outage, permit }),
                // The request has given up, and has logged it.
                Err(error) if sender.is_closed() => Err(error),
                Err(error) => Err(outage.begin(&error.to_string())),
            };
            if let Err(Ok(late)) = sender.send(opened) {
                late.return_unused();
            }
        });
        // libpq's time limit is for each host, and does not cover name lookups. A connection that is too late
        // for this request serves the next one.
        match timeout_at(deadline + GRACE, receiver).await {
            Ok(lease) => lease.map_err(|_| StoreError::Interrupted)?,
            Err(_) => Err(self.give_up(&revocable, "it cannot be reached in time")),
        }
    }

    async fn permit(&self, deadline: Instant) -> Result<RevocablePermit, StoreError> {
        let permits = Arc::clone(&self.permits);
        if let Some(lost) = self.outage.error() {
            return permits.try_acquire_owned().map(RevocablePermit::new).map_err(|_| lost);
        }
        match timeout_at(deadline, permits.acquire_owned()).await {
            Ok(permit) => permit.map(RevocablePermit::new).map_err(|_| StoreError::Interrupted),
            Err(_) => Err(self.outage.error().unwrap_or_else(|| self.outage.crowded())),
        }
    }
}

/// A connection in use by one request.
struct ConnectionLease {
    conn: Conn,
    pool: Arc<ConnectionPool>,
    outage: Arc<ServerOutage>,
    permit: RevocablePermit,
}

impl ConnectionLease {
    /// Returns a connection that its request no longer waits for.
    fn return_unused(self) {
        if self.pool.put(self.conn, true).is_ok() {
            self.outage.end();
        }
    }

    /// Runs `work` and returns the connection to the pool. If the connection is broken, that is the error,
    /// whatever `work` answered: the server has rolled back.
    fn run<T, E: From<StoreError>>(mut self, work: impl FnOnce(&mut Conn) -> Result<T, E>) -> Result<T, E> {
        let answer = work(&mut self.conn);
        if self.permit.is_revoked() {
            // The request has given up, and another one has opened a connection in its place.
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
