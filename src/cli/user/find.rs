//! Which user an operator means.

use super::super::error::CliError;
use super::UserSelector;
use crate::app::App;
use crate::store::tables::users;
use crate::types::{Identifier, User, UserId};

/// The user of that name, email or id, in this order.
pub(crate) async fn find(app: &App, whom: &UserSelector) -> Result<User, CliError> {
    let typed = whom.user.clone();
    let id = typed.parse().ok().map(UserId::new);
    let mut found = app
        .store
        .read(move |conn| {
            let mut found = users::find_by_identifier(conn, &Identifier::new(typed))?;
            if let (true, Some(id)) = (found.is_empty(), id) {
                found.extend(users::by_id(conn, id)?);
            }
            Ok(found)
        })
        .await?;
    match (found.pop(), found.pop()) {
        (Some(user), None) => Ok(user),
        (Some(by_email), Some(by_name)) => Err(CliError::failed(
            format!("`{}` is one user's name and another's email", whom.user),
            format!("say the id: {} has the name, {} the email", by_name.id, by_email.id),
        )),
        (None, _) => Err(CliError::failed(
            format!("there is no user `{}`", whom.user),
            "names are matched with their letter case; `doorward user list` shows who there is",
        )),
    }
}
