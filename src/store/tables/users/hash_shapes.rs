//! The formats of stored password hashes that are not plain bcrypt. A failed login takes the time of the slowest, so
//! that the time tells nothing about the account.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::users;
use crate::types::{PasswordHash, UserId};

/// How many formats are read: Django has a new number of iterations in each version.
const MOST_SHAPES: usize = 64;

/// The expression of the index `users_hash_shape`, in the words of its migration, so that the query reads one entry of
/// the index. `$find` is the database's function for the position of a text in another.
macro_rules! shape {
    ($find:literal) => {
        concat!(
            "CASE substr(password_hash, 1, 7) ",
            "WHEN 'pbkdf2_' THEN substr(password_hash, 1, ",
            $find,
            "(password_hash, '$') + ",
            $find,
            "(substr(password_hash, ",
            $find,
            "(password_hash, '$') + 1), '$')) ",
            "WHEN 'argon2$' THEN substr(password_hash, 1, ",
            $find,
            "(password_hash, ',p=') + ",
            $find,
            "(substr(password_hash, ",
            $find,
            "(password_hash, ',p=')), '$') - 1) ",
            "WHEN 'scrypt$' THEN substr(password_hash, 1, 7 + ",
            $find,
            "(substr(password_hash, 8), '$')) || substr(password_hash, length(password_hash) - 92, 5) ",
            "WHEN 'doorwar' THEN 'doorward_wrap$' || substr(password_hash, length(password_hash) - 55, 2) ",
            "END",
        )
    };
}

/// The first format after one.
macro_rules! shape_query {
    ($find:literal, $collation:literal, $last:literal) => {
        concat!(
            "SELECT (",
            shape!($find),
            ") AS shape FROM users \
             WHERE substr(password_hash, 1, 7) IN ('pbkdf2_', 'argon2$', 'scrypt$', 'doorwar') AND (",
            shape!($find),
            ")",
            $collation,
            " > ",
            $last,
            " ORDER BY (",
            shape!($find),
            ")",
            $collation,
            " LIMIT 1"
        )
    };
}

#[derive(QueryableByName)]
struct ShapeRow {
    #[diesel(sql_type = Text)]
    shape: String,
}

/// The formats with their parameters, without salt and digest, such as `pbkdf2_sha256$600000$`: each once, in the
/// order of their texts. Reads one entry of an index for each.
pub fn hash_shapes(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let query = match conn {
        Conn::Sqlite(_) => shape_query!("instr", "", "?"),
        Conn::Pg(_) => shape_query!("strpos", " COLLATE \"C\"", "$1"),
    };
    let mut shapes: Vec<String> = Vec::new();
    while shapes.len() < MOST_SHAPES {
        let last = shapes.last().map_or("", String::as_str);
        let next = diesel::sql_query(query).bind::<Text, _>(last).get_result::<ShapeRow>(conn).optional()?;
        let Some(ShapeRow { shape }) = next else { break };
        shapes.push(shape);
    }
    Ok(shapes)
}

/// The hashes of so many users after this one, in the order of their ids.
pub fn hashes_after(
    conn: &mut Conn,
    after: UserId,
    limit: i64,
) -> Result<Vec<(UserId, PasswordHash)>, StoreError> {
    let rows: Vec<(i64, String)> = users::table
        .filter(users::id.gt(after.get()))
        .order(users::id)
        .limit(limit)
        .select((users::id, users::password_hash))
        .load(conn)?;
    Ok(rows.into_iter().map(|(id, hash)| (UserId::new(id), PasswordHash::from_stored(hash))).collect())
}
