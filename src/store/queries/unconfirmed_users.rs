//! The accounts that registered and were never used.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::types::{Timestamp, UserId};

#[derive(QueryableByName)]
struct UnconfirmedRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Up to `limit` users with an id above `after`, by rising id, that registered before `before`, have not
/// confirmed their email, never logged in, have no session, and are active and no administrators. Reads all
/// users. Whether an account registered is known from the audit log.
pub(crate) fn registered_before(
    conn: &mut Conn,
    before: Timestamp,
    after: UserId,
    limit: usize,
) -> Result<Vec<UserId>, StoreError> {
    let query = diesel::sql_query(
        "SELECT id FROM users WHERE id > $1 AND created_at < $2 \
         AND NOT is_email_confirmed AND is_active AND NOT is_admin AND last_login_at IS NULL \
         AND NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.user_id = users.id) \
         AND EXISTS (SELECT 1 FROM audit WHERE audit.subject_id = users.id AND audit.action = 'registered') \
         ORDER BY id LIMIT $3",
    );
    let rows = query
        .bind::<BigInt, _>(after.get())
        .bind::<BigInt, _>(before.micros())
        .bind::<BigInt, _>(i64::try_from(limit).unwrap_or(i64::MAX))
        .load::<UnconfirmedRow>(conn)?;
    Ok(rows.into_iter().map(|row| UserId::new(row.id)).collect())
}
