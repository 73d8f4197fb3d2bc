//! Table `bulk_users`: the users of a bulk action, and what became of each.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::bulk_users;
use crate::types::{BulkId, Email, Timestamp, UserId};

/// The outcome of a user that the action changed. Any other one is why the user was skipped.
pub(crate) const CHANGED: &str = "changed";

/// How many rows one statement inserts.
const ROWS: usize = 500;

/// A user of a bulk action.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BulkUser {
    /// The user.
    pub id: UserId,
    /// The address that the user must still have.
    pub email: Option<Email>,
    /// For an undo: `User::updated_at` that the user must still have.
    pub version: Option<Timestamp>,
    /// For an undo: the recovery address that the action removed.
    pub recovery_email: Option<Email>,
}

impl From<UserId> for BulkUser {
    fn from(id: UserId) -> Self {
        Self { id, email: None, version: None, recovery_email: None }
    }
}

/// What became of a user.
#[derive(Clone, Debug)]
pub(crate) struct BulkResult {
    /// The user.
    pub user: UserId,
    /// [`CHANGED`], or the word of the reason why the user was skipped.
    pub outcome: &'static str,
    /// The recovery address that the action removed.
    pub recovery_email: Option<Email>,
}

/// Adds users that exist.
pub(crate) fn add_users(tx: &mut Tx<'_>, id: BulkId, users: &[BulkUser]) -> Result<(), StoreError> {
    for rows in users.chunks(ROWS) {
        // Ids are numbers, so they need not be bound. A user who was deleted meanwhile has no row to refer to.
        let values: Vec<String> = rows
            .iter()
            .enumerate()
            .map(|(place, user)| format!("({}, CAST(${} AS TEXT))", user.id, place + 1))
            .collect();
        let insert = format!(
            "INSERT INTO bulk_users (bulk_id, user_id, email) SELECT {id}, listed.id, listed.email \
             FROM (SELECT NULL AS id, NULL AS email WHERE FALSE UNION ALL VALUES {}) AS listed \
             WHERE EXISTS (SELECT 1 FROM users WHERE users.id = listed.id)",
            values.join(", ")
        );
        let mut insert = diesel::sql_query(insert).into_boxed();
        for user in rows {
            insert =
                insert.bind::<Nullable<Text>, _>(user.email.as_ref().map(|email| email.as_str().to_owned()));
        }
        insert.execute(&mut **tx)?;
    }
    Ok(())
}

/// Adds the users that the action `from` changed, for its undo.
pub(crate) fn add_changed_users(tx: &mut Tx<'_>, id: BulkId, from: BulkId) -> Result<usize, StoreError> {
    let insert = diesel::sql_query(
        "INSERT INTO bulk_users (bulk_id, user_id, version, recovery_email) \
         SELECT CAST($1 AS BIGINT), user_id, version, recovery_email FROM bulk_users WHERE bulk_id = $2 AND outcome = $3",
    );
    let insert = insert.bind::<BigInt, _>(id.get()).bind::<BigInt, _>(from.get()).bind::<Text, _>(CHANGED);
    Ok(insert.execute(&mut **tx)?)
}

/// The columns of a [`BulkUser`].
type UserTuple = (i64, Option<String>, Option<i64>, Option<String>);

/// Up to `limit` users with an id above `after` to whom nothing was done yet.
pub(crate) fn next_users(
    conn: &mut Conn,
    id: BulkId,
    after: UserId,
    limit: usize,
) -> Result<Vec<BulkUser>, StoreError> {
    let next = bulk_users::table
        .filter(bulk_users::bulk_id.eq(id.get()))
        .filter(bulk_users::user_id.gt(after.get()))
        .filter(bulk_users::outcome.is_null())
        .order(bulk_users::user_id)
        .limit(i64::try_from(limit).unwrap_or(i64::MAX))
        .select((bulk_users::user_id, bulk_users::email, bulk_users::version, bulk_users::recovery_email));
    let user = |(id, email, version, recovery_email): UserTuple| BulkUser {
        id: UserId::new(id),
        email: email.map(Email::from_stored),
        version: version.map(Timestamp::from_micros),
        recovery_email: recovery_email.map(Email::from_stored),
    };
    Ok(next.load::<UserTuple>(conn)?.into_iter().map(user).collect())
}

/// Records what became of some users. `version` is `User::updated_at` of those that were changed.
pub(super) fn record(
    tx: &mut Tx<'_>,
    id: BulkId,
    results: &[BulkResult],
    version: Timestamp,
) -> Result<(), StoreError> {
    let mut outcomes: Vec<&str> = results.iter().map(|result| result.outcome).collect();
    outcomes.sort_unstable();
    outcomes.dedup();
    let of_bulk = || bulk_users::table.filter(bulk_users::bulk_id.eq(id.get()));
    for outcome in outcomes {
        let users = results.iter().filter(|result| result.outcome == outcome).map(|result| result.user.get());
        let rows = of_bulk().filter(bulk_users::user_id.eq_any(users.collect::<Vec<_>>()));
        let version = (outcome == CHANGED).then(|| version.micros());
        let columns = (bulk_users::outcome.eq(outcome), bulk_users::version.eq(version));
        diesel::update(rows).set(columns).execute(&mut **tx)?;
    }
    for result in results {
        let Some(recovery) = &result.recovery_email else { continue };
        let row = of_bulk().filter(bulk_users::user_id.eq(result.user.get()));
        diesel::update(row).set(bulk_users::recovery_email.eq(recovery.as_str())).execute(&mut **tx)?;
    }
    Ok(())
}

/// A user that an action skipped, and the word of the reason.
#[derive(Clone, Debug, QueryableByName)]
pub(crate) struct SkippedUser {
    /// The id.
    #[diesel(sql_type = BigInt)]
    pub id: i64,
    /// The name.
    #[diesel(sql_type = Text)]
    pub username: String,
    /// The word of the reason.
    #[diesel(sql_type = Text)]
    pub outcome: String,
}

/// The first `limit` users that an action skipped, by rising id. Users that were deleted since are not among them.
pub(crate) fn skipped_users(conn: &mut Conn, id: BulkId, limit: i64) -> Result<Vec<SkippedUser>, StoreError> {
    let query = diesel::sql_query(
        "SELECT users.id, users.username, bulk_users.outcome FROM bulk_users \
         JOIN users ON users.id = bulk_users.user_id \
         WHERE bulk_users.bulk_id = $1 AND bulk_users.outcome <> $2 ORDER BY users.id LIMIT $3",
    );
    let query = query.bind::<BigInt, _>(id.get()).bind::<Text, _>(CHANGED).bind::<BigInt, _>(limit);
    Ok(query.load(conn)?)
}

/// Deletes at most `limit` users of an action; answers how many.
pub(super) fn remove(tx: &mut Tx<'_>, id: BulkId, limit: usize) -> Result<usize, StoreError> {
    let of_bulk = || bulk_users::table.filter(bulk_users::bulk_id.eq(id.get()));
    let users = of_bulk().select(bulk_users::user_id).limit(i64::try_from(limit).unwrap_or(i64::MAX));
    let users: Vec<i64> = users.load(&mut **tx)?;
    Ok(diesel::delete(of_bulk().filter(bulk_users::user_id.eq_any(users))).execute(&mut **tx)?)
}
