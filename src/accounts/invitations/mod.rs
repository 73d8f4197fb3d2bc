//! Inviting people by email and accepting an invitation.
pub(super) mod invite;
