//! Queries over tables for pages and the command line: lists, counts, activity. None writes.
pub(crate) mod audit_list;
pub(crate) mod claimed_user;
pub(crate) mod login_counts;
pub(crate) mod mail_list;
pub(crate) mod personal_data;
pub(crate) mod similar_names;
pub mod statistics;
pub(crate) mod unconfirmed_users;
pub mod user_activity;
pub(crate) mod user_list;
