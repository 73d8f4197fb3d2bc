//! The user that an operator names.

use clap::Args;

use crate::app::App;
use crate::cli::error::CliError;
use crate::store::tables::users;
use crate::types::{Identifier, User, UserId};

/// The argument that names a user.
#[derive(Debug, Args)]
pub(in crate::cli) struct UserSelector {
    /// The username, email address or id of the user
    user: String,
}

impl UserSelector {
    /// The user with this username, email address or id, in this order. The number of the row counts as id, too.
    pub(in crate::cli) async fn find(&self, app: &App) -> Result<User, CliError> {
        let typed = self.user.clone();
        let number = typed.parse().ok().map(UserId::new);
        let mut matches = app
            .store
            .read(move |conn| {
                let mut matches = users::find_by_identifier(conn, &Identifier::new(&typed))?;
                if matches.is_empty() {
                    let id = users::id_of_typed(conn, &typed)?.or(number);
                    matches.extend(id.map(|id| users::by_id(conn, id)).transpose()?.flatten());
                }
                Ok(matches)
            })
            .await?;
        match (matches.pop(), matches.pop()) {
            (Some(user), None) => Ok(user),
            (Some(by_email), Some(by_name)) => Err(CliError::failed(
                format!("`{}` is the username of one user and the email address of another", self.user),
                format!(
                    "use the id: {} has the username, {} the email address",
                    by_name.public_id(),
                    by_email.public_id()
                ),
            )),
            (None, _) => Err(CliError::failed(
                format!("there is no user `{}`", self.user),
                "usernames are case-sensitive; `doorward user list` lists all users",
            )),
        }
    }
}
