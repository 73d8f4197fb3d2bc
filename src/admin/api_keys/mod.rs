//! `/admin/settings/api-keys`: the keys of machines.
pub(crate) mod create;
pub(crate) mod list;
pub(crate) mod revoke;

/// The path of the list.
pub(crate) const LIST: &str = "/admin/settings/api-keys";
