//! The column `search_key`: the name and the address of a user without accents, for search.

use diesel::prelude::*;

use crate::store::engine::connection::Tx;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::users::dsl;
use crate::types::{UserId, search_key};

/// Computes the column `search_key` anew, after a change of a key.
pub(crate) fn update_search_key(tx: &mut Tx<'_>, id: UserId) -> Result<(), StoreError> {
    let user = dsl::users.find(id.get());
    let columns = (dsl::username_key, dsl::email_key, dsl::search_key);
    let row = user.select(columns).get_result::<(String, String, Option<String>)>(&mut **tx).optional()?;
    let Some((username_key, email_key, stored)) = row else { return Ok(()) };
    let key = search_key(&username_key, &email_key);
    if key != stored {
        diesel::update(user).set(dsl::search_key.eq(key)).execute(&mut **tx)?;
    }
    Ok(())
}
