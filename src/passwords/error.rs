//! Why a password was not hashed.

use std::time::Duration;

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
