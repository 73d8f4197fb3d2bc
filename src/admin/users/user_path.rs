//! The path of a user's page.

use crate::types::UserId;

/// The field with the version of the account that the form displayed (optimistic locking): `updated_at` in
/// microseconds.
pub(crate) const VERSION: &str = "version";

/// The path of a user's page.
pub(crate) fn path_of(id: UserId) -> String {
    format!("/admin/users/{id}")
}
