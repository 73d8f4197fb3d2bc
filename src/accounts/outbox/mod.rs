//! The outbox. Use cases insert mails in the transaction of their change (`store::tables::mails`); this
//! module delivers them afterwards.
//!
//! `worker`, `delivery` and `backoff` are the mechanism, for any kind of delivery: lease, retries, dead
//! letters, wake-up. `mail_delivery` is the one kind of it. `actions` is what operators do with mails.

mod actions;
mod backoff;
mod delivery;
mod mail_delivery;
mod test_mail;
mod worker;

pub use actions::{MailError, Retried, drop_mail, retry_all_mails, retry_mail};
pub use mail_delivery::run_mail_worker;
pub(crate) use test_mail::{TestMailError, send_test_mail};
