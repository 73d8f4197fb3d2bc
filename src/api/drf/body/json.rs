//! Reads JSON with the grammar and the error messages of Python's `json.loads`, which
//! `rest_framework/parsers.py`, `JSONParser` uses. Does not recurse deeper than [`MAX_DEPTH`].

use std::collections::BTreeMap;

use crate::api::drf::body::charset::Charset;
use crate::api::drf::body::percent::hex;
use crate::api::drf::body::python::float_text;
use crate::api::drf::body::value::{BodyValue, Text};

/// The greatest depth of nested lists and objects; that of `serde_json`.
pub(crate) const MAX_DEPTH: usize = 127;

/// The most values in a document, the names of objects not counted. The bodies of the API have a few.
pub(crate) const MAX_VALUES: usize = 10_000;

/// Python's limit for the digits of an integer (`sys.get_int_max_str_digits`).
const MAX_INT_DIGITS: usize = 4300;

/// Python's message about invalid JSON, such as `Expecting value: line 1 column 1 (char 0)`.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{0}")]
pub(crate) struct JsonError(String);

/// Reads a JSON document in the given charset.
///
/// # Errors
/// Python's message about the first error.
pub(crate) fn read(body: &[u8], charset: Charset) -> Result<BodyValue, JsonError> {
    let text = charset.decode_stream(body).map_err(JsonError)?;
    let mut parser = JsonParser { text: &text, at: 0, depth: 0, values: 0 };
    if text.starts_with('\u{FEFF}') {
        return Err(parser.error("Unexpected UTF-8 BOM (decode using utf-8-sig)", 0));
    }
    parser.skip_space();
    let value = parser.value()?;
    parser.skip_space();
    match parser.peek() {
        None => Ok(value),
        Some(_) => Err(parser.error("Extra data", parser.at)),
    }
}

/// A position in the text. Offsets are in bytes; errors count characters.
struct JsonParser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    values: usize,
}

