//! What a request body can hold after it was read. Built by `json`, `form` and `multipart`, checked by
//! `fields`. `Debug` shows no content, because it may be a password.

use std::collections::BTreeMap;
use std::fmt;

/// The fields of a form: the last value of each name, always [`BodyValue::Str`] or [`BodyValue::File`].
pub(crate) type FormFields = BTreeMap<String, BodyValue>;

/// What DRF calls `request.data`. The rules for fields differ between the two: in a form an empty value
/// can mean a missing one.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// The value of a JSON body.
    Json(BodyValue),
    /// The fields of a form of either encoding.
    FormFields(FormFields),
}

impl Data {
    /// Removes a field that has exactly this text; answers whether it had it.
    pub(crate) fn remove_text(&mut self, name: &str, text: &str) -> bool {
        let (Self::FormFields(fields) | Self::Json(BodyValue::Object(fields))) = self else { return false };
        let has = matches!(fields.get(name), Some(BodyValue::Str(value)) if value.as_str() == text);
        has && fields.remove(name).is_some()
    }
}

/// One value of a body, as Python would hold it.
#[derive(Clone, Debug, PartialEq)]
pub enum BodyValue {
    /// Python's `None`.
    Null,
    /// `True` or `False`.
    Bool(bool),
    /// An integer of any size, in the text of Python's `str()`.
    Int(Text),
    /// A float in the text of Python's `str()`: `1e+16`, `0.1`, `inf`.
    Float(Text),
    /// A string.
    Str(Text),
    /// A list.
    List(Vec<BodyValue>),
    /// A dictionary. Of duplicate keys the last one.
    Object(BTreeMap<String, BodyValue>),
    /// An uploaded file: its name, which DRF checks. The content is dropped.
    File(Text),
}

impl BodyValue {
    /// The name of the Python type, as DRF's "Expected a dictionary, but got …" shows it.
    pub fn python_type(&self) -> &'static str {
        match self {
            BodyValue::Null => "NoneType",
            BodyValue::Bool(_) => "bool",
            BodyValue::Int(_) => "int",
            BodyValue::Float(_) => "float",
            BodyValue::Str(_) => "str",
            BodyValue::List(_) => "list",
            BodyValue::Object(_) => "dict",
            BodyValue::File(_) => "InMemoryUploadedFile",
        }
    }
}

/// A Python string. Rust's strings cannot hold the lone surrogates that JSON's `\ud800` may make;
/// each becomes U+FFFD, and the first one is stored for the error message.
#[derive(Clone, Default, PartialEq)]
pub struct Text {
    text: String,
    lone_surrogate: Option<u16>,
}

impl Text {
    /// The text, with each lone surrogate replaced by U+FFFD.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The first lone surrogate of the original text.
    pub fn lone_surrogate(&self) -> Option<u16> {
        self.lone_surrogate
    }

    pub(crate) fn push(&mut self, c: char) {
        self.text.push(c);
    }

    pub(crate) fn push_str(&mut self, s: &str) {
        self.text.push_str(s);
    }

    pub(crate) fn push_surrogate(&mut self, surrogate: u16) {
        self.text.push(char::REPLACEMENT_CHARACTER);
        self.lone_surrogate.get_or_insert(surrogate);
    }

    pub(crate) fn into_string(self) -> String {
        self.text
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Text { text, lone_surrogate: None }
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Text::from(text.to_owned())
    }
}

/// Redacted: a password may be in it.
impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Text({} bytes)", self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn debug_shows_no_content() {
        let debug = format!("{:?}", BodyValue::Str(Text::from("hunter2")));
        assert_eq!(debug, "Str(Text(7 bytes))");
    }

    #[test]
    fn the_first_of_several_lone_surrogates_is_stored() {
        let mut text = Text::from("a");
        text.push_surrogate(0xDFFF);
        text.push_surrogate(0xD800);
        assert_eq!(text.as_str(), "a\u{FFFD}\u{FFFD}");
        assert_eq!(text.lone_surrogate(), Some(0xDFFF));
    }
}
