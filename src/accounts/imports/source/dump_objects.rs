//! The output of `manage.py dumpdata`: one JSON array of objects with `model`, `pk` and `fields`
//! (`django/core/serializers/python.py`). Only one object is in memory.

use std::fmt;
use std::io::Read;

use serde::Deserializer as _;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde_json::{Map, Value};

use crate::accounts::imports::error::ImportError;
use crate::accounts::imports::origin_rows::key_text;

/// The name of the key in the mapping.
pub(super) const KEY: &str = "pk";

/// An object of a dump.
pub(super) struct DumpObject {
    /// The object, from 1 on.
    pub number: u64,
    /// The model, such as `auth.user`.
    pub model: String,
    /// The fields, with the key as `pk`.
    pub fields: Map<String, Value>,
}

impl DumpObject {
    /// The key as text.
    pub(super) fn key(&self) -> Option<String> {
        self.fields.get(KEY).and_then(key_text)
    }
}

/// Passes each object to `take`, until it answers `false`.
///
/// # Errors
/// If the file is not an array of such objects, or ends in the middle.
pub(super) fn each_object(
    reader: impl Read,
    mut take: impl FnMut(DumpObject) -> bool,
) -> Result<(), ImportError> {
    let (mut number, mut is_stopped, mut wrong) = (0, false, None);
    let mut deserializer = serde_json::Deserializer::from_reader(reader);
    let rows = Rows(|value: Value| {
        number += 1;
        let goes_on = match object(number, value) {
            Some(object) => take(object),
            None => {
                wrong = Some(number);
                false
            }
        };
        is_stopped |= !goes_on;
        goes_on
    });
    let read = deserializer.deserialize_seq(rows);
    if let Some(row) = wrong {
        let reason = format!("row {row} has no `model` and `fields`, as `manage.py dumpdata` writes them");
        return Err(ImportError::Format(reason));
    }
    match read {
        _ if is_stopped => Ok(()),
        Ok(()) => Ok(()),
        Err(error) => {
            let place = format!("line {}, column {}", error.line(), error.column());
            Err(if error.is_eof() {
                ImportError::Truncated { row: number + 1, place }
            } else {
                ImportError::Format(format!("row {} is no JSON ({place})", number + 1))
            })
        }
    }
}

fn object(number: u64, value: Value) -> Option<DumpObject> {
    let Value::Object(mut object) = value else { return None };
    let Some(Value::String(model)) = object.remove("model") else { return None };
    let Some(Value::Object(mut fields)) = object.remove("fields") else { return None };
    fields.insert(KEY.to_owned(), object.remove(KEY).unwrap_or(Value::Null));
    Some(DumpObject { number, model, fields })
}

/// Visits the elements of an array one by one.
struct Rows<F>(F);

impl<'de, F: FnMut(Value) -> bool> Visitor<'de> for Rows<F> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array")
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut seq: A) -> Result<(), A::Error> {
        while let Some(value) = seq.next_element::<Value>()? {
            if !(self.0)(value) {
                return Err(A::Error::custom("stopped"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, String> {
        let mut models = Vec::new();
        let read = each_object(text.as_bytes(), |object| {
            models.push(format!("{} {}", object.model, object.key().unwrap_or_default()));
            true
        });
        read.map(|()| models).map_err(|error| error.to_string())
    }

    #[test]
    fn objects_are_read_one_by_one() {
        let text =
            r#"[{"model": "a.b", "pk": 1, "fields": {}}, {"model": "a.b", "pk": "x", "fields": {"c": []}}]"#;
        assert_eq!(read(text).unwrap(), ["a.b 1", "a.b x"]);
        assert_eq!(read("[]").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_dump_that_ends_in_the_middle_is_refused_with_the_place() {
        let whole = "[{\"model\": \"a.b\", \"pk\": 1, \"fields\": {}},\n{\"model\": \"a.b\", \"pk\": 2, \"fields\": {}}]";
        for end in 1..whole.len() {
            let error = read(&whole[..end]).unwrap_err();
            assert!(error.contains("ends in the middle of row"), "{end}: {error}");
        }
        assert!(read(&whole[..50]).unwrap_err().contains("row 2 (line 2"), "{:?}", read(&whole[..50]));
    }

    #[test]
    fn an_error_never_repeats_a_value() {
        for text in [r#"[{"password": "secret"}]"#, r#"["secret"]"#, r#"[{"a": secret}]"#, r#"[1 "secret"]"#]
        {
            let error = read(text).unwrap_err();
            assert!(!error.contains("secret") && error.contains("row "), "{error}");
        }
    }
}
