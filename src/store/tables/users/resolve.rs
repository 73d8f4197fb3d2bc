//! The user that an administrator or operator means by what was typed into a search.

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::tables::users::{find_by_identifier, find_by_username_ci, id_of_typed};
use crate::types::{Identifier, UserId};

/// The id that an administrator or operator typed to search for a user: that of the user with this name, email or
/// id, else the number itself, which may be a deleted user's. `#7` is always a number, and what else follows a `#` an id.
pub(crate) fn resolve(conn: &mut Conn, typed: &str) -> Result<Option<UserId>, StoreError> {
    let number = |digits: &str| digits.parse().ok().filter(|id| *id > 0).map(UserId::new);
    if let Some(id) = typed.strip_prefix('#') {
        return match number(id) {
            Some(number) => Ok(Some(number)),
            None => id_of_typed(conn, id),
        };
    }
    let identifier = Identifier::new(typed);
    let user = match find_by_identifier(conn, &identifier)?.into_iter().next() {
        Some(user) => Some(user),
        None => find_by_username_ci(conn, &identifier)?,
    };
    match user {
        Some(user) => Ok(Some(user.id)),
        None => Ok(id_of_typed(conn, typed)?.or_else(|| number(typed))),
    }
}
