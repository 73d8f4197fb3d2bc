//! Values of a source as they are meant: databases, JSON and CSV write the same value in different ways.

use serde_json::Value;
use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

use crate::types::Timestamp;

/// True or false; `None` for what is neither. SQLite and MariaDB have numbers, CSV has texts.
pub(super) fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(is) => Some(*is),
        Value::Number(number) => match number.as_i64() {
            Some(0) => Some(false),
            Some(1) => Some(true),
            _ => None,
        },
        Value::String(text) => match text.to_ascii_lowercase().as_str() {
            "1" | "t" | "true" | "yes" | "y" => Some(true),
            "" | "0" | "f" | "false" | "no" | "n" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A moment: RFC 3339, or as databases print it, in UTC if it names no zone. A date is its midnight.
pub(super) fn moment(value: &Value) -> Option<Timestamp> {
    let text = value.as_str()?.trim();
    let date = text.get(..10)?;
    let rest = text.get(10..)?.trim_start_matches(['T', ' ']);
    let (clock, zone) = match rest.find(['Z', '+', '-']) {
        Some(at) => rest.split_at(at),
        None => (rest, "Z"),
    };
    let clock = match clock.trim() {
        "" => "00:00:00",
        clock => clock,
    };
    let zone = match zone.len() {
        // PostgreSQL prints `+00`, and `+0000` is ISO 8601's basic form.
        3 => format!("{zone}:00"),
        5 if !zone.contains(':') => format!("{}:{}", zone.get(..3)?, zone.get(3..)?),
        _ => zone.to_owned(),
    };
    let moment = OffsetDateTime::parse(&format!("{date}T{clock}{zone}"), &Rfc3339).ok()?;
    i64::try_from(moment.unix_timestamp_nanos().div_euclid(1000)).ok().map(Timestamp::from_micros)
}

/// The value of a column as Django's own JSON has it. SQLite and MariaDB have no booleans, and SQLite neither moments
/// nor JSON.
pub(super) fn as_declared(value: Value, kind: &str) -> Value {
    let is_moment = kind.starts_with("datetime") || kind.starts_with("timestamp");
    let declared = match kind {
        "bool" | "boolean" | "tinyint(1)" => boolean(&value).map(Value::Bool),
        "json" => value.as_str().and_then(|text| serde_json::from_str(text).ok()),
        _ if is_moment => moment(&value).map(|moment| moment.to_rfc3339_micros().into()),
        _ => None,
    };
    declared.unwrap_or(value)
}

/// Whether a value counts as none.
pub(super) fn is_none(value: &Value) -> bool {
    matches!(value, Value::Null) || value.as_str() == Some("")
}

/// A UUID in its usual spelling, lower case with hyphens, from any other; `None` if it is none. SQLite and MariaDB
/// have the 32 digits alone (`django/db/models/fields/__init__.py`, `UUIDField`).
pub(super) fn uuid(text: &str) -> Option<String> {
    let digits: String = text.trim().chars().filter(|c| *c != '-').collect::<String>().to_ascii_lowercase();
    if digits.len() != 32 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return None;
    }
    let part = |range: std::ops::Range<usize>| digits.get(range).unwrap_or_default();
    Some(format!("{}-{}-{}-{}-{}", part(0..8), part(8..12), part(12..16), part(16..20), part(20..32)))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_moment_is_read_in_every_form_that_databases_print() {
        let expected = Some(Timestamp::from_micros(1_704_103_200_250_000));
        for text in [
            "2024-01-01T10:00:00.25Z",
            "2024-01-01 10:00:00.25",
            "2024-01-01T10:00:00.250000+00:00",
            "2024-01-01 10:00:00.25+00",
            "2024-01-01 12:00:00.25+0200",
            "2024-01-01T08:00:00.25-02:00",
        ] {
            assert_eq!(moment(&json!(text)), expected, "{text}");
        }
        assert_eq!(moment(&json!("1970-01-02")), Some(Timestamp::from_seconds(86_400)));
        for text in ["", "x", "2024-13-01", "2024-01-01 25:00:00", "é024-01-01 10:00:00"] {
            assert_eq!(moment(&json!(text)), None, "{text}");
        }
    }

    #[test]
    fn truth_is_read_in_every_form() {
        for yes in [json!(true), json!(1), json!("t"), json!("True"), json!("1")] {
            assert_eq!(boolean(&yes), Some(true), "{yes}");
        }
        for no in [json!(false), json!(0), json!("f"), json!("False"), json!("")] {
            assert_eq!(boolean(&no), Some(false), "{no}");
        }
        for neither in [json!(2), json!("maybe"), json!(null), json!([])] {
            assert_eq!(boolean(&neither), None, "{neither}");
        }
    }

    #[test]
    fn a_value_is_what_its_column_declares() {
        for (value, kind, expected) in [
            (json!(1), "bool", json!(true)),
            (json!(0), "tinyint(1)", json!(false)),
            (json!(7), "bool", json!(7)),
            (json!(1), "integer", json!(1)),
            (json!("2024-01-01 10:00:00.250000"), "datetime", json!("2024-01-01T10:00:00.25Z")),
            (
                json!("2024-01-01T10:00:00.25+00:00"),
                "timestamp with time zone",
                json!("2024-01-01T10:00:00.25Z"),
            ),
            (json!("2024-01-01"), "date", json!("2024-01-01")),
            (json!("{\"a\": [1]}"), "json", json!({"a": [1]})),
            (json!({"a": [1]}), "jsonb", json!({"a": [1]})),
            (json!("{"), "json", json!("{")),
            (json!(null), "datetime", json!(null)),
        ] {
            assert_eq!(as_declared(value.clone(), kind), expected, "{value} {kind}");
        }
    }

    #[test]
    fn a_uuid_has_one_spelling() {
        let one = "0f8fad5b-d9cb-469f-a165-70867728950e";
        for text in [one, "0F8FAD5BD9CB469FA16570867728950E", "0f8fad5bd9cb469fa16570867728950e"] {
            assert_eq!(uuid(text).as_deref(), Some(one));
        }
        assert_eq!(uuid("0f8fad5b"), None);
        assert_eq!(uuid("g f8fad5bd9cb469fa16570867728950"), None);
    }
}
