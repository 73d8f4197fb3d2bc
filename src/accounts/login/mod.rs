//! Logging in with a password: to the API, to the account pages and to the admin.
pub(super) mod admin_session;
pub(super) mod browser_session;
pub(super) mod log_in;
pub(super) mod prepared_session;
