//! Bulk actions: choosing users and confirming, how far an action is, undoing it, and the recent ones.
pub(crate) mod form;
pub(crate) mod history;
mod plan;
mod request;
