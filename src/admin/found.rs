//! The user that a page is about.

use crate::app::App;
use crate::html::PageError;
use crate::store::users;
use crate::types::{User, UserId};

/// The user with the number in the URL.
///
/// # Errors
/// [`PageError::NotFound`] if there is none; if the store fails.
pub async fn user(app: &App, id: i64) -> Result<User, PageError> {
    app.store.read(move |conn| users::by_id(conn, UserId::new(id))).await?.ok_or(PageError::NotFound)
}

/// The page of a user.
pub fn page_of(id: UserId) -> String {
    format!("/admin/users/{id}")
}
