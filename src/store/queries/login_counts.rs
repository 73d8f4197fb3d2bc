//! How many logins the audit tells of, and since when. Read by those who count them hour by hour.

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

/// How many logins worked and failed from `from` until before `until`, those at the admin's door
/// among them. Counts along an index; a million take some tens of milliseconds.
pub(crate) fn logins(conn: &mut Conn, from: Timestamp, until: Timestamp) -> Result<(u64, u64), StoreError> {
    let mut count = |actions: &str| -> Result<u64, StoreError> {
        // Along `audit_action`, for each action of the list.
        let query = format!(
            "SELECT count(*) AS count FROM audit WHERE action IN ({actions}) AND at >= $1 AND at < $2"
        );
        let query =
            diesel::sql_query(query).bind::<BigInt, _>(from.micros()).bind::<BigInt, _>(until.micros());
        Ok(u64::try_from(query.get_result::<LoginCountRow>(conn)?.count).unwrap_or(0))
    };
    Ok((count("'logged-in', 'signed-in'")?, count("'login-failed', 'admin-refused'")?))
}

/// When the oldest row was written, if there is any.
pub(crate) fn begins(conn: &mut Conn) -> Result<Option<Timestamp>, StoreError> {
    let first = audit::table.order(audit::id).select(audit::at).first::<i64>(conn).optional()?;
    Ok(first.map(Timestamp::from_micros))
}
