//! The outbox: its list, the page of a mail with its preview, retrying and dropping, and the test mail.
pub(crate) mod actions;
pub(crate) mod detail;
pub(crate) mod list;
pub(crate) mod preview;
pub(crate) mod query;
pub(crate) mod row;
pub(crate) mod test;