impl<'a> JsonParser<'a> {
    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let matches = self.peek() == Some(byte);
        self.at += usize::from(matches);
        matches
    }

    fn take_word(&mut self, word: &str) -> bool {
        let matches = self.rest().starts_with(word);
        self.at += if matches { word.len() } else { 0 };
        matches
    }

    fn take_digits(&mut self) -> usize {
        let digits = self.rest().bytes().take_while(u8::is_ascii_digit).count();
        self.at += digits;
        digits
    }

    fn skip_space(&mut self) {
        let space = |byte: &u8| matches!(byte, b' ' | b'\t' | b'\n' | b'\r');
        self.at += self.rest().bytes().take_while(space).count();
    }

    /// Python's `JSONDecodeError`: line, column and position are counted in characters.
    fn error(&self, message: &str, at: usize) -> JsonError {
        let before = self.text.get(..at).unwrap_or(self.text);
        let line = before.matches('\n').count() + 1;
        let last_line = before.rsplit('\n').next().unwrap_or_default();
        let column = last_line.chars().count() + 1;
        let position = before.chars().count();
        JsonError(format!("{message}: line {line} column {column} (char {position})"))
    }

    fn value(&mut self) -> Result<BodyValue, JsonError> {
        self.values += 1;
        if self.values > MAX_VALUES {
            return Err(self.error("Too many values", self.at));
        }
        match self.peek() {
            Some(b'"') => self.string().map(BodyValue::Str),
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::list),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ if self.take_word("null") => Ok(BodyValue::Null),
            _ if self.take_word("true") => Ok(BodyValue::Bool(true)),
            _ if self.take_word("false") => Ok(BodyValue::Bool(false)),
            _ if self.rest().starts_with("NaN") => Err(out_of_range("NaN")),
            _ if self.rest().starts_with("Infinity") => Err(out_of_range("Infinity")),
            _ => Err(self.error("Expecting value", self.at)),
        }
    }

    fn nested(
        &mut self,
        inner: fn(&mut Self) -> Result<BodyValue, JsonError>,
    ) -> Result<BodyValue, JsonError> {
        if self.depth == MAX_DEPTH {
            return Err(self.error("Nested too deeply", self.at));
        }
        self.depth += 1;
        self.at += 1;
        self.skip_space();
        let value = inner(self)?;
        self.depth -= 1;
        Ok(value)
    }

    fn list(&mut self) -> Result<BodyValue, JsonError> {
        let mut items = Vec::new();
        if self.take(b']') {
            return Ok(BodyValue::List(items));
        }
        loop {
            items.push(self.value()?);
            if self.ends(b']')? {
                return Ok(BodyValue::List(items));
            }
        }
    }

    fn object(&mut self) -> Result<BodyValue, JsonError> {
        let mut members = BTreeMap::new();
        if self.take(b'}') {
            return Ok(BodyValue::Object(members));
        }
        loop {
            if self.peek() != Some(b'"') {
                let message = "Expecting property name enclosed in double quotes";
                return Err(self.error(message, self.at));
            }
            let key = self.string()?.into_string();
            self.skip_space();
            if !self.take(b':') {
                return Err(self.error("Expecting ':' delimiter", self.at));
            }
            self.skip_space();
            let value = self.value()?;
            members.insert(key, value);
            if self.ends(b'}')? {
                return Ok(BodyValue::Object(members));
            }
        }
    }

    /// Whether the list or object ends here. If not, skips the comma.
    fn ends(&mut self, close: u8) -> Result<bool, JsonError> {
        self.skip_space();
        if self.take(close) {
            return Ok(true);
        }
        if !self.take(b',') {
            return Err(self.error("Expecting ',' delimiter", self.at));
        }
        self.skip_space();
        Ok(false)
    }

    fn number(&mut self) -> Result<BodyValue, JsonError> {
        let start = self.at;
        let negative = self.take(b'-');
        if !self.take(b'0') && self.take_digits() == 0 {
            return Err(match self.rest().starts_with("Infinity") {
                true => out_of_range("-Infinity"),
                false => self.error("Expecting value", start),
            });
        }
        let integer = self.at;
        self.take_fraction();
        self.take_exponent();
        let text = self.text.get(start..self.at).unwrap_or_default();
        if self.at > integer {
            let number = text.parse().unwrap_or(f64::NAN);
            return Ok(BodyValue::Float(Text::from(float_text(number))));
        }
        let digits = text.len() - usize::from(negative);
        if digits > MAX_INT_DIGITS {
            return Err(JsonError(format!(
                "Exceeds the limit ({MAX_INT_DIGITS} digits) for integer string conversion: value has \
                 {digits} digits; use sys.set_int_max_str_digits() to increase the limit"
            )));
        }
        Ok(BodyValue::Int(Text::from(if text == "-0" { "0" } else { text })))
    }

    /// `.5`; a dot without digits is not part of the number.
    fn take_fraction(&mut self) {
        let start = self.at;
        if self.take(b'.') && self.take_digits() == 0 {
            self.at = start;
        }
    }

    /// `e-7`; an `e` without digits is not part of the number.
    fn take_exponent(&mut self) {
        let start = self.at;
        if self.take(b'e') || self.take(b'E') {
            let _sign = self.take(b'-') || self.take(b'+');
            if self.take_digits() == 0 {
                self.at = start;
            }
        }
    }

    /// Reads a string, its quotes included.
    fn string(&mut self) -> Result<Text, JsonError> {
        let start = self.at;
        self.at += 1;
        let mut text = Text::default();
        loop {
            let plain = |byte: &u8| !matches!(byte, b'"' | b'\\' | 0..=0x1F);
            let run = self.rest().bytes().take_while(plain).count();
            text.push_str(self.rest().get(..run).unwrap_or_default());
            self.at += run;
            match self.peek() {
                None => return Err(self.error("Unterminated string starting at", start)),
                Some(b'"') => {
                    self.at += 1;
                    return Ok(text);
                }
                Some(b'\\') => self.escape(start, &mut text)?,
                Some(_) => return Err(self.error("Invalid control character at", self.at)),
            }
        }
    }

    fn escape(&mut self, string_start: usize, text: &mut Text) -> Result<(), JsonError> {
        let backslash = self.at;
        self.at += 1;
        let c = match self.peek() {
            None => return Err(self.error("Unterminated string starting at", string_start)),
            Some(b'u') => return self.unicode_escape(text),
            Some(c @ (b'"' | b'\\' | b'/')) => char::from(c),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{C}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(_) => return Err(self.error("Invalid \\escape", backslash)),
        };
        self.at += 1;
        text.push(c);
        Ok(())
    }

    /// `\uXXXX`, or two of them that make one character. A lone surrogate is accepted.
    fn unicode_escape(&mut self, text: &mut Text) -> Result<(), JsonError> {
        let first = self.code_unit()?;
        let after_first = self.at;
        let high = (0xD800..0xDC00).contains(&first);
        if high && self.take_word("\\") && self.peek() == Some(b'u') {
            let second = self.code_unit()?;
            if let Some(Ok(c)) = char::decode_utf16([first, second]).next() {
                text.push(c);
                return Ok(());
            }
        }
        self.at = after_first;
        match char::from_u32(u32::from(first)) {
            Some(c) => text.push(c),
            None => text.push_surrogate(first),
        }
        Ok(())
    }

    /// The `uXXXX` of an escape. Python requires one more character after it, because the string is not closed.
    fn code_unit(&mut self) -> Result<u16, JsonError> {
        let digits = match self.rest().as_bytes() {
            [b'u', a, b, c, d, _, ..] => [*a, *b, *c, *d],
            _ => return Err(self.error("Invalid \\uXXXX escape", self.at)),
        };
        let mut unit = 0;
        for digit in digits {
            match hex(digit) {
                Some(digit) => unit = unit << 4 | u16::from(digit),
                None => return Err(self.error("Invalid \\uXXXX escape", self.at)),
            }
        }
        self.at += 5;
        Ok(unit)
    }
}

