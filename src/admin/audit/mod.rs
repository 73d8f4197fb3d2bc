//! The audit log.
pub mod entry_view;
pub mod export;
pub mod list;
pub mod query;
