//! Using, renewing and ending sessions and their tokens.
pub(super) mod authenticate;
pub(super) mod blacklist;
pub(super) mod end_session;
pub(super) mod introspect;
pub(super) mod log_out;
pub(super) mod presented_token;
pub(super) mod refresh;
pub(super) mod verify_token;
