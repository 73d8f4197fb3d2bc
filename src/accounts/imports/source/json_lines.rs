//! JSON lines: an object in each line. The script for Django (`doorward import django --script`) says in the key
//! `doorward` what a line is, and ends with a line that has the counts; without that key, a line is a user.

use std::io::{BufRead, Read as _};

use serde_json::{Map, Value};

use crate::accounts::imports::error::ImportError;
use crate::accounts::imports::mapping::{EmailMapping, GroupMapping, Mapping};
use crate::accounts::imports::origin_rows::{
    BadRow, OriginEmail, OriginRow, SourceView, TakeToken, TakeUser, key_text,
};
use crate::accounts::imports::source::seen_columns::SeenColumns;
use crate::accounts::imports::source::token_of::token_of;
use crate::accounts::imports::values::boolean;
use crate::store::engine::origin::{OriginColumn, OriginTable};
use crate::types::Timestamp;

/// The name of the table of users in a file without tables.
pub(super) const USERS: &str = "users";
/// The name of the table of tokens.
pub(super) const TOKENS: &str = "tokens";
/// The columns that may be a key.
pub(super) const KEYS: [&str; 4] = ["id", "pk", "uuid", "user_id"];

/// What a line is.
const LABEL: &str = "doorward";
/// The longest line, in bytes.
const LONGEST_LINE: u64 = 16 * 1024 * 1024;

/// A line.
enum Line {
    Settings(Map<String, Value>),
    User(Map<String, Value>),
    Token(Map<String, Value>),
    End,
    /// Why it cannot be read, and whether it ends too early.
    Bad(&'static str, bool),
}

/// Passes each line with its number to `take`, until it answers `false`.
fn each_line(mut reader: impl BufRead, mut take: impl FnMut(u64, Line) -> bool) -> Result<(), ImportError> {
    let (mut number, mut bytes) = (0, Vec::new());
    loop {
        bytes.clear();
        let read = reader.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut bytes);
        let read = read.map_err(|error| ImportError::Source(error.to_string()))?;
        if read == 0 {
            return Ok(());
        }
        number += 1;
        let is_whole = bytes.ends_with(b"\n");
        if !is_whole && bytes.len() as u64 == LONGEST_LINE {
            return Err(ImportError::Format(format!("line {number} is longer than 16 MiB")));
        }
        // A value that is no UTF-8, such as a damaged hash, must not end the import.
        let text = String::from_utf8_lossy(&bytes);
        if !text.trim().is_empty() && !take(number, line_of(&text, is_whole)) {
            return Ok(());
        }
    }
}

fn line_of(text: &str, is_whole: bool) -> Line {
    let mut fields = match serde_json::from_str(text) {
        Ok(Value::Object(fields)) => fields,
        Ok(_) => return Line::Bad("it is no JSON object", false),
        Err(error) => return Line::Bad("it is no JSON", error.is_eof() && !is_whole),
    };
    match fields.remove(LABEL).as_ref().and_then(Value::as_str) {
        None | Some("user") => Line::User(fields),
        Some("settings") => Line::Settings(fields),
        Some("token") => Line::Token(fields),
        Some("end") => Line::End,
        Some(_) => Line::Bad("the key `doorward` names no kind of line", false),
    }
}

/// What the file has.
pub(super) fn look(reader: impl BufRead) -> Result<SourceView, ImportError> {
    let (mut view, mut columns) = (SourceView::default(), SeenColumns::default());
    let (mut users, mut tokens, mut last) = (0, 0, 0);
    let (mut is_scripted, mut has_ended, mut is_cut) = (false, false, false);
    each_line(reader, |number, line| {
        last = number;
        match line {
            Line::Settings(settings) => {
                is_scripted = true;
                view.settings = settings;
            }
            Line::User(fields) => {
                users += 1;
                columns.note(&fields);
            }
            Line::Token(_) => tokens += 1,
            Line::End => has_ended = true,
            Line::Bad(_, is_cut_off) => is_cut = is_cut_off,
        }
        true
    })?;
    if is_cut || (is_scripted && !has_ended) {
        return Err(ImportError::Truncated { row: last, place: format!("line {last}") });
    }
    view.rows.push((USERS.to_owned(), users));
    view.tables.push(OriginTable { name: USERS.to_owned(), columns: columns.into_columns(&KEYS) });
    if tokens > 0 {
        view.rows.push((TOKENS.to_owned(), tokens));
        let column = |name: &str| OriginColumn { name: name.to_owned(), kind: String::new(), is_key: false };
        let columns = ["user", "jti", "created_at", "expires_at", "blacklisted"].map(column).to_vec();
        view.tables.push(OriginTable { name: TOKENS.to_owned(), columns });
    }
    Ok(view)
}

