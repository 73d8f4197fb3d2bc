//! The groups of users.
pub(crate) mod list;
