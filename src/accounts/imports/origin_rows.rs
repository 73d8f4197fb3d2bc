//! What is read of a source, before the mapping says what it means.

use serde_json::{Map, Value};

use crate::store::engine::origin::OriginTable;
use crate::types::Timestamp;

/// What a source has.
#[derive(Clone, Debug, Default)]
pub(crate) struct SourceView {
    /// The tables; of a file its models.
    pub tables: Vec<OriginTable>,
    /// How many rows each table has, where that is known.
    pub rows: Vec<(String, u64)>,
    /// What the script for Django told about its settings.
    pub settings: Map<String, Value>,
}

impl SourceView {
    /// The table with this name.
    pub(crate) fn table(&self, name: &str) -> Option<&OriginTable> {
        self.tables.iter().find(|table| table.name == name)
    }

    /// How many rows a table has.
    pub(crate) fn rows_of(&self, table: &str) -> u64 {
        self.rows.iter().find(|(name, _)| name == table).map_or(0, |(_, rows)| *rows)
    }
}

/// An address of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OriginEmail {
    pub email: String,
    pub is_verified: bool,
    pub is_primary: bool,
}

/// A user in the source, not yet read by the mapping. It has a hash in it, so it has no `Debug`.
#[derive(Clone)]
pub(crate) struct OriginRow {
    /// The row, from 1 on.
    pub number: u64,
    /// The columns.
    pub fields: Map<String, Value>,
    /// The names of the groups.
    pub groups: Vec<String>,
    /// All addresses, if the source has a table of them.
    pub emails: Vec<OriginEmail>,
}

/// A refresh token of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OriginToken {
    /// The key of its user, as text.
    pub user: String,
    /// Its id.
    pub jti: String,
    pub issued_at: Option<Timestamp>,
    pub expires_at: Timestamp,
    pub is_blacklisted: bool,
}

/// A row that is left out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BadRow {
    /// The row, from 1 on.
    pub number: u64,
    /// The key in the source, if it could be read.
    pub key: Option<String>,
    /// Why, without any value of the row but the key.
    pub reason: String,
}

/// Takes the users one by one; `false` ends the reading.
pub(crate) type TakeUser<'a> = &'a mut dyn FnMut(Result<OriginRow, BadRow>) -> bool;

/// Takes the tokens one by one; `false` ends the reading.
pub(crate) type TakeToken<'a> = &'a mut dyn FnMut(Result<OriginToken, BadRow>) -> bool;

/// A key as text: of a number its digits.
pub(in crate::accounts::imports) fn key_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) if !text.is_empty() => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
