//! The audit log: its list, its entries for display, its export.
pub(crate) mod entry_view;
pub(crate) mod export;
pub(crate) mod list;
pub(crate) mod new_entries;
mod parties;
pub(crate) mod query;
