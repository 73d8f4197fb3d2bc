//! The path of a user's page.

use crate::types::UserId;

/// The path of a user's page.
pub(crate) fn path_of(id: UserId) -> String {
    format!("/admin/users/{id}")
}
