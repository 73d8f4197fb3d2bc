//! Imported users brought up to date many at a time: a sync over a network would else wait for several statements of
//! each user.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use crate::store::engine::connection::Tx;
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::users::dsl;
use crate::store::tables::users::imported::refuse_unusable;
use crate::store::tables::users::imported_user::ImportedUser;
use crate::store::tables::users::{UserColumns, groups};
use crate::types::{Timestamp, User, UserId};

/// How many users one statement has: of eight values each, fewer than SQLite's limit.
const CHUNK: usize = 500;

/// The columns that a statement changes, by their places among the values of a user.
const COLUMNS: &str = "password_hash = v.column2, is_email_confirmed = v.column3, is_active = v.column4, \
                       is_admin = v.column5, created_at = v.column6, last_login_at = v.column7, \
                       attributes = v.column8";

/// Locks users until the transaction ends, and reads their rows. Deleted ones are not in the answer.
pub(crate) fn lock_all(tx: &mut Tx<'_>, ids: &[UserId]) -> Result<HashMap<UserId, User>, StoreError> {
    dialect::lock_users(tx, ids)?;
    let mut users = HashMap::with_capacity(ids.len());
    for chunk in ids.chunks(CHUNK) {
        let rows = dsl::users.filter(dsl::id.eq_any(chunk.iter().map(|id| id.get())));
        let rows: Vec<UserColumns> = rows.select(UserColumns::as_select()).load(&mut **tx)?;
        users.extend(rows.into_iter().map(User::from).map(|user| (user.id, user)));
    }
    Ok(users)
}

/// Whether an update leaves the name and the address as they are, so that it can clash with no other user.
pub(crate) fn keeps_names(user: &User, imported: &ImportedUser) -> bool {
    user.username == imported.username && user.email == imported.email && refuse_unusable(imported).is_ok()
}

/// Makes existing users as they are in `changes`, for which [`keeps_names`] holds. The caller has locked them. Ends no
/// session.
pub(crate) fn update_all_imported(
    tx: &mut Tx<'_>,
    changes: &[(UserId, &ImportedUser)],
    now: Timestamp,
) -> Result<(), StoreError> {
    for chunk in changes.chunks(CHUNK) {
        update_chunk(tx, chunk, now)?;
        set_groups(tx, chunk)?;
    }
    Ok(())
}

fn update_chunk(
    tx: &mut Tx<'_>,
    chunk: &[(UserId, &ImportedUser)],
    now: Timestamp,
) -> Result<(), StoreError> {
    let values = (0..chunk.len()).map(|place| {
        let numbers: Vec<String> =
            (place * 8 + 1..=place * 8 + 8).map(|number| format!("${number}")).collect();
        format!("({})", numbers.join(", "))
    });
    let values = values.collect::<Vec<_>>().join(", ");
    let now = now.micros();
    let mut update = diesel::sql_query(format!(
        "UPDATE users SET {COLUMNS}, updated_at = {now} FROM (VALUES {values}) AS v WHERE users.id = v.column1"
    ))
    .into_boxed();
    for (id, user) in chunk {
        update = update
            .bind::<BigInt, _>(id.get())
            .bind::<Text, _>(user.password_hash.as_stored())
            .bind::<Bool, _>(user.is_email_confirmed)
            .bind::<Bool, _>(user.is_active)
            .bind::<Bool, _>(user.is_admin)
            .bind::<BigInt, _>(user.created_at.micros())
            .bind::<Nullable<BigInt>, _>(user.last_login_at.map(Timestamp::micros))
            .bind::<Nullable<Text>, _>(user.attributes.to_stored());
    }
    update.execute(&mut **tx)?;
    Ok(())
}

/// Writes the groups of those whose groups differ.
fn set_groups(tx: &mut Tx<'_>, chunk: &[(UserId, &ImportedUser)]) -> Result<(), StoreError> {
    let ids: Vec<UserId> = chunk.iter().map(|(id, _)| *id).collect();
    let now = groups::of_users(tx, &ids)?;
    let none = Vec::new();
    let differs = |(id, user): &&(UserId, &ImportedUser)| {
        let now: BTreeSet<&String> = now.get(id).unwrap_or(&none).iter().collect();
        now != user.groups.iter().collect()
    };
    let members: Vec<(UserId, &[String])> =
        chunk.iter().filter(differs).map(|(id, user)| (*id, user.groups.as_slice())).collect();
    groups::set_all(tx, &members)
}
