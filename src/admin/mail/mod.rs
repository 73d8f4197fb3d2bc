//! The outbox: its list, one mail, its preview, retrying and dropping, and the test mail.
pub mod actions;
pub mod detail;
pub mod list;
pub mod preview;
pub mod query;
pub mod row;
pub mod test;
