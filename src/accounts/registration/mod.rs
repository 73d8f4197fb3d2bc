//! Registering one's own account.
pub(super) mod insert;
pub(super) mod register;
pub(super) mod register_error;
