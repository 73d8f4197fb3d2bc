//! The tables, one file each: the rows and the statements that write them.
pub(crate) mod admin_sessions;
pub mod audit;
pub mod login_tallies;
pub(crate) mod mail_requests;
pub mod mails;
pub mod one_time_keys;
pub(crate) mod refresh_tokens;
pub(crate) mod secrets;
pub mod sessions;
pub(crate) mod throttles;
pub mod users;