fn out_of_range(constant: &str) -> JsonError {
    JsonError(format!("Out of range float values are not JSON compliant: '{constant}'"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn error(body: &[u8]) -> String {
        read(body, Charset::Utf8).unwrap_err().to_string()
    }

    fn string(body: &str) -> Text {
        match read(body.as_bytes(), Charset::Utf8).unwrap() {
            BodyValue::Str(text) => text,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn errors_have_pythons_texts() {
        for (body, text) in [
            ("", "Expecting value: line 1 column 1 (char 0)"),
            ("{a", "Expecting property name enclosed in double quotes: line 1 column 2 (char 1)"),
            ("{\"a\":1,}", "Expecting property name enclosed in double quotes: line 1 column 8 (char 7)"),
            ("{\"a\" 1", "Expecting ':' delimiter: line 1 column 6 (char 5)"),
            ("[1 2]", "Expecting ',' delimiter: line 1 column 4 (char 3)"),
            ("[1,]", "Expecting value: line 1 column 4 (char 3)"),
            ("\"a", "Unterminated string starting at: line 1 column 1 (char 0)"),
            ("\"a\tb\"", "Invalid control character at: line 1 column 3 (char 2)"),
            ("\"\\x\"", "Invalid \\escape: line 1 column 2 (char 1)"),
            ("\"\\u12\"", "Invalid \\uXXXX escape: line 1 column 3 (char 2)"),
            ("1 2", "Extra data: line 1 column 3 (char 2)"),
            ("01", "Extra data: line 1 column 2 (char 1)"),
            ("-", "Expecting value: line 1 column 1 (char 0)"),
            ("[NaN]", "Out of range float values are not JSON compliant: 'NaN'"),
            ("-Infinity", "Out of range float values are not JSON compliant: '-Infinity'"),
            ("\u{FEFF}1", "Unexpected UTF-8 BOM (decode using utf-8-sig): line 1 column 1 (char 0)"),
        ] {
            assert_eq!(error(body.as_bytes()), text, "{body}");
        }
    }

    #[test]
    fn positions_count_lines_and_characters_not_bytes() {
        assert_eq!(
            error("[\"é\",\n \"ü\" x".as_bytes()),
            "Expecting ',' delimiter: line 2 column 6 (char 11)"
        );
    }

    #[test]
    fn undecodable_bytes_are_named() {
        assert_eq!(
            error(b"{\"a\": \"\xFF\"}"),
            "'utf-8' codec can't decode byte 0xff in position 7: invalid start byte"
        );
    }

    #[test]
    fn surrogates_pair_up_or_stay_alone() {
        assert_eq!(string("\"\\ud83d\\ude00\"").as_str(), "😀");
        assert_eq!(string("\"\\ud83d\\ud83d\\ude00\"").lone_surrogate(), Some(0xD83D));
        assert_eq!(string("\"a\\udc00b\"").lone_surrogate(), Some(0xDC00));
    }

    #[test]
    fn numbers_keep_pythons_text() {
        for (body, text) in [
            ("-0", "0"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("1e400", "inf"),
            ("-1.0E1", "-10.0"),
            ("1e16", "1e+16"),
        ] {
            match read(body.as_bytes(), Charset::Utf8).unwrap() {
                BodyValue::Int(found) | BodyValue::Float(found) => assert_eq!(found.as_str(), text),
                other => panic!("{other:?}"),
            }
        }
        assert!(error("9".repeat(4301).as_bytes()).starts_with("Exceeds the limit (4300 digits)"));
    }

    #[test]
    fn the_last_of_duplicate_keys_wins() {
        let expected = BodyValue::Object([("a".to_owned(), BodyValue::Bool(true))].into());
        assert_eq!(read(b"{\"a\": 1, \"a\": true}", Charset::Utf8), Ok(expected));
    }

    #[test]
    fn nesting_is_limited() {
        let nested = |depth| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(read(nested(MAX_DEPTH).as_bytes(), Charset::Utf8).is_ok());
        assert_eq!(
            error(nested(MAX_DEPTH + 1).as_bytes()),
            "Nested too deeply: line 1 column 128 (char 127)"
        );
        assert!(read("[".repeat(1_000_000).as_bytes(), Charset::Utf8).is_err());
    }

    #[test]
    fn the_number_of_values_is_limited() {
        let list = |length: usize| format!("[{}1]", "1,".repeat(length - 1));
        let object = |length: usize| {
            let members: Vec<String> = (0..length).map(|n| format!("\"{n}\":[]")).collect();
            format!("{{{}}}", members.join(","))
        };
        for document in [list(MAX_VALUES - 1), object(MAX_VALUES - 1)] {
            assert!(read(document.as_bytes(), Charset::Utf8).is_ok());
        }
        let message = "Too many values: line 1 column 20000 (char 19999)";
        assert_eq!(error(list(MAX_VALUES).as_bytes()), message);
        assert!(error(object(MAX_VALUES).as_bytes()).starts_with("Too many values: "));
    }

    /// A value of `serde_json`, for comparison.
    fn same(ours: &BodyValue, theirs: &serde_json::Value) -> bool {
        use serde_json::Value as Theirs;
        match (ours, theirs) {
            (BodyValue::Null, Theirs::Null) => true,
            (BodyValue::Bool(a), Theirs::Bool(b)) => a == b,
            (BodyValue::Int(a), Theirs::Number(b)) => {
                a.as_str() == b.to_string() || a.as_str().parse().ok() == b.as_f64()
            }
            (BodyValue::Float(a), Theirs::Number(b)) => a.as_str().parse().ok() == b.as_f64(),
            (BodyValue::Str(a), Theirs::String(b)) => a.as_str() == b,
            (BodyValue::List(a), Theirs::Array(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b))
            }
            (BodyValue::Object(a), Theirs::Object(b)) => {
                a.len() == b.len() && a.iter().all(|(key, a)| b.get(key).is_some_and(|b| same(a, b)))
            }
            _ => false,
        }
    }

    fn document() -> impl Strategy<Value = serde_json::Value> {
        let leaf = prop_oneof![
            Just(serde_json::Value::Null),
            any::<bool>().prop_map(Into::into),
            any::<i64>().prop_map(Into::into),
            any::<String>().prop_map(Into::into),
        ];
        leaf.prop_recursive(4, 32, 4, |inner| {
            let members = prop::collection::vec((any::<String>(), inner.clone()), 0..4);
            prop_oneof![
                prop::collection::vec(inner, 0..4).prop_map(Into::into),
                members.prop_map(|members| serde_json::Value::Object(members.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn valid_documents_mean_the_same_to_serde_json(document in document(), pretty: bool) {
            let text = if pretty { format!("{document:#}") } else { document.to_string() };
            prop_assert!(same(&read(text.as_bytes(), Charset::Utf8).unwrap(), &document));
        }

        #[test]
        fn whatever_serde_json_reads_is_read_alike(text in "[-\\[\\]{}:,\"\\\\ue0d819. nultrfas]{0,24}") {
            if let Ok(theirs) = serde_json::from_str::<serde_json::Value>(&text) {
                prop_assert!(same(&read(text.as_bytes(), Charset::Utf8).unwrap(), &theirs));
            }
        }

        #[test]
        fn any_bytes_are_read_or_refused(body: Vec<u8>) {
            for charset in [Charset::Utf8, Charset::Utf16, Charset::Latin1] {
                let _ = read(&body, charset);
            }
        }
    }
}
