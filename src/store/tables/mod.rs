//! The tables, one file each: the rows and the statements that write them.
pub mod admin_sessions;
pub mod audit;
pub mod login_tallies;
pub mod mail_requests;
pub mod mails;
pub mod one_time_keys;
pub mod refresh_tokens;
pub mod secrets;
pub mod sessions;
pub mod throttles;
pub mod users;
