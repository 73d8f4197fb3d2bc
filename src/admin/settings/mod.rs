//! The settings: all of them with their sources, and forms for those that administrators can change.
pub(crate) mod form;
pub(crate) mod keys;
pub(crate) mod list;
mod source;
