//! Table `saved_views`: lists of users that an administrator saved under a name.

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::saved_views;
use crate::store::engine::schema::saved_views::dsl;
use crate::types::UserId;

/// Name and query of the views of a user, by name.
pub(crate) fn of(conn: &mut Conn, user: UserId) -> Result<Vec<(String, String)>, StoreError> {
    let views = dsl::saved_views.filter(dsl::user_id.eq(user.get())).order(dsl::name);
    Ok(views.select((dsl::name, dsl::query)).load(conn)?)
}

/// Saves a view, in place of one of the same name. The caller has locked the user.
pub(crate) fn set(tx: &mut Tx<'_>, user: UserId, name: &str, query: &str) -> Result<(), StoreError> {
    remove(tx, user, name)?;
    let row = (saved_views::user_id.eq(user.get()), saved_views::name.eq(name), saved_views::query.eq(query));
    diesel::insert_into(saved_views::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Deletes a view.
pub(crate) fn remove(tx: &mut Tx<'_>, user: UserId, name: &str) -> Result<(), StoreError> {
    diesel::delete(dsl::saved_views.find((user.get(), name))).execute(&mut **tx)?;
    Ok(())
}
