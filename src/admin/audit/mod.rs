//! The audit log.
pub(crate) mod entry_view;
pub(crate) mod export;
pub(crate) mod list;
pub(crate) mod query;
