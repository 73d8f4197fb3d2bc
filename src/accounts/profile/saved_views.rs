//! Saves and deletes views of the list of users. They are an administrator's own and change no account, so the
//! audit log has nothing about them.

use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::{saved_views, users};
use crate::types::UserId;

/// The longest name of a view, in characters.
const MAX_NAME: usize = 40;

/// The longest query of a view, in bytes.
const MAX_QUERY: usize = 2_000;

/// How many views a user may have.
const MAX_VIEWS: usize = 20;

/// Why a view is not saved.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SaveViewError {
    /// The name is empty or too long, or the query is.
    #[error("a view needs a name of 1 to 40 characters")]
    Name,
    /// The user has too many views.
    #[error("there are too many views")]
    TooMany,
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Saves a view under a name, in place of an earlier one of that name.
pub(crate) async fn save_view(
    app: &App,
    user: UserId,
    name: String,
    query: String,
) -> Result<(), SaveViewError> {
    if name.is_empty() || name.chars().count() > MAX_NAME || name.contains('\0') || query.len() > MAX_QUERY {
        return Err(SaveViewError::Name);
    }
    app.store
        .write(move |tx| {
            users::lock(tx, user)?;
            let views = saved_views::of(tx, user)?;
            let is_new = views.iter().all(|(other, _)| *other != name);
            if is_new && views.len() >= MAX_VIEWS {
                return Err(SaveViewError::TooMany);
            }
            Ok(saved_views::set(tx, user, &name, &query)?)
        })
        .await
}

/// Deletes a view; one that does not exist is no error.
pub(crate) async fn delete_view(app: &App, user: UserId, name: String) -> Result<(), StoreError> {
    app.store.write(move |tx| saved_views::remove(tx, user, &name.replace('\0', ""))).await
}
