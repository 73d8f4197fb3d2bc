//! A semaphore permit that can be revoked: the thread that works has it, and the request that waits for the
//! thread can take it away from one that hangs.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::OwnedSemaphorePermit;

/// A permit. It ends with its last clone, or when it is revoked.
#[derive(Clone)]
pub(crate) struct RevocablePermit(Arc<Mutex<Option<OwnedSemaphorePermit>>>);

impl RevocablePermit {
    /// Makes a permit revocable.
    pub(crate) fn new(permit: OwnedSemaphorePermit) -> Self {
        Self(Arc::new(Mutex::new(Some(permit))))
    }

    /// Ends the permit for all clones.
    pub(crate) fn revoke(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
    }

    /// Whether the permit was revoked.
    pub(crate) fn is_revoked(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }
}
