//! A value of any column, the same for both dialects, and the checksum of rows. Values may be secrets:
//! none has `Debug` or is in a message.

use diesel::backend::Backend;
use diesel::deserialize::{self, FromSql, QueryableByName};
use diesel::pg::Pg;
use diesel::row::{Field as _, NamedRow, Row};
use diesel::sql_types::{BigInt, Binary, Bool};
use diesel::sqlite::{Sqlite, SqliteType};

use crate::store::engine::canonical::Canonical;
use crate::store::engine::copy::catalogue::ColumnKind;

/// A value. A boolean is the number 0 or 1.
#[derive(Clone, PartialEq, Eq)]
pub(crate) enum ColumnValue {
    Null,
    Integer(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// A value as the database returns it, before it is checked against its column. Texts are bytes: in a damaged
/// SQLite file they need not be UTF-8.
pub(crate) enum Cell {
    Null,
    Integer(i64),
    Bytes(Vec<u8>),
    /// Of a type that no column has, such as a float.
    Other,
}

/// The cells of a row, in the order of the query.
pub(crate) struct Cells(pub Vec<Cell>);

/// `bool` in PostgreSQL's table `pg_type`.
const PG_BOOL: u32 = 16;
/// `int8`.
const PG_BIGINT: u32 = 20;

impl QueryableByName<Sqlite> for Cells {
    fn build<'a>(row: &impl NamedRow<'a, Sqlite>) -> deserialize::Result<Self> {
        cells(row, |value| match value.value_type() {
            Some(SqliteType::Long | SqliteType::Integer | SqliteType::SmallInt) => {
                FromSql::<BigInt, Sqlite>::from_sql(value).map(Cell::Integer)
            }
            Some(SqliteType::Binary) => FromSql::<Binary, Sqlite>::from_sql(value).map(Cell::Bytes),
            None => Ok(Cell::Null),
            Some(_) => Ok(Cell::Other),
        })
    }
}

impl QueryableByName<Pg> for Cells {
    fn build<'a>(row: &impl NamedRow<'a, Pg>) -> deserialize::Result<Self> {
        cells(row, |value| match value.get_oid().get() {
            PG_BOOL => FromSql::<Bool, Pg>::from_sql(value).map(|is: bool| Cell::Integer(is.into())),
            PG_BIGINT => FromSql::<BigInt, Pg>::from_sql(value).map(Cell::Integer),
            // In PostgreSQL's binary format a text and a bytea are no more than their bytes.
            _ => Ok(Cell::Bytes(value.as_bytes().to_vec())),
        })
    }
}

fn cells<'a, DB: Backend>(
    row: &impl Row<'a, DB>,
    read: impl Fn(DB::RawValue<'_>) -> deserialize::Result<Cell>,
) -> deserialize::Result<Cells> {
    let all = (0..row.field_count()).map(|index| match row.get(index) {
        Some(field) => field.value().map_or(Ok(Cell::Null), &read),
        None => Ok(Cell::Null),
    });
    all.collect::<Result<_, _>>().map(Cells)
}

impl Cell {
    /// The value for a column of this kind, or what is wrong with it.
    pub(crate) fn into_value(self, kind: ColumnKind) -> Result<ColumnValue, &'static str> {
        match (kind, self) {
            (_, Self::Null) => Ok(ColumnValue::Null),
            (ColumnKind::Integer, Self::Integer(number)) => Ok(ColumnValue::Integer(number)),
            (ColumnKind::Bool, Self::Integer(number @ 0..=1)) => Ok(ColumnValue::Integer(number)),
            (ColumnKind::Bytes, Self::Bytes(bytes)) => Ok(ColumnValue::Bytes(bytes)),
            (ColumnKind::Text, Self::Bytes(bytes)) => {
                String::from_utf8(bytes).map(ColumnValue::Text).map_err(|_| "is not valid UTF-8")
            }
            (ColumnKind::Integer, _) => Err("is not a whole number"),
            (ColumnKind::Bool, _) => Err("is neither true nor false"),
            (ColumnKind::Bytes, _) => Err("is not binary"),
            (ColumnKind::Text, _) => Err("is not a text"),
        }
    }
}

impl ColumnValue {
    /// About how much memory it takes, in bytes.
    pub(crate) fn size(&self) -> usize {
        size_of::<Self>()
            + match self {
                Self::Null | Self::Integer(_) => 0,
                Self::Text(text) => text.len(),
                Self::Bytes(bytes) => bytes.len(),
            }
    }
}

/// A hash of rows in the order of their key, the same for both dialects.
#[derive(Default)]
pub(crate) struct Checksum {
    hash: Canonical,
    rows: u64,
}

impl Checksum {
    /// Adds the next row.
    pub(crate) fn add(&mut self, row: &[ColumnValue]) {
        self.rows += 1;
        for value in row {
            match value {
                ColumnValue::Null => self.hash.null(),
                ColumnValue::Integer(number) => self.hash.number(*number),
                ColumnValue::Text(text) => self.hash.text(text),
                ColumnValue::Bytes(bytes) => self.hash.bytes(bytes),
            }
        }
    }

    /// How many rows were added.
    pub(crate) fn rows(&self) -> u64 {
        self.rows
    }

    /// The hash in hexadecimal.
    pub(crate) fn finish(self) -> String {
        hex::encode(self.hash.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checksum(rows: &[&[ColumnValue]]) -> String {
        let mut sum = Checksum::default();
        rows.iter().for_each(|row| sum.add(row));
        sum.finish()
    }

    #[test]
    fn similar_rows_have_different_checksums() {
        let text = |text: &str| ColumnValue::Text(text.to_owned());
        let rows = [
            checksum(&[&[text("ab"), text("c")]]),
            checksum(&[&[text("a"), text("bc")]]),
            checksum(&[&[text("abc"), ColumnValue::Null]]),
            checksum(&[&[ColumnValue::Bytes(b"ab".to_vec()), text("c")]]),
            checksum(&[&[ColumnValue::Integer(0)]]),
            checksum(&[&[ColumnValue::Null]]),
            checksum(&[&[text("")]]),
            checksum(&[]),
        ];
        let different: std::collections::BTreeSet<&String> = rows.iter().collect();
        assert_eq!(different.len(), rows.len(), "{rows:#?}");
        assert_eq!(checksum(&[]), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    }

    #[test]
    fn a_value_that_does_not_fit_its_column_is_refused() {
        let refused = |kind, cell: Cell| cell.into_value(kind).err().unwrap_or_default();
        assert_eq!(refused(ColumnKind::Text, Cell::Bytes(vec![0xff])), "is not valid UTF-8");
        assert_eq!(refused(ColumnKind::Text, Cell::Integer(0)), "is not a text");
        assert_eq!(refused(ColumnKind::Bool, Cell::Integer(2)), "is neither true nor false");
        assert_eq!(refused(ColumnKind::Integer, Cell::Other), "is not a whole number");
        assert_eq!(refused(ColumnKind::Bytes, Cell::Other), "is not binary");
        assert_eq!(refused(ColumnKind::Integer, Cell::Null), "");
    }
}
