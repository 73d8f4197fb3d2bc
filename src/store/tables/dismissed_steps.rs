//! Table `dismissed_steps`: the steps of the set-up list on the overview that an administrator has dismissed.

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::dismissed_steps;

/// The dismissed steps.
pub(crate) fn all(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    Ok(dismissed_steps::table.select(dismissed_steps::step).load(conn)?)
}

/// Dismisses a step; answers whether it was not dismissed before.
pub(crate) fn dismiss(tx: &mut Tx<'_>, step: &str) -> Result<bool, StoreError> {
    dialect::lock(tx, &["dismissed steps".to_owned()])?;
    if all(tx)?.iter().any(|dismissed| dismissed == step) {
        return Ok(false);
    }
    diesel::insert_into(dismissed_steps::table).values(dismissed_steps::step.eq(step)).execute(&mut **tx)?;
    Ok(true)
}
