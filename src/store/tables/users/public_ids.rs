//! The ids that clients know: which user has one, and which one a new user gets.

use std::collections::{BTreeSet, HashMap};

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx, prepared};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::users::dsl;
use crate::types::{NewIds, PublicId, Timestamp, UserId, uuid4, uuid7};

/// How many values one statement has at most, fewer than SQLite's limit.
const CHUNK: usize = 500;

/// The user whose id clients know as `id`. A text of digits that is no user's own id means the integer, as Simple JWT
/// 5.5 writes integers into tokens.
pub fn id_of(conn: &mut Conn, id: &PublicId) -> Result<Option<UserId>, StoreError> {
    let number = match id {
        PublicId::Integer(id) => Some(id.get()),
        PublicId::Text(text) => {
            let row = prepared!(conn, |own| dsl::users
                .filter(dsl::public_id.eq(text))
                .select(dsl::id)
                .get_result::<i64>(own));
            if let Some(id) = row.optional()? {
                return Ok(Some(UserId::new(id)));
            }
            text.trim().parse().ok()
        }
    };
    let Some(number) = number else { return Ok(None) };
    let row = prepared!(conn, |own| dsl::users
        .filter(dsl::id.eq(number).and(dsl::public_id.is_null()))
        .select(dsl::id)
        .get_result::<i64>(own));
    Ok(row.optional()?.map(UserId::new))
}

/// The user whose id somebody typed or pasted: in any letter case, as UUIDs are written.
pub(crate) fn id_of_typed(conn: &mut Conn, typed: &str) -> Result<Option<UserId>, StoreError> {
    for text in [typed.trim().to_owned(), typed.trim().to_lowercase()] {
        if let Some(id) = PublicId::text(text).map(|id| id_of(conn, &id)).transpose()?.flatten() {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// The text that a new user gets as id; `None` if it is the number of the row.
pub(super) fn new_public_id(
    conn: &mut Conn,
    ids: NewIds,
    now: Timestamp,
) -> Result<Option<String>, StoreError> {
    Ok(match ids {
        NewIds::Integer => None,
        NewIds::Uuid4 => Some(uuid4()),
        NewIds::Uuid7 => Some(uuid7(now)),
        NewIds::Auto => {
            let texts = dsl::users.filter(dsl::public_id.is_not_null()).order(dsl::public_id);
            let one = texts.select(dsl::public_id.assume_not_null()).first::<String>(conn);
            one.optional()?.map(|one| NewIds::like(&one, now))
        }
    })
}

/// The id of a user as clients know it.
pub(crate) fn public_id(conn: &mut Conn, id: UserId) -> Result<PublicId, StoreError> {
    let text = dsl::users.find(id.get()).select(dsl::public_id).get_result::<Option<String>>(conn);
    Ok(text.optional()?.flatten().map_or(PublicId::Integer(id), PublicId::Text))
}

/// The ids of some users as clients know them, for rows that have numbers.
#[derive(Clone, Debug, Default)]
pub(crate) struct PublicIds(HashMap<i64, String>);

impl PublicIds {
    /// Loads those of the users with these numbers.
    pub(crate) fn load(conn: &mut Conn, numbers: impl Iterator<Item = i64>) -> Result<Self, StoreError> {
        let numbers: BTreeSet<i64> = numbers.collect();
        let numbers: Vec<i64> = numbers.into_iter().collect();
        let mut texts = HashMap::new();
        for chunk in numbers.chunks(CHUNK) {
            let own = dsl::users.filter(dsl::id.eq_any(chunk)).filter(dsl::public_id.is_not_null());
            texts
                .extend(own.select((dsl::id, dsl::public_id.assume_not_null())).load::<(i64, String)>(conn)?);
        }
        Ok(Self(texts))
    }

    /// The id of the user with a number; of a user who was deleted since, the number.
    pub(crate) fn of(&self, number: i64) -> PublicId {
        let text = self.0.get(&number).cloned();
        text.map_or(PublicId::Integer(UserId::new(number)), PublicId::Text)
    }
}

/// Uses up an id, as [`super::insert`] would: no user has it or will have it.
pub(crate) fn skip_id(tx: &mut Tx<'_>, ids: NewIds, now: Timestamp) -> Result<PublicId, StoreError> {
    let number = dialect::next_user_id(tx)?;
    Ok(new_public_id(tx, ids, now)?.map_or(PublicId::Integer(number), PublicId::Text))
}
