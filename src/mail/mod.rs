//! What people are written: its words, and its way to them. Verbs queue an [`Outgoing`] in the
//! outbox (`store::mails`) and wake the worker. Nothing here writes to the store.

use tokio::sync::Notify;

pub use crate::types::{Message, MessageKind, Outgoing};

/// Words and delivers the mails of the outbox.
#[derive(Default)]
pub struct Mailer {
    waiting: Notify,
}

impl Mailer {
    /// Says that there is something to send: for after the commit of a transaction that queued a
    /// mail. Without it, the mail leaves some seconds later.
    pub fn wake(&self) {
        self.waiting.notify_one();
    }
}
