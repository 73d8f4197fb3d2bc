//! Creating one's own account.
pub(super) mod register;
