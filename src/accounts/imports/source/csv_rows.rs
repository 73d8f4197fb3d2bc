//! CSV: a line with the names of the columns, then a row for each user.

use std::io::Read;

use csv::{ByteRecord, Reader, ReaderBuilder};
use serde_json::{Map, Value};

use crate::accounts::imports::error::ImportError;
use crate::accounts::imports::mapping::Mapping;
use crate::accounts::imports::origin_rows::{BadRow, SourceView, TakeUser};
use crate::accounts::imports::source::json_lines::{KEYS, USERS, row};
use crate::accounts::imports::source::seen_columns::SeenColumns;
use crate::store::engine::origin::OriginTable;

/// Passes the names of the columns and each record to `take`, until it answers `false`.
fn each_record(
    reader: impl Read,
    delimiter: u8,
    mut take: impl FnMut(u64, Result<Map<String, Value>, String>) -> bool,
) -> Result<Vec<String>, ImportError> {
    // A row with too few or too many fields is reported, and the rest is read.
    let mut reader: Reader<_> = ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(reader);
    let unreadable = |error: csv::Error| ImportError::Source(place_of(&error));
    let headers = reader.byte_headers().map_err(unreadable)?.clone();
    let names: Vec<String> = headers.iter().map(|name| text(name).trim().to_owned()).collect();
    let (mut number, mut record) = (0, ByteRecord::new());
    while reader.read_byte_record(&mut record).map_err(unreadable)? {
        number += 1;
        if !take(number, fields(&names, &record)) {
            break;
        }
    }
    Ok(names)
}

fn fields(names: &[String], record: &ByteRecord) -> Result<Map<String, Value>, String> {
    if record.len() != names.len() {
        return Err(format!("it has {} fields instead of {}", record.len(), names.len()));
    }
    let values = record.iter().map(|value| Value::String(text(value)));
    Ok(names.iter().cloned().zip(values).collect())
}

/// A text, with U+FFFD for what is no UTF-8.
fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// Where an error is, without a value.
fn place_of(error: &csv::Error) -> String {
    let line = error.position().map_or(0, csv::Position::line);
    format!("the CSV cannot be read at line {line}")
}

/// What the file has.
pub(super) fn look(reader: impl Read, delimiter: u8) -> Result<SourceView, ImportError> {
    let (mut columns, mut rows) = (SeenColumns::default(), 0);
    let names = each_record(reader, delimiter, |_, fields| {
        rows += 1;
        if let Ok(fields) = fields {
            columns.note(&fields);
        }
        true
    })?;
    // A file without rows has columns as well.
    columns.note(&names.into_iter().map(|name| (name, Value::Null)).collect());
    let table = OriginTable { name: USERS.to_owned(), columns: columns.into_columns(&KEYS) };
    Ok(SourceView { tables: vec![table], rows: vec![(USERS.to_owned(), rows)], settings: Map::new() })
}

/// All users.
pub(super) fn each_user(
    reader: impl Read,
    delimiter: u8,
    mapping: &Mapping,
    take: TakeUser<'_>,
) -> Result<(), ImportError> {
    each_record(reader, delimiter, |number, fields| {
        take(match fields {
            Ok(fields) => Ok(row(number, fields, mapping)),
            Err(reason) => Err(BadRow { number, key: None, reason }),
        })
    })?;
    Ok(())
}
