//! The outbox. Use cases insert mails in the transaction of their change (`store::tables::mails`); this
//! module delivers them afterwards.
//!
//! `worker`, `delivery`, `diagnosis`, `turns` and `backoff` are the mechanism, for any kind of delivery: lease,
//! retries, dead letters, wake-up, whether a failure concerns one delivery or all, and which one is next.
//! `mail_delivery` is the one kind of it. `actions` is what operators do with mails.

mod actions;
mod backoff;
mod delivery;
mod diagnosis;
mod edited_words;
mod links;
mod mail_delivery;
mod mail_texts;
mod test_mail;
mod turns;
mod worker;

pub use actions::{MailError, Retried, drop_mail, retry_all_mails, retry_mail};
pub(crate) use edited_words::edited_words;
pub(crate) use links::can_be_sent;
pub use links::tidy_outbox;
pub use mail_delivery::run_mail_worker;
pub(crate) use mail_texts::{
    CurrentMailText, MailTextError, current_mail_text, edit_mail_text, reset_mail_text,
};
pub(crate) use test_mail::{TestMailError, send_test_mail, send_test_mail_with};
