//! Counts of logins in the audit log.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::audit;
use crate::types::Timestamp;

#[derive(QueryableByName)]
struct LoginCountRow {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many logins succeeded and failed from `from` until before `until`, those to the admin included. Counts
/// along an index; a million rows take some tens of milliseconds.
pub(crate) fn logins(conn: &mut Conn, from: Timestamp, until: Timestamp) -> Result<(u64, u64), StoreError> {
    let mut count = |actions: &str| -> Result<u64, StoreError> {
        // The index `audit_action` serves it.
        let query = format!(
            "SELECT count(*) AS count FROM audit WHERE action IN ({actions}) AND at >= $1 AND at < $2"
        );
        let query =
            diesel::sql_query(query).bind::<BigInt, _>(from.micros()).bind::<BigInt, _>(until.micros());
        Ok(u64::try_from(query.get_result::<LoginCountRow>(conn)?.count).unwrap_or(0))
    };
    Ok((count("'logged-in', 'signed-in'")?, count("'login-failed', 'admin-refused'")?))
}

/// The moment of the oldest row, if there is any.
pub(crate) fn oldest(conn: &mut Conn) -> Result<Option<Timestamp>, StoreError> {
    let first = audit::table.order(audit::id).select(audit::at).first::<i64>(conn).optional()?;
    Ok(first.map(Timestamp::from_micros))
}
