//! The columns of rows that no catalogue declares, by their values.

use serde_json::{Map, Value};

use crate::accounts::imports::values::uuid;
use crate::store::engine::origin::OriginColumn;

/// What the values of a column are, as far as all of them agree: the kind that a database would declare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum SeenKind {
    Integer,
    Uuid,
    Boolean,
    Other,
}

/// The columns of rows without a declaration.
#[derive(Default)]
pub(super) struct SeenColumns(Vec<(String, Option<SeenKind>)>);

impl SeenColumns {
    /// Notes the columns of a row.
    pub(super) fn note(&mut self, fields: &Map<String, Value>) {
        for (index, (name, value)) in fields.iter().enumerate() {
            let place = match self.0.get(index) {
                Some((known, _)) if known == name => Some(index),
                _ => self.0.iter().position(|(known, _)| known == name),
            };
            let kind = kind_of(value);
            match place.and_then(|place| self.0.get_mut(place)) {
                Some((_, known)) => *known = common(*known, kind),
                None => self.0.push((name.clone(), kind)),
            }
        }
    }

    /// The columns with their kinds; `keys` are the names of those that are a key.
    pub(super) fn into_columns(self, keys: &[&str]) -> Vec<OriginColumn> {
        let column = |(name, kind): (String, Option<SeenKind>)| OriginColumn {
            is_key: keys.contains(&name.as_str()),
            kind: match kind {
                Some(SeenKind::Integer) => "integer",
                Some(SeenKind::Uuid) => "uuid",
                Some(SeenKind::Boolean) => "boolean",
                Some(SeenKind::Other) | None => "",
            }
            .to_owned(),
            name,
        };
        self.0.into_iter().map(column).collect()
    }
}

fn kind_of(value: &Value) -> Option<SeenKind> {
    match value {
        Value::Null => None,
        Value::Bool(_) => Some(SeenKind::Boolean),
        Value::Number(number) if number.is_i64() => Some(SeenKind::Integer),
        Value::String(text) if text.is_empty() => None,
        Value::String(text) if text.len() < 20 && text.parse::<i64>().is_ok() => Some(SeenKind::Integer),
        Value::String(text) if matches!(text.len(), 32 | 36) && uuid(text).is_some() => Some(SeenKind::Uuid),
        _ => Some(SeenKind::Other),
    }
}

fn common(one: Option<SeenKind>, other: Option<SeenKind>) -> Option<SeenKind> {
    match (one, other) {
        (None, kind) | (kind, None) => kind,
        (Some(one), Some(other)) if one == other => Some(one),
        _ => Some(SeenKind::Other),
    }
}
