//! The user that a token names by the id that clients know, with the session of the token.

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, prepared};
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::{sessions, users};
use crate::store::tables::sessions::{Session, SessionColumns};
use crate::store::tables::users::UserColumns;
use crate::types::{PublicId, SessionHandle, User};

/// The user that a condition matches, with the session of a handle. One query, because every request with a token
/// needs both.
macro_rules! joined {
    ($conn:expr, $handle:expr, $user:expr) => {
        prepared!($conn, |own| users::table
            .left_join(
                sessions::table
                    .on(sessions::user_id.eq(users::id).and(sessions::handle.eq($handle.as_str())))
            )
            .filter($user)
            .select((UserColumns::as_select(), Option::<SessionColumns>::as_select()))
            .get_result::<(UserColumns, Option<SessionColumns>)>(own))
    };
}

/// The user of this id (`users::id_of`), and the session with this handle, if it has a row.
pub(crate) fn with_session(
    conn: &mut Conn,
    id: &PublicId,
    handle: &SessionHandle,
) -> Result<Option<(User, Option<Session>)>, StoreError> {
    let number = match id {
        PublicId::Integer(id) => Some(id.get()),
        PublicId::Text(text) => {
            let found = joined!(conn, handle, users::public_id.eq(text));
            if let Some((user, session)) = found.optional()? {
                return Ok(Some((user.into(), session.map(Session::from))));
            }
            text.trim().parse().ok()
        }
    };
    let Some(number) = number else { return Ok(None) };
    let row = joined!(conn, handle, users::id.eq(number).and(users::public_id.is_null()));
    Ok(row.optional()?.map(|(user, session)| (user.into(), session.map(Session::from))))
}
