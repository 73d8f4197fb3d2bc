//! How often a session refreshes: columns of `sessions` that only a refresh needs.

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::sessions;
use crate::types::{SessionId, Timestamp};

/// The refreshes of a session.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct SessionRefreshes {
    /// When the bucket of the rate limit will be empty.
    pub empty_at: Option<Timestamp>,
    /// When the audit log last recorded a refresh.
    pub recorded_at: Option<Timestamp>,
    /// How many refreshes it has not recorded since.
    pub unrecorded: i64,
}

/// The refreshes of a session so far. The caller has locked the user.
pub(crate) fn load(conn: &mut Conn, id: SessionId) -> Result<SessionRefreshes, StoreError> {
    let (empty_at, recorded_at, unrecorded) = sessions::table
        .find(id.get())
        .select((sessions::refreshes_empty_at, sessions::refresh_recorded_at, sessions::unrecorded_refreshes))
        .get_result::<(Option<i64>, Option<i64>, i64)>(conn)?;
    Ok(SessionRefreshes {
        empty_at: empty_at.map(Timestamp::from_micros),
        recorded_at: recorded_at.map(Timestamp::from_micros),
        unrecorded,
    })
}

/// Stores the refreshes of a session.
pub(crate) fn store(tx: &mut Tx<'_>, id: SessionId, refreshes: &SessionRefreshes) -> Result<(), StoreError> {
    diesel::update(sessions::table.find(id.get()))
        .set((
            sessions::refreshes_empty_at.eq(refreshes.empty_at.map(Timestamp::micros)),
            sessions::refresh_recorded_at.eq(refreshes.recorded_at.map(Timestamp::micros)),
            sessions::unrecorded_refreshes.eq(refreshes.unrecorded),
        ))
        .execute(&mut **tx)?;
    Ok(())
}
