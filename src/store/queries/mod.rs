//! The queries that serve pages: lists, counts, activity.
pub(crate) mod audit_list;
pub(crate) mod login_counts;
pub(crate) mod mail_list;
pub mod statistics;
pub mod user_activity;
pub(crate) mod user_list;
