//! Table `served_origin`: the origin of the server that started last. One row.

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::served_origin;
use crate::types::Timestamp;

/// Replaces the origin. Replicas that start together do so one after the other.
pub(crate) fn set(tx: &mut Tx<'_>, origin: &str, now: Timestamp) -> Result<(), StoreError> {
    dialect::lock(tx, &["served origin".to_owned()])?;
    diesel::delete(served_origin::table.filter(served_origin::origin.ne(origin))).execute(&mut **tx)?;
    let row = (served_origin::origin.eq(origin), served_origin::started_at.eq(now.micros()));
    let known = diesel::update(served_origin::table).set(row).execute(&mut **tx)?;
    if known == 0 {
        diesel::insert_into(served_origin::table).values(row).execute(&mut **tx)?;
    }
    Ok(())
}

/// The origin; `None` before the first start.
pub(crate) fn get(conn: &mut Conn) -> Result<Option<String>, StoreError> {
    let last = served_origin::table.order(served_origin::started_at.desc()).select(served_origin::origin);
    Ok(last.first(conn).optional()?)
}
