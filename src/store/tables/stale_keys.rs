//! Table `stale_keys`: the names and addresses whose keys were folded by an earlier version. [`fold`] folds them
//! anew, once, at the start after an upgrade.
//!
//! Of two users whose names or addresses have become the same, one keeps the earlier key. Both log in as before
//! with exactly what they registered: a look-up asks for the earlier key first
//! (`UsernameKey::of_stored`, `EmailKey::of_stored`).

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::{mails, one_time_keys, stale_keys, users};
use crate::store::tables::users::update_search_key;
use crate::types::{EmailKey, UserId, UsernameKey};

/// Users that are read at once.
const BATCH: i64 = 500;

/// Whether there is anything to fold.
pub(crate) fn any(conn: &mut Conn) -> Result<bool, StoreError> {
    Ok(stale_keys::table.select(stale_keys::item).first::<String>(conn).optional()?.is_some())
}

/// Folds all stale keys anew. Answers the users that keep an earlier key because another user has theirs.
pub(crate) fn fold(tx: &mut Tx<'_>) -> Result<Vec<UserId>, StoreError> {
    // Of several processes that start at once, one folds.
    dialect::lock(tx, &["stale keys".to_owned()])?;
    fold_addresses(tx)?;
    let mut kept = Vec::new();
    loop {
        let before = kept.len();
        kept = fold_users(tx)?;
        // A key may have become free by the last pass.
        if kept.is_empty() || kept.len() == before {
            return Ok(kept);
        }
    }
}

fn fold_addresses(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    for source in ["mails", "one_time_keys"] {
        let stale = stale_keys::table.filter(stale_keys::source.eq(source));
        let addresses: Vec<String> = stale.select(stale_keys::item).load(&mut **tx)?;
        for address in addresses {
            let key = EmailKey::of(&address);
            if source == "mails" {
                let rows = mails::table.filter(mails::recipient.eq(&address));
                diesel::update(rows).set(mails::recipient_key.eq(key.as_str())).execute(&mut **tx)?;
            } else {
                let rows = one_time_keys::table.filter(one_time_keys::email.eq(&address));
                diesel::update(rows).set(one_time_keys::email_key.eq(key.as_str())).execute(&mut **tx)?;
            }
        }
        diesel::delete(stale_keys::table.filter(stale_keys::source.eq(source))).execute(&mut **tx)?;
    }
    Ok(())
}

/// One pass over the stale users. Answers those that stay stale.
fn fold_users(tx: &mut Tx<'_>) -> Result<Vec<UserId>, StoreError> {
    let (mut kept, mut after) = (Vec::new(), String::new());
    loop {
        let batch: Vec<String> = stale_keys::table
            .filter(stale_keys::source.eq("users"))
            .filter(stale_keys::item.gt(&after))
            .order(stale_keys::item)
            .select(stale_keys::item)
            .limit(BATCH)
            .load(&mut **tx)?;
        let Some(last) = batch.last() else { return Ok(kept) };
        after.clone_from(last);
        for item in batch {
            let id = UserId::new(item.parse().unwrap_or_default());
            if fold_user(tx, id)? {
                let row = stale_keys::table.find(("users", &item));
                diesel::delete(row).execute(&mut **tx)?;
            } else {
                kept.push(id);
            }
        }
    }
}

/// Folds the name and the address of a user anew, each unless another user has the key. Answers whether both
/// have their keys.
fn fold_user(tx: &mut Tx<'_>, id: UserId) -> Result<bool, StoreError> {
    let user = users::table.find(id.get());
    let columns = (users::username, users::username_key, users::email, users::email_key);
    let row = user.select(columns).get_result::<(String, String, String, String)>(&mut **tx).optional()?;
    // A user that was deleted in the meantime.
    let Some((username, username_key, email, email_key)) = row else { return Ok(true) };
    let (name, address) = (UsernameKey::renewed(&username, &username_key), EmailKey::of(&email));
    let mut is_done = true;
    if name.as_str() != username_key {
        let other = users::table.filter(users::username_key.eq(name.as_str())).select(users::id);
        if other.get_result::<i64>(&mut **tx).optional()?.is_none() {
            diesel::update(user).set(users::username_key.eq(name.as_str())).execute(&mut **tx)?;
        } else {
            is_done = false;
        }
    }
    if address.as_str() != email_key {
        let other = users::table.filter(users::email_key.eq(address.as_str())).select(users::id);
        if other.get_result::<i64>(&mut **tx).optional()?.is_none() {
            diesel::update(user).set(users::email_key.eq(address.as_str())).execute(&mut **tx)?;
        } else {
            is_done = false;
        }
    }
    update_search_key(tx, id)?;
    Ok(is_done)
}
