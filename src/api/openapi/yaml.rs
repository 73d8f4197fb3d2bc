//! YAML 1.2 of a JSON value: maps and lists in block style, and texts in double quotes, where the escapes of JSON are
//! those of YAML (YAML 1.2.2 §5.7).

use serde_json::Value;

/// The document.
pub(super) fn to_yaml(value: &Value) -> String {
    let mut text = String::new();
    write_value(&mut text, value, 0);
    text
}

/// Writes what comes after a key or a dash.
fn write_value(text: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Object(map) if !map.is_empty() => {
            for (key, value) in map {
                indent(text, depth);
                text.push_str(&name(key));
                text.push(':');
                write_below(text, value, depth + 1);
            }
        }
        Value::Array(list) if !list.is_empty() => {
            for value in list {
                indent(text, depth);
                text.push('-');
                write_below(text, value, depth + 1);
            }
        }
        scalar => {
            text.push_str(&scalar.to_string());
            text.push('\n');
        }
    }
}

/// Writes the value of a key on the same line, or below it where it has lines of its own.
fn write_below(text: &mut String, value: &Value, depth: usize) {
    let has_lines = match value {
        Value::Object(map) => !map.is_empty(),
        Value::Array(list) => !list.is_empty(),
        _ => false,
    };
    text.push(if has_lines { '\n' } else { ' ' });
    write_value(text, value, depth);
}

/// Begins a line with the white space of its depth.
fn indent(text: &mut String, depth: usize) {
    text.extend(std::iter::repeat_n("  ", depth));
}

/// A key: plain where it cannot be read as something else, such as `no` or a number.
fn name(key: &str) -> String {
    let is_word = key.len() > 3
        && key.chars().all(|c| c.is_ascii_alphabetic() || c == '_')
        && !["true", "false", "null"].contains(&key.to_ascii_lowercase().as_str());
    if is_word { key.to_owned() } else { Value::from(key).to_string() }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn maps_and_lists_are_blocks_and_texts_are_quoted() {
        let value = json!({"paths": {"/a/": [1, {"no": "yes: \"no\"\n"}, []], "empty": {}}, "404": null});
        let expected = "paths:\n  \"/a/\":\n    - 1\n    -\n      \"no\": \"yes: \\\"no\\\"\\n\"\n    - []\n  \
                        empty: {}\n\"404\": null\n";
        assert_eq!(to_yaml(&value), expected);
    }
}
