//! The outbox: its list, the page of a mail with its preview, retrying and dropping, the test mail, and the texts of mails.
pub(crate) mod actions;
pub(crate) mod detail;
pub(crate) mod list;
pub(crate) mod preview;
pub(crate) mod query;
pub(crate) mod row;
pub(crate) mod test;
pub(crate) mod texts;
