//! Sending invitations, and the list of open ones.
pub(crate) mod addresses;
pub(crate) mod invite;
pub(crate) mod list;
