//! The tables, one file each: their rows, lookups by key, and everything that writes.
pub(crate) mod admin_sessions;
pub mod audit;
pub mod deleted_accounts;
pub(crate) mod known_addresses;
pub mod login_tallies;
pub(crate) mod mail_requests;
pub mod mails;
pub mod one_time_keys;
pub(crate) mod refresh_tokens;
pub(crate) mod reserved_names;
pub(crate) mod secrets;
pub(crate) mod served_origin;
pub(crate) mod session_refreshes;
pub mod sessions;
pub(crate) mod stale_keys;
pub(crate) mod throttles;
pub mod users;
