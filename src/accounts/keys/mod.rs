//! The keys that sign tokens: made at the start, rotated by a job or the command line, revoked, imported.
pub(super) mod advance;
pub(super) mod error;
pub(super) mod key_changes;
pub(super) mod manage;
pub(super) mod prepare;