/// All users.
pub(super) fn each_user(
    reader: impl BufRead,
    mapping: &Mapping,
    take: TakeUser<'_>,
) -> Result<(), ImportError> {
    each_line(reader, |number, line| match line {
        Line::User(fields) => take(Ok(row(number, fields, mapping))),
        Line::Bad(reason, _) => take(Err(BadRow { number, key: None, reason: reason.to_owned() })),
        Line::Settings(_) | Line::Token(_) | Line::End => true,
    })
}

/// All tokens that have not expired.
pub(super) fn each_token(
    reader: impl BufRead,
    now: Timestamp,
    take: TakeToken<'_>,
) -> Result<(), ImportError> {
    each_line(reader, |number, line| {
        let Line::Token(fields) = line else { return true };
        let is_blacklisted = fields.get("blacklisted").and_then(boolean).unwrap_or(false);
        let token = token_of(&fields, is_blacklisted, now);
        let token = token.map_err(|reason| BadRow { number, key: None, reason });
        token.transpose().is_none_or(&mut *take)
    })
}

/// A row whose groups and addresses are in columns of its own.
pub(super) fn row(number: u64, fields: Map<String, Value>, mapping: &Mapping) -> OriginRow {
    let groups = match &mapping.groups {
        Some(GroupMapping::Column(column)) => fields.get(column).map(names).unwrap_or_default(),
        _ => Vec::new(),
    };
    let emails = match &mapping.emails {
        Some(EmailMapping::Column(column)) => fields.get(column).map(emails).unwrap_or_default(),
        _ => Vec::new(),
    };
    OriginRow { number, fields, groups, emails }
}

/// Names in a list, or in a text that separates them: with PostgreSQL's braces around an array, if it was
/// exported by `COPY`.
fn names(value: &Value) -> Vec<String> {
    match value {
        Value::Array(names) => names.iter().filter_map(key_text).collect(),
        Value::String(text) => {
            let inside = text.strip_prefix('{').and_then(|text| text.strip_suffix('}')).unwrap_or(text);
            let names = inside.split([',', ';', '|']).map(|name| name.trim().trim_matches('"'));
            names.filter(|name| !name.is_empty()).map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

fn emails(value: &Value) -> Vec<OriginEmail> {
    let Value::Array(emails) = value else { return Vec::new() };
    let email = |email: &Value| {
        let is = |name: &str| email.get(name).and_then(boolean).unwrap_or(false);
        let address = email.get("email")?.as_str()?.to_owned();
        Some(OriginEmail { email: address, is_verified: is("verified"), is_primary: is("primary") })
    };
    emails.iter().filter_map(email).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_output_of_the_script_without_its_last_line_is_cut_off() {
        let whole = "{\"doorward\":\"settings\"}\n{\"doorward\":\"user\",\"id\":1}\n{\"doorward\":\"end\"}\n";
        assert_eq!(look(whole.as_bytes()).unwrap().rows_of(USERS), 1);
        for end in [24, 40, 53, 60] {
            let error = look(&whole.as_bytes()[..end]).unwrap_err();
            assert!(matches!(error, ImportError::Truncated { .. }), "{end}: {error}");
        }
    }

    #[test]
    fn a_bad_line_in_the_middle_is_passed_on_with_its_number_and_the_rest_is_read() {
        let text = b"{\"id\":1}\n{\"id\":\n\n[]\n{\"id\":2,\"password\":\"\xff\"}\n";
        let mapping = Mapping::parse("[users]\ntable='users'\nid='id'\nusername='id'\n").unwrap();
        let mut read = Vec::new();
        each_user(&text[..], &mapping, &mut |row| {
            read.push(match row {
                Ok(row) => format!("{} {}", row.number, row.fields["id"]),
                Err(bad) => format!("{} {}", bad.number, bad.reason),
            });
            true
        })
        .unwrap();
        assert_eq!(read, ["1 1", "2 it is no JSON", "4 it is no JSON object", "5 2"]);
    }

    #[test]
    fn groups_are_a_list_or_a_text() {
        for text in ["[\"a\",\"b\"]", "\"a;b\"", "\"a, b\"", "\"{a,\\\"b\\\"}\""] {
            assert_eq!(names(&serde_json::from_str(text).unwrap()), ["a", "b"], "{text}");
        }
        assert!(names(&Value::Null).is_empty());
    }
}
