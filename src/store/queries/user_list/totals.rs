//! How many users match a filter, and how many of them are in which state. Counting costs what it reads,
//! so a limited number of users is read, and none where an index alone can answer: beyond that the total
//! is a lower bound.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::queries::user_list::conditions::{FilterConditions, filter_conditions};
use crate::store::queries::user_list::filter::UserFilter;
use crate::store::queries::user_list::listed_user::{COLUMNS, ListedUser};
use crate::store::queries::user_list::trigrams::end_of_prefix;

/// More names than this are enough for a lower bound.
const ENOUGH: usize = 50;

/// Up to so many users everything is counted. The highest id is an upper bound of how many there are.
const FEW_USERS: i64 = 10_000;

/// Counts of the users that a filter matches.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    /// How many there are.
    pub all: usize,
    /// How many have confirmed their email.
    pub confirmed: usize,
    /// How many are active.
    pub active: usize,
    /// How many are administrators.
    pub admins: usize,
    /// How many never logged in.
    pub never: usize,
    /// Whether `all` is exact; if not, it is a lower bound and the other counts are unset or partial.
    pub is_exact: bool,
}

impl Totals {
    /// The counts of `users`, which are all matches.
    #[must_use]
    pub(crate) fn of_all(users: &[ListedUser]) -> Self {
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
    candidates: i64,
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

/// Counts the matches among the first `max` candidates of the indexed condition.
pub(crate) fn totals(conn: &mut Conn, filter: &UserFilter, max: usize) -> Result<Totals, StoreError> {
    let names = count_names(conn, filter, max)?;
    if names > ENOUGH {
        return Ok(Totals { all: names, ..Totals::default() });
    }
    count_candidates(conn, filter, Some(max))
}

/// Counts all matches. Takes time in proportion to the number of candidates.
pub(crate) fn exact_totals(conn: &mut Conn, filter: &UserFilter) -> Result<Totals, StoreError> {
    count_candidates(conn, filter, None)
}

/// How many users there are, at most `limit`.
pub(crate) fn count_up_to(conn: &mut Conn, limit: usize) -> Result<usize, StoreError> {
    let query = format!("SELECT count(*) AS number FROM (SELECT 1 FROM users LIMIT {limit}) AS limited");
    Ok(count(diesel::sql_query(query).get_result::<CountRow>(conn)?.number))
}

/// How many names begin with the word, up to one more than `max`, if it is the only condition: the
/// index of names answers without reading users. 0 among so few users that all can be counted.
fn count_names(conn: &mut Conn, filter: &UserFilter, max: usize) -> Result<usize, StoreError> {
    let Some(name) = filter.only_term().and_then(|term| term.forms.first()) else { return Ok(0) };
    let query = format!(
        "SELECT count(*) AS number FROM (SELECT 1 FROM users WHERE username_key >= $1 AND username_key < $2 \
         AND (SELECT max(id) FROM users) > {FEW_USERS} LIMIT {}) AS names",
        max + 1
    );
    let query = diesel::sql_query(query).bind::<Text, _>(name).bind::<Text, _>(end_of_prefix(name));
    Ok(count(query.get_result::<CountRow>(conn)?.number))
}

fn count_candidates(conn: &mut Conn, filter: &UserFilter, max: Option<usize>) -> Result<Totals, StoreError> {
    let limit = max.map(|max| max + 1);
    let FilterConditions { indexed, rest, texts } = filter_conditions(conn, filter, limit);
    let count_if = |condition: &str| format!("coalesce(sum(CASE WHEN {condition} THEN 1 ELSE 0 END), 0)");
    let query = format!(
        "WITH candidate AS (SELECT {COLUMNS} FROM users WHERE {indexed}{}) \
         SELECT count(*) AS candidates, {} AS matching, {} AS confirmed, {} AS active, {} AS admins, \
         {} AS never FROM candidate",
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
        is_exact: max.is_none_or(|max| count(sums.candidates) <= max),
    })
}

fn count(number: i64) -> usize {
    usize::try_from(number).unwrap_or(0)
}
