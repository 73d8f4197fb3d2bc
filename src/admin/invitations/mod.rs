//! Inviting people, and open invitations.
pub mod addresses;
pub mod invite;
pub mod list;
