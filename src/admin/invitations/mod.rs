//! Inviting people, and open invitations.
pub(crate) mod addresses;
pub(crate) mod invite;
pub(crate) mod list;
