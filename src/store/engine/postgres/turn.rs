//! The turn of somebody who may use a connection. The thread that works has it; whoever waits for
//! the thread can take it back from one that hangs. Used by `postgres` alone.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedSemaphorePermit;

/// A turn. It ends with its last clone, or when it is taken back.
#[derive(Clone)]
pub(crate) struct ConnectTurn(Arc<Mutex<Option<OwnedSemaphorePermit>>>);

impl ConnectTurn {
    /// A turn for as long as nobody takes it back.
    pub(crate) fn new(permit: OwnedSemaphorePermit) -> Self {
        Self(Arc::new(Mutex::new(Some(permit))))
    }

    /// Gives the turn to the next one, whoever has it.
    pub(crate) fn take_back(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Whether somebody did.
    pub(crate) fn is_taken_back(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }
}
