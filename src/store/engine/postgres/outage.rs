//! Whether there is an outage of the server. Logs when it begins and when it ends, and not for each request
//! in between.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::store::engine::error::StoreError;

/// How often the log says that all connections are in use, at most.
const REMINDER: Duration = Duration::from_secs(10);

/// The state of the server.
pub(crate) struct ServerOutage {
    is_out: AtomicBool,
    began: Mutex<Option<Instant>>,
    attempt: Arc<Semaphore>,
    crowded_logged_at: Mutex<Option<Instant>>,
}

impl Default for ServerOutage {
    fn default() -> Self {
        Self {
            is_out: AtomicBool::new(false),
            began: Mutex::default(),
            attempt: Arc::new(Semaphore::new(1)),
            crowded_logged_at: Mutex::default(),
        }
    }
}

/// The permission to connect. During an outage there is one.
pub(crate) struct ConnectAttempt(Option<OwnedSemaphorePermit>);

impl ConnectAttempt {
    /// Whether there is an outage.
    pub(crate) const fn is_during_outage(&self) -> bool {
        self.0.is_some()
    }
}

impl ServerOutage {
    /// The server could not be used. Answers the error for the request.
    #[expect(clippy::disallowed_methods, reason = "measures how long the outage lasts")]
    pub(crate) fn begin(&self, reason: &str) -> StoreError {
        if !self.is_out.swap(true, Ordering::AcqRel) {
            *self.began.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
            tracing::error!(reason, "the database is lost; requests are answered 503 until it is back");
        }
        StoreError::Lost(reason.to_owned())
    }

    /// A request got no connection in time. Answers its error.
    #[expect(clippy::disallowed_methods, reason = "measures how long ago it was logged")]
    pub(crate) fn crowded(&self) -> StoreError {
        let mut logged_at = self.crowded_logged_at.lock().unwrap_or_else(PoisonError::into_inner);
        if logged_at.is_none_or(|then| then.elapsed() >= REMINDER) {
            *logged_at = Some(Instant::now());
            tracing::error!(
                "all connections to the database are in use; requests that time out waiting for one are answered 503"
            );
        }
        StoreError::Crowded
    }

    /// The server could be used.
    pub(crate) fn end(&self) {
        if self.is_out.load(Ordering::Relaxed) && self.is_out.swap(false, Ordering::AcqRel) {
            let began = self.began.lock().unwrap_or_else(PoisonError::into_inner).take();
            let seconds = began.map(|then| then.elapsed().as_secs_f64());
            tracing::warn!(after_s = seconds, "the database is back");
        }
    }

    /// The error of an outage that was logged before; `None` if there is no outage.
    pub(crate) fn error(&self) -> Option<StoreError> {
        let is_out = self.is_out.load(Ordering::Acquire);
        is_out.then(|| StoreError::Lost("it was lost before, and is not back yet".to_owned()))
    }

    /// The permission to connect: for every request, but during an outage for one at a time.
    ///
    /// # Errors
    /// If there is an outage and another request is connecting.
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
    fn one_request_at_a_time_connects_during_an_outage() {
        let outage = ServerOutage::default();
        let attempts = (outage.may_try(), outage.may_try());
        assert!(attempts.0.is_ok() && attempts.1.is_ok() && outage.error().is_none());
        outage.begin("gone");
        let one = outage.may_try();
        assert!(one.is_ok());
        assert!(matches!(outage.may_try(), Err(StoreError::Lost(_))));
        drop(one);
        assert!(outage.may_try().is_ok());
        outage.end();
        let attempts = (outage.may_try(), outage.may_try());
        assert!(attempts.0.is_ok() && attempts.1.is_ok());
    }
}
