//! The queries that serve pages: lists, counts, activity.
pub mod audit_list;
pub mod login_counts;
pub mod mail_list;
pub mod statistics;
pub mod user_activity;
pub mod user_list;
