//! Emails: what one says, which text it has, and how the outbox stores it.

mod cause;
mod message;
mod params;
mod text;

pub(crate) use cause::AccountChange;
pub use cause::MailCause;
pub use message::{Message, NewMail};
pub(crate) use message::{MessageKind, OutboxMail};
pub(crate) use params::{DUE, GREETED_AS, Params, UID, USER_AGENT};
pub use text::{MailText, MailTextSource};
