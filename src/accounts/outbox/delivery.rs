//! What a kind of delivery brings to the worker, which knows nothing else of it.
//!
//! A second kind, such as webhooks, is a table with a [`DeliveryQueue`], a [`DeliveryKind`] as
//! `mail_delivery` is one, and a [`Worker`](super::worker::Worker) of it beside `run_mail_worker`.

use std::time::Duration;

use crate::mail::FailureScope;
use crate::store::engine::delivery_queue::DeliveryQueue;
use crate::store::{Conn, StoreError};
use crate::types::Timestamp;

/// A kind of delivery: its queue, how a row is read and delivered, and its limits.
pub(super) trait DeliveryKind: Send {
    /// A row to deliver.
    type Item: Send + Sync + 'static;

    /// The table of the queue.
    const QUEUE: DeliveryQueue;

    /// Reads the row with this id.
    fn read(conn: &mut Conn, id: i64) -> Result<Option<Self::Item>, StoreError>;

    /// The longest that [`Self::deliver`] takes. A lease lasts longer.
    fn time_limit(&self) -> Duration;

    /// After so many attempts a delivery is given up.
    fn max_attempts(&self) -> u32;

    /// How many attempts there were.
    fn attempts(item: &Self::Item) -> u32;

    /// The receiver of an item, and the system that it is reached through, such as an address and its domain.
    fn receiver(item: &Self::Item) -> (&str, &str);

    /// Since when the item is refused in a way that looked like an outage, if it was.
    fn refused_since(item: &Self::Item) -> Option<Timestamp>;

    /// Waits until this process has inserted a row since the last call.
    fn woken(&self) -> impl Future<Output = ()> + Send;

    /// Why the item must not be delivered any longer; `None` if it must. The text is for `last_error`.
    fn obsolete(&self, item: &Self::Item) -> impl Future<Output = Result<Option<String>, StoreError>> + Send;

    /// Delivers the item. Must be safe to repeat: after a crash it happens again.
    fn deliver(&mut self, item: &Self::Item) -> impl Future<Output = Result<(), DeliveryFailure>> + Send;

    /// Closes connections, when nothing is due and at the end.
    fn close(&mut self) -> impl Future<Output = ()> + Send;

    /// Writes an event to the log.
    fn log(&self, event: DeliveryEvent<'_, Self::Item>);
}

/// Why an attempt failed.
pub(super) struct DeliveryFailure {
    /// What it concerns, as far as it tells by itself.
    pub scope: FailureScope,
    /// Whether no later attempt can succeed, if it concerns this item only.
    pub is_permanent: bool,
    /// Equal for failures of different items that have the same cause; empty if the cause is not the receiver.
    pub likeness: String,
    /// For `last_error`.
    pub stored: String,
    /// For the log.
    pub message: String,
    /// For the log: what an operator can do; may be empty.
    pub hint: &'static str,
}

/// What happened in the worker.
pub(super) enum DeliveryEvent<'a, T> {
    /// An item was delivered.
    Sent(&'a T),
    /// An item was not delivered because it is obsolete.
    Dropped(&'a T),
    /// An item was given up.
    GivenUp(&'a T),
    /// A row cannot be read: a newer version has written it. It is skipped until the lease ends.
    Unreadable(&'a StoreError),
    /// Another worker took the lease of an item before its outcome was recorded.
    LeaseLost(&'a T),
    /// An outage began.
    OutageBegan {
        /// How many items wait.
        waiting: i64,
        /// The error.
        message: &'a str,
        /// What an operator can do; may be empty.
        hint: &'a str,
    },
    /// So many items that were refused before are due again: the refusal is about all of them.
    Revived(usize),
    /// The outage is over.
    OutageEnded,
}
