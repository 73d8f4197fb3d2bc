//! The audit log: its list, its entries for display, its export.
pub(crate) mod entry_view;
pub(crate) mod export;
pub(crate) mod list;
mod parties;
pub(crate) mod query;
