//! What the log line of a request says besides its head: who was authenticated, and why access was refused.

use actix_web::{HttpMessage as _, HttpRequest};

use crate::types::UserId;

/// Notes of handlers about a request. There is nothing in them that a client wrote.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct AccessNote {
    /// The user or administrator who was authenticated.
    pub user: Option<UserId>,
    /// Why access was refused.
    pub reason: Option<&'static str>,
}

impl AccessNote {
    /// The notes about a request.
    pub(super) fn of(request: &HttpRequest) -> Self {
        request.extensions().get::<Self>().copied().unwrap_or_default()
    }
}

/// Notes who was authenticated.
pub(crate) fn note_user(request: &HttpRequest, user: UserId) {
    let note = AccessNote { user: Some(user), ..AccessNote::of(request) };
    request.extensions_mut().insert(note);
}

/// Notes why access is refused.
pub(crate) fn note_refusal(request: &HttpRequest, reason: &'static str) {
    let note = AccessNote { reason: Some(reason), ..AccessNote::of(request) };
    request.extensions_mut().insert(note);
}
