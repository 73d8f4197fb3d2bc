//! The user that a token names by the id that clients know, with the session of the token.

use diesel::dsl::max;
use diesel::prelude::*;

use crate::store::engine::connection::{Conn, prepared};
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::{sessions, signing_keys, users};
use crate::store::tables::sessions::{Session, SessionColumns};
use crate::store::tables::users::UserColumns;
use crate::types::{PublicId, SessionHandle, User};

/// What a token is checked against, as of one moment.
pub(crate) struct ClaimedRow {
    /// The user.
    pub user: User,
    /// The session, if it has a row.
    pub session: Option<Session>,
    /// The version of the signing keys: a token that was checked with keys of another version has to be checked again.
    pub keys_version: i64,
}

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
            .select((
                UserColumns::as_select(),
                Option::<SessionColumns>::as_select(),
                signing_keys::table.select(max(signing_keys::version)).single_value()
            ))
            .get_result::<(UserColumns, Option<SessionColumns>, Option<i64>)>(own))
    };
}

/// The user of this id (`users::id_of`), and the session with this handle, if it has a row.
pub(crate) fn with_session(
    conn: &mut Conn,
    id: &PublicId,
    handle: &SessionHandle,
) -> Result<Option<ClaimedRow>, StoreError> {
    let number = match id {
        PublicId::Integer(id) => Some(id.get()),
        PublicId::Text(text) => {
            let found = joined!(conn, handle, users::public_id.eq(text));
            if let Some(row) = found.optional()? {
                return Ok(Some(row.into()));
            }
            text.trim().parse().ok()
        }
    };
    let Some(number) = number else { return Ok(None) };
    let row = joined!(conn, handle, users::id.eq(number).and(users::public_id.is_null()));
    Ok(row.optional()?.map(ClaimedRow::from))
}

impl From<(UserColumns, Option<SessionColumns>, Option<i64>)> for ClaimedRow {
    fn from((user, session, version): (UserColumns, Option<SessionColumns>, Option<i64>)) -> Self {
        Self { user: user.into(), session: session.map(Session::from), keys_version: version.unwrap_or(0) }
    }
}
