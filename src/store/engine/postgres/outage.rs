//! Whether the server is gone, or too slow for all who ask. Says it in the log when that begins and
//! when it ends, and not for each request in between.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::store::engine::postgres::StoreError;

/// How often the log says that all connections are in use, at most.
const REMINDER: Duration = Duration::from_secs(10);

/// What is known of the server.
pub(crate) struct ServerOutage {
    is_on: AtomicBool,
    began: Mutex<Option<Instant>>,
    attempt: Arc<Semaphore>,
    crowd_said: Mutex<Option<Instant>>,
}

impl Default for ServerOutage {
    fn default() -> Self {
        Self {
            is_on: AtomicBool::new(false),
            began: Mutex::default(),
            attempt: Arc::new(Semaphore::new(1)),
            crowd_said: Mutex::default(),
        }
    }
}

/// The permission to try to reach the server. During an outage there is one.
pub(crate) struct ConnectAttempt(Option<OwnedSemaphorePermit>);

impl ConnectAttempt {
    /// Whether there is an outage.
    pub(crate) const fn is_during_outage(&self) -> bool {
        self.0.is_some()
    }
}

impl ServerOutage {
    /// The server could not be used. Answers the error for whoever asked for it.
    #[expect(clippy::disallowed_methods, reason = "measures how long the outage lasts")]
    pub(crate) fn begin(&self, reason: &str) -> StoreError {
        if !self.is_on.swap(true, Ordering::AcqRel) {
            *self.began.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
            tracing::error!(reason, "the database is lost; requests are answered 503 until it is back");
        }
        StoreError::Lost(reason.to_owned())
    }

    /// Somebody waited in vain for a connection to be free. Answers the error for them.
    #[expect(clippy::disallowed_methods, reason = "measures how long ago the log was told")]
    pub(crate) fn crowded(&self) -> StoreError {
        let mut said = self.crowd_said.lock().unwrap_or_else(PoisonError::into_inner);
        if said.is_none_or(|then| then.elapsed() >= REMINDER) {
            *said = Some(Instant::now());
            tracing::error!(
                "all connections to the database are in use; requests that wait for one in vain are answered 503"
            );
        }
        StoreError::Crowded
    }

    /// The server could be used.
    pub(crate) fn end(&self) {
        if self.is_on.load(Ordering::Relaxed) && self.is_on.swap(false, Ordering::AcqRel) {
            let began = self.began.lock().unwrap_or_else(PoisonError::into_inner).take();
            let seconds = began.map(|then| then.elapsed().as_secs_f64());
            tracing::warn!(after_s = seconds, "the database is back");
        }
    }

    /// The error of an outage that was logged before; `None` if there is no outage.
    pub(crate) fn error(&self) -> Option<StoreError> {
        let is_on = self.is_on.load(Ordering::Acquire);
        is_on.then(|| StoreError::Lost("it was lost before, and is not back yet".to_owned()))
    }

    /// Whether to try to reach the server: everybody may, but during an outage one at a time.
    ///
    /// # Errors
    /// If somebody else is trying.
    pub(crate) fn may_try(&self) -> Result<ConnectAttempt, StoreError> {
        match self.error() {
            None => Ok(ConnectAttempt(None)),
            Some(lost) => {
                let attempt = Arc::clone(&self.attempt).try_acquire_owned().map_err(|_| lost)?;
                Ok(ConnectAttempt(Some(attempt)))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn during_an_outage_one_at_a_time_tries_and_afterwards_everybody() {
        let outage = ServerOutage::default();
        let together = (outage.may_try(), outage.may_try());
        assert!(together.0.is_ok() && together.1.is_ok() && outage.error().is_none());
        outage.begin("gone");
        let one = outage.may_try();
        assert!(one.is_ok());
        assert!(matches!(outage.may_try(), Err(StoreError::Lost(_))));
        drop(one);
        assert!(outage.may_try().is_ok());
        outage.end();
        let together = (outage.may_try(), outage.may_try());
        assert!(together.0.is_ok() && together.1.is_ok());
    }
}
