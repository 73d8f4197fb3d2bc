//! How many users are wanted, and how many of them are what. Counting costs what it reads, so no more
//! than so many users are read: beyond that there is a lower bound.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use super::super::connection::Conn;
use super::super::error::StoreError;
use super::COLUMNS;
use super::narrow::{Whole, whole};
use super::wanted::Wanted;

/// Sums over the users who are wanted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// All of them.
    pub all: usize,
    /// Those whose email is confirmed.
    pub confirmed: usize,
    /// Those who may log in.
    pub active: usize,
    /// Whether there are no more than that.
    pub is_exact: bool,
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
}

/// Counts who is wanted, among the first `most` users who fit the narrow condition.
///
/// # Errors
/// If the database fails.
pub fn totals(conn: &mut Conn, wanted: &Wanted, most: usize) -> Result<Totals, StoreError> {
    let Whole { narrow, rest, texts } = whole(conn, wanted, Some(most + 1));
    let count_if = |condition: &str| format!("coalesce(sum(CASE WHEN {condition} THEN 1 ELSE 0 END), 0)");
    let query = format!(
        "WITH candidates AS (SELECT {COLUMNS} FROM users WHERE {narrow} LIMIT {}) \
         SELECT count(*) AS looked_at, {} AS matching, {} AS confirmed, {} AS active FROM candidates",
        most + 1,
        count_if(&rest),
        count_if(&format!("{rest} AND is_email_confirmed")),
        count_if(&format!("{rest} AND is_active")),
    );
    let mut query = diesel::sql_query(query).into_boxed();
    for text in texts {
        query = query.bind::<Text, _>(text);
    }
    let sums: Sums = query.get_result(conn)?;
    let count = |sum: i64| usize::try_from(sum).unwrap_or(0);
    Ok(Totals {
        all: count(sums.matching),
        confirmed: count(sums.confirmed),
        active: count(sums.active),
        is_exact: count(sums.looked_at) <= most,
    })
}
