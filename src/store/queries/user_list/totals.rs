//! How many users are wanted, and how many of them are what. Counting costs what it reads, so no more
//! than so many users are read, and none where an index alone knows enough: beyond that there is a lower
//! bound.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::queries::user_list::candidates::{FullScan, end_of, whole};
use crate::store::queries::user_list::filter::UserFilter;
use crate::store::queries::user_list::{COLUMNS, ListedUser};

/// So many are enough for a lower bound.
const ENOUGH: usize = 50;

/// Among so few users everything can be counted. Ids rise, so nobody need count these.
const FEW_USERS: i64 = 10_000;

/// Sums over the users who are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// All of them.
    pub all: usize,
    /// Those whose email is confirmed.
    pub confirmed: usize,
    /// Those who may log in.
    pub active: usize,
    /// The administrators.
    pub admins: usize,
    /// Those who never logged in.
    pub never: usize,
    /// Whether there are no more than that.
    pub is_exact: bool,
}

impl Totals {
    /// Of these users, if they are all who are wanted.
    #[must_use]
    pub(crate) fn of(users: &[ListedUser]) -> Self {
        let count_if = |is: fn(&ListedUser) -> bool| users.iter().filter(|user| is(user)).count();
        Self {
            all: users.len(),
            confirmed: count_if(|user| user.is_email_confirmed),
            active: count_if(|user| user.is_active),
            admins: count_if(|user| user.is_admin),
            never: count_if(|user| user.last_login_at().is_none()),
            is_exact: true,
        }
    }
}

#[derive(QueryableByName)]
struct CountRow {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Sums {
    #[diesel(sql_type = BigInt)]
    looked_at: i64,
    #[diesel(sql_type = BigInt)]
    matching: i64,
    #[diesel(sql_type = BigInt)]
    confirmed: i64,
    #[diesel(sql_type = BigInt)]
    active: i64,
    #[diesel(sql_type = BigInt)]
    admins: i64,
    #[diesel(sql_type = BigInt)]
    never: i64,
}

/// Counts who is wanted, among the first `most` users who fit the narrow condition.
pub(crate) fn totals(conn: &mut Conn, wanted: &UserFilter, most: usize) -> Result<Totals, StoreError> {
    let names = names(conn, wanted, most)?;
    if names > ENOUGH {
        return Ok(Totals { all: names, ..Totals::default() });
    }
    sums(conn, wanted, Some(most))
}

/// Counts who is wanted, however many there are and however long it takes.
pub(crate) fn exact_totals(conn: &mut Conn, wanted: &UserFilter) -> Result<Totals, StoreError> {
    sums(conn, wanted, None)
}

/// How many names begin with the term, up to one more than `most`: the index of the names knows it
/// without a look at the users, as long as nothing else is asked of them. None if all can be counted.
fn names(conn: &mut Conn, wanted: &UserFilter, most: usize) -> Result<usize, StoreError> {
    let Some(term) = wanted.term.as_ref().filter(|_| wanted.is_only_term()) else { return Ok(0) };
    let query = format!(
        "SELECT count(*) AS number FROM (SELECT 1 FROM users WHERE username_key >= $1 AND username_key < $2 \
         AND (SELECT max(id) FROM users) > {FEW_USERS} LIMIT {}) AS names",
        most + 1
    );
    let query = diesel::sql_query(query).bind::<Text, _>(&term.name).bind::<Text, _>(end_of(&term.name));
    Ok(count(query.get_result::<CountRow>(conn)?.number))
}

fn sums(conn: &mut Conn, wanted: &UserFilter, most: Option<usize>) -> Result<Totals, StoreError> {
    let limit = most.map(|most| most + 1);
    let FullScan { narrow, rest, texts } = whole(conn, wanted, limit);
    let count_if = |condition: &str| format!("coalesce(sum(CASE WHEN {condition} THEN 1 ELSE 0 END), 0)");
    let query = format!(
        "WITH candidates AS (SELECT {COLUMNS} FROM users WHERE {narrow}{}) \
         SELECT count(*) AS looked_at, {} AS matching, {} AS confirmed, {} AS active, {} AS admins, \
         {} AS never FROM candidates",
        limit.map(|limit| format!(" LIMIT {limit}")).unwrap_or_default(),
        count_if(&rest),
        count_if(&format!("{rest} AND is_email_confirmed")),
        count_if(&format!("{rest} AND is_active")),
        count_if(&format!("{rest} AND is_admin")),
        count_if(&format!("{rest} AND last_login_at IS NULL")),
    );
    let mut query = diesel::sql_query(query).into_boxed();
    for text in texts {
        query = query.bind::<Text, _>(text);
    }
    let sums: Sums = query.get_result(conn)?;
    Ok(Totals {
        all: count(sums.matching),
        confirmed: count(sums.confirmed),
        active: count(sums.active),
        admins: count(sums.admins),
        never: count(sums.never),
        is_exact: most.is_none_or(|most| count(sums.looked_at) <= most),
    })
}

fn count(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}
