//! Emails: what one says, which text it has, and how the outbox stores it.

mod message;
mod text;

pub(crate) use message::{AccountChange, DUE, GREETED_AS, MessageKind, OutboxMail, Params, USER_AGENT};
pub use message::{MailCause, Message, NewMail};
pub(crate) use text::{MailText, MailTextSource};
