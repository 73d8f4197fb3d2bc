//! Reading text columns. A SQLite file can hold text that is not UTF-8, put there by another program; one such
//! row must not end a list, an export or the check of the audit log.

use diesel::deserialize::{self, FromSql, FromSqlRow};
use diesel::pg::Pg;
use diesel::sql_types::{Nullable, Text};
use diesel::sqlite::Sqlite;

use crate::store::engine::connection::{MultiBackend, MultiRawValue};

/// A text, with U+FFFD for what is not UTF-8.
#[derive(Debug, FromSqlRow)]
pub struct StoredText(String);

/// [`StoredText`] or NULL.
#[derive(Debug, FromSqlRow)]
pub struct NullableText(Option<String>);

impl From<StoredText> for String {
    fn from(text: StoredText) -> Self {
        text.0
    }
}

impl From<NullableText> for Option<String> {
    fn from(text: NullableText) -> Self {
        text.0
    }
}

impl FromSql<Text, Sqlite> for StoredText {
    fn from_sql(mut value: <Sqlite as diesel::backend::Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        // Replaces invalid bytes; diesel's own `String` refuses them.
        Ok(Self(value.read_text().to_owned()))
    }
}

impl FromSql<Text, Pg> for StoredText {
    fn from_sql(value: <Pg as diesel::backend::Backend>::RawValue<'_>) -> deserialize::Result<Self> {
        <String as FromSql<Text, Pg>>::from_sql(value).map(Self)
    }
}

impl FromSql<Text, MultiBackend> for StoredText {
    fn from_sql(value: MultiRawValue<'_>) -> deserialize::Result<Self> {
        value.from_sql::<Self, Text>()
    }
}

impl<DB: diesel::backend::Backend> FromSql<Nullable<Text>, DB> for NullableText
where
    StoredText: FromSql<Text, DB>,
{
    fn from_sql(value: DB::RawValue<'_>) -> deserialize::Result<Self> {
        StoredText::from_sql(value).map(|text| Self(Some(text.0)))
    }

    fn from_nullable_sql(value: Option<DB::RawValue<'_>>) -> deserialize::Result<Self> {
        value.map_or(Ok(Self(None)), Self::from_sql)
    }
}
