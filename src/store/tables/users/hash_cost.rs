//! The highest cost of all stored password hashes. A check of a password takes the time of that cost, so that
//! the time tells nothing about the account.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;

/// The expression of the index `users_hash_cost`: two digits, or nothing for a hash that is not bcrypt. With
/// the same words the query reads one entry of the index.
macro_rules! cost_query {
    ($collation:literal) => {
        cost_query!(
            $collation,
            "(CASE \
             WHEN length(password_hash) = 74 AND substr(password_hash, 1, 16) = 'bcrypt_sha256$$2' THEN substr(password_hash, 19, 2) \
             WHEN length(password_hash) = 67 AND substr(password_hash, 1, 9) = 'bcrypt$$2' THEN substr(password_hash, 12, 2) \
             WHEN length(password_hash) = 60 AND substr(password_hash, 1, 2) = '$2' THEN substr(password_hash, 5, 2) \
             ELSE '' END)"
        )
    };
    ($collation:literal, $cost:literal) => {
        concat!(
            "SELECT ", $cost, " AS cost FROM users WHERE ", $cost, $collation, " <= '16' ORDER BY ", $cost,
            $collation, " DESC LIMIT 1"
        )
    };
}

#[derive(QueryableByName)]
struct CostRow {
    #[diesel(sql_type = Text)]
    cost: String,
}

/// The highest bcrypt cost of all stored hashes, of those up to 16; `None` if there are none. A hash of a higher cost is
/// computed only if `password.cost` is as high. Reads one entry of an index.
pub(crate) fn highest_hash_cost(conn: &mut Conn) -> Result<Option<u32>, StoreError> {
    let query = match conn {
        Conn::Sqlite(_) => cost_query!(""),
        Conn::Pg(_) => cost_query!(" COLLATE \"C\""),
    };
    let row = diesel::sql_query(query).get_result::<CostRow>(conn).optional()?;
    Ok(row.and_then(|row| row.cost.parse().ok()))
}
