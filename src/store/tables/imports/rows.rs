//! Table `import_rows`: the users that were imported, by their keys in the source.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Binary, Text};

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::import_rows;
use crate::types::{Timestamp, UserId};

/// How many rows one statement inserts: of four values each, far below the 32,766 parameters of SQLite and the
/// 65,535 of PostgreSQL.
const ROWS: usize = 500;

/// A user that was imported.
#[derive(Clone, Debug)]
pub(crate) struct ImportedRow {
    /// The number of the row here.
    pub id: i64,
    /// The key in the source.
    pub key: String,
    /// The user; the account may be deleted.
    pub user: UserId,
    /// The digest of the source's row.
    pub digest: Vec<u8>,
    /// `User::updated_at` as the import left it.
    pub written_at: Timestamp,
}

/// A row to insert.
#[derive(Clone, Debug)]
pub(crate) struct NewImportedRow {
    /// The key in the source.
    pub key: String,
    /// The user.
    pub user: UserId,
    /// The digest of the source's row.
    pub digest: [u8; 32],
}

type RowTuple = (i64, String, i64, Vec<u8>, i64);

fn row((id, key, user, digest, written_at): RowTuple) -> ImportedRow {
    ImportedRow { id, key, user: UserId::new(user), digest, written_at: Timestamp::from_micros(written_at) }
}

const COLUMNS: (
    import_rows::id,
    import_rows::origin_key,
    import_rows::user_id,
    import_rows::digest,
    import_rows::written_at,
) = (
    import_rows::id,
    import_rows::origin_key,
    import_rows::user_id,
    import_rows::digest,
    import_rows::written_at,
);

/// The users with these keys in the source.
pub(crate) fn by_origin_keys(conn: &mut Conn, keys: &[&str]) -> Result<Vec<ImportedRow>, StoreError> {
    let rows = import_rows::table.filter(import_rows::origin_key.eq_any(keys.to_vec())).select(COLUMNS);
    Ok(rows.load::<RowTuple>(conn)?.into_iter().map(row).collect())
}

/// The row of a user who was imported.
pub(crate) fn by_user(conn: &mut Conn, user: UserId) -> Result<Option<ImportedRow>, StoreError> {
    let rows = import_rows::table.filter(import_rows::user_id.eq(user.get())).order(import_rows::id.desc());
    Ok(rows.select(COLUMNS).first::<RowTuple>(conn).optional()?.map(row))
}

/// Up to `limit` users after the row `after`, by rising row.
pub(crate) fn page_of_rows(conn: &mut Conn, after: i64, limit: i64) -> Result<Vec<ImportedRow>, StoreError> {
    let rows = import_rows::table.filter(import_rows::id.gt(after)).order(import_rows::id).limit(limit);
    Ok(rows.select(COLUMNS).load::<RowTuple>(conn)?.into_iter().map(row).collect())
}

/// Inserts rows.
pub(crate) fn insert_rows(
    tx: &mut Tx<'_>,
    rows: &[NewImportedRow],
    written_at: Timestamp,
) -> Result<(), StoreError> {
    for rows in rows.chunks(ROWS) {
        let values: Vec<String> = (0..rows.len())
            .map(|place| {
                let first = place * 4;
                format!("(${}, ${}, ${}, ${})", first + 1, first + 2, first + 3, first + 4)
            })
            .collect();
        let mut insert = diesel::sql_query(format!(
            "INSERT INTO import_rows (origin_key, user_id, digest, written_at) VALUES {}",
            values.join(", ")
        ))
        .into_boxed();
        for row in rows {
            insert = insert
                .bind::<Text, _>(row.key.clone())
                .bind::<BigInt, _>(row.user.get())
                .bind::<Binary, _>(row.digest.to_vec())
                .bind::<BigInt, _>(written_at.micros());
        }
        insert.execute(&mut **tx)?;
    }
    Ok(())
}

/// Notes that users were brought up to date: the numbers of their rows, and the digests.
pub(crate) fn rewrite_rows(
    tx: &mut Tx<'_>,
    rows: &[(i64, [u8; 32])],
    written_at: Timestamp,
) -> Result<(), StoreError> {
    for rows in rows.chunks(ROWS) {
        let values: Vec<String> =
            (0..rows.len()).map(|place| format!("(${}, ${})", place * 2 + 1, place * 2 + 2)).collect();
        let (values, at) = (values.join(", "), written_at.micros());
        let mut update = diesel::sql_query(format!(
            "UPDATE import_rows SET digest = v.column2, written_at = {at} FROM (VALUES {values}) AS v \
             WHERE import_rows.id = v.column1"
        ))
        .into_boxed();
        for (id, digest) in rows {
            update = update.bind::<BigInt, _>(*id).bind::<Binary, _>(digest.to_vec());
        }
        update.execute(&mut **tx)?;
    }
    Ok(())
}

/// [`rewrite_rows`] for one user, whose digest stays.
pub(crate) fn touch_row(tx: &mut Tx<'_>, id: i64, written_at: Timestamp) -> Result<(), StoreError> {
    let column = import_rows::written_at.eq(written_at.micros());
    diesel::update(import_rows::table.find(id)).set(column).execute(&mut **tx)?;
    Ok(())
}
