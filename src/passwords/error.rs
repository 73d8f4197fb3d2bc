//! Why a password was not hashed.

use std::time::Duration;

/// The lower bound of `retry_after`.
pub(super) const MIN_RETRY: Duration = Duration::from_secs(1);
/// The upper bound of `retry_after`: the load may be over by then.
const MAX_RETRY: Duration = Duration::from_secs(3600);

/// Why a password was not hashed. Says nothing about the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EngineError {
    /// The queue is full, or the wait would be longer than `max_wait`.
    #[error("too many passwords are waiting to be hashed")]
    Busy {
        /// How long the work before this password takes: at least a second, not rounded.
        retry_after: Duration,
    },
    /// There will be no result: the engine has shut down, the thread panicked, or the operating system gave
    /// no random salt.
    #[error("the password could not be hashed")]
    Lost,
}

impl EngineError {
    /// The queue is full, or too long: the work in it takes this time.
    pub(super) fn busy(wait: Duration) -> Self {
        Self::Busy { retry_after: wait.clamp(MIN_RETRY, MAX_RETRY) }
    }
}
