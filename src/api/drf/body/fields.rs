//! Taking fields out of a body by the rules of DRF's serializers (`rest_framework/fields.py`,
//! `rest_framework/serializers.py`). Each door builds one [`FieldReader`], asks it for its fields in the
//! order in which errors are to be shown, and ends with [`FieldReader::finish`].
//!
//! ```ignore
//! let mut reader = FieldReader::new(&data)?;
//! let username = reader.required_as("username", &["username", "email"], &CharField::new());
//! let password = reader.required("password", &CharField::new());
//! reader.finish()?; // from here on both are there
//! ```

use std::collections::BTreeMap;

use crate::api::drf::body::value::{BodyValue, Text};
use crate::api::drf::body::{Data, FormFields, boolean};
use crate::types::trimmed;

const NON_FIELD: &str = "non_field_errors";

/// What is wrong with a body, field by field in the order of declaration; DRF's 400.
#[derive(Clone, Debug, Default, PartialEq, thiserror::Error)]
#[error("some fields are not valid")]
pub struct FieldErrors(Vec<(String, Vec<String>)>);

impl FieldErrors {
    /// One error that belongs to no field.
    pub fn non_field(message: impl Into<String>) -> FieldErrors {
        FieldErrors::one(NON_FIELD, message)
    }

    /// One error of one field.
    pub fn one(field: &str, message: impl Into<String>) -> FieldErrors {
        FieldErrors(vec![(field.to_owned(), vec![message.into()])])
    }

    /// Whether nothing is wrong.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fields with their messages, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &[String])> {
        self.0.iter().map(|(field, messages)| (field.as_str(), messages.as_slice()))
    }

    /// Adds a message behind those the field has.
    pub fn add(&mut self, field: &str, message: impl Into<String>) {
        match self.0.iter_mut().find(|(name, _)| name == field) {
            Some((_, messages)) => messages.push(message.into()),
            None => self.0.push((field.to_owned(), vec![message.into()])),
        }
    }

    /// The body of the answer: `{"field": ["message", …], …}`.
    pub fn to_json(&self) -> serde_json::Value {
        let fields = self.0.iter().map(|(field, messages)| (field.clone(), messages.clone().into()));
        serde_json::Value::Object(fields.collect())
    }
}

/// A further rule for a text: the message if it is broken.
pub(crate) type Validator = fn(&str) -> Result<(), String>;

/// DRF's `CharField`: trims, and refuses blanks, NUL and lone surrogates. Numbers are taken as
/// their text. All rules that a non-blank text breaks are reported at once.
#[derive(Clone, Debug)]
pub(crate) struct CharField {
    trim: bool,
    max_length: Option<usize>,
    min_length: Option<usize>,
    invalid: &'static str,
    before: Vec<Validator>,
    after: Vec<Validator>,
}

impl Default for CharField {
    fn default() -> Self {
        CharField {
            trim: true,
            max_length: None,
            min_length: None,
            invalid: "Not a valid string.",
            before: Vec::new(),
            after: Vec::new(),
        }
    }
}

impl CharField {
    /// A trimmed text of any length but none.
    pub(crate) fn new() -> CharField {
        CharField::default()
    }

    /// Keeps white space around the text.
    pub(crate) fn untrimmed(mut self) -> CharField {
        self.trim = false;
        self
    }

    /// The greatest length, in characters.
    pub(crate) fn max_length(mut self, characters: usize) -> CharField {
        self.max_length = Some(characters);
        self
    }

    /// The least length, in characters.
    pub(crate) fn min_length(mut self, characters: usize) -> CharField {
        self.min_length = Some(characters);
        self
    }

    /// What is said of a value that is no text, as `EmailField` says it in other words.
    pub(crate) fn invalid_message(mut self, message: &'static str) -> CharField {
        self.invalid = message;
        self
    }

    /// A rule whose message comes before those of the lengths, as DRF's `validators=[…]`.
    pub(crate) fn validator(mut self, rule: Validator) -> CharField {
        self.before.push(rule);
        self
    }

    /// A rule whose message comes last, as that of `EmailField`.
    pub(crate) fn last_validator(mut self, rule: Validator) -> CharField {
        self.after.push(rule);
        self
    }

    /// The text of a value that is there, or every message about it.
    fn check(&self, value: &BodyValue) -> Result<String, Vec<String>> {
        let text = match value {
            BodyValue::Str(text) | BodyValue::Int(text) | BodyValue::Float(text) => self.trimmed(text),
            // DRF looks at a file's name before it sees that it is a file.
            BodyValue::File(name) if self.trim => match trimmed(name.as_str()) {
                "" => "",
                _ => return Err(vec![self.invalid.to_owned()]),
            },
            BodyValue::Null => return Err(vec!["This field may not be null.".to_owned()]),
            _ => return Err(vec![self.invalid.to_owned()]),
        };
        if text.is_empty() {
            return Err(vec!["This field may not be blank.".to_owned()]);
        }
        let surrogate = match value {
            BodyValue::Str(text) => text.lone_surrogate(),
            _ => None,
        };
        let messages = self.broken_rules(text, surrogate);
        if messages.is_empty() { Ok(text.to_owned()) } else { Err(messages) }
    }

    fn trimmed<'a>(&self, text: &'a Text) -> &'a str {
        if self.trim { trimmed(text.as_str()) } else { text.as_str() }
    }

    fn broken_rules(&self, text: &str, surrogate: Option<u16>) -> Vec<String> {
        let length = text.chars().count();
        let failures = |rules: &[Validator]| -> Vec<String> {
            rules.iter().filter_map(|rule| rule(text).err()).collect()
        };
        let mut messages = failures(&self.before);
        if let Some(max) = self.max_length.filter(|max| length > *max) {
            messages.push(format!("Ensure this field has no more than {max} characters."));
        }
        if let Some(min) = self.min_length.filter(|min| length < *min) {
            messages.push(format!("Ensure this field has at least {min} characters."));
        }
        if text.contains('\0') {
            messages.push("Null characters are not allowed.".to_owned());
        }
        if let Some(surrogate) = surrogate {
            messages.push(format!("Surrogate characters are not allowed: U+{surrogate:X}."));
        }
        messages.extend(failures(&self.after));
        messages
    }
}

/// Reads the fields of one body and collects what is wrong with them.
#[derive(Debug)]
pub(crate) struct FieldReader<'a> {
    fields: &'a BTreeMap<String, BodyValue>,
    is_form: bool,
    errors: FieldErrors,
}

impl<'a> FieldReader<'a> {
    /// # Errors
    /// `non_field_errors` if the body is no form and no JSON object.
    pub(crate) fn new(data: &'a Data) -> Result<FieldReader<'a>, FieldErrors> {
        let (fields, is_form): (&FormFields, bool) = match data {
            Data::FormFields(fields) => (fields, true),
            Data::Json(BodyValue::Object(fields)) => (fields, false),
            Data::Json(BodyValue::Null) => return Err(FieldErrors::non_field("No data provided")),
            Data::Json(other) => {
                let found = other.python_type();
                let message = format!("Invalid data. Expected a dictionary, but got {found}.");
                return Err(FieldErrors::non_field(message));
            }
        };
        Ok(FieldReader { fields, is_form, errors: FieldErrors::default() })
    }

    /// The text of a field that must be there. `None` means that an error was noted.
    pub(crate) fn required(&mut self, name: &str, field: &CharField) -> Option<String> {
        self.required_as(name, &[name], field)
    }

    /// The same, reading the first of `keys` that the body has. Errors are noted under `name`.
    pub(crate) fn required_as(&mut self, name: &str, keys: &[&str], field: &CharField) -> Option<String> {
        match keys.iter().find_map(|key| self.fields.get(*key)) {
            Some(value) => self.checked(name, value, field),
            None => {
                self.errors.add(name, "This field is required.");
                None
            }
        }
    }

    /// The text of a field that may be missing. `None` means that it is, or that an error was
    /// noted; [`FieldReader::finish`] tells the two apart. In a form an empty value counts as missing.
    pub(crate) fn optional(&mut self, name: &str, field: &CharField) -> Option<String> {
        let value = self.fields.get(name)?;
        let empty = matches!(value, BodyValue::Str(text) if text.as_str().is_empty());
        if self.is_form && empty {
            return None;
        }
        self.checked(name, value, field)
    }

    /// Whether the body has the field, whatever is in it.
    #[must_use]
    pub(crate) fn has(&self, name: &str) -> bool {
        self.fields.contains_key(name)
    }

    /// A switch that is off where it is missing (`rest_framework/fields.py`, `BooleanField`).
    pub(crate) fn switch(&mut self, name: &str) -> bool {
        match self.fields.get(name).map(boolean::read) {
            None => false,
            Some(Ok(value)) => value,
            Some(Err(message)) => {
                self.errors.add(name, message);
                false
            }
        }
    }

    fn checked(&mut self, name: &str, value: &BodyValue, field: &CharField) -> Option<String> {
        match field.check(value) {
            Ok(text) => Some(text),
            Err(messages) => {
                for message in messages {
                    self.errors.add(name, message);
                }
                None
            }
        }
    }

    /// Notes a further error, found by the caller in a field that passed.
    pub(crate) fn add_error(&mut self, name: &str, message: impl Into<String>) {
        self.errors.add(name, message);
    }

    /// # Errors
    /// Everything that was noted, if anything was.
    pub(crate) fn finish(self) -> Result<(), FieldErrors> {
        if self.errors.is_empty() { Ok(()) } else { Err(self.errors) }
    }

    /// Everything that was noted.
    pub(crate) fn into_errors(self) -> FieldErrors {
        self.errors
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::drf::body::read;

    fn json_data(body: &str) -> Data {
        read(Some(b"application/json"), body.as_bytes()).unwrap()
    }

    fn form_data(body: &str) -> Data {
        read(Some(b"application/x-www-form-urlencoded"), body.as_bytes()).unwrap()
    }

    fn required(body: &str, field: &CharField) -> Result<String, serde_json::Value> {
        let data = json_data(body);
        let mut reader = FieldReader::new(&data).map_err(|errors| errors.to_json())?;
        let text = reader.required("a", field);
        text.ok_or_else(|| reader.into_errors().to_json())
    }

    fn refused(body: &str, field: &CharField) -> serde_json::Value {
        let errors = required(body, field).unwrap_err();
        errors.get("a").or(errors.get("non_field_errors")).cloned().unwrap()
    }

    #[test]
    fn text_is_trimmed_and_numbers_are_text() {
        for (body, text) in [
            (r#"{"a": " \u3000x\u001c"}"#, "x"),
            (r#"{"a": 20230719}"#, "20230719"),
            (r#"{"a": -0}"#, "0"),
            (r#"{"a": 1e400}"#, "inf"),
        ] {
            assert_eq!(required(body, &CharField::new()).as_deref(), Ok(text), "{body}");
        }
        let untrimmed = CharField::new().untrimmed();
        assert_eq!(required(r#"{"a": " x "}"#, &untrimmed).as_deref(), Ok(" x "));
        assert_eq!(required(r#"{"a": " "}"#, &untrimmed).as_deref(), Ok(" "));
    }

    #[test]
    fn each_kind_of_bad_value_has_its_message() {
        for (body, message) in [
            ("{}", "This field is required."),
            (r#"{"a": null}"#, "This field may not be null."),
            (r#"{"a": ""}"#, "This field may not be blank."),
            (r#"{"a": "\u00a0\u001f"}"#, "This field may not be blank."),
            (r#"{"a": true}"#, "Not a valid string."),
            (r#"{"a": []}"#, "Not a valid string."),
            (r#"{"a": {}}"#, "Not a valid string."),
            (r#"{"a": "x\u0000"}"#, "Null characters are not allowed."),
            (r#"{"a": "x\ud800"}"#, "Surrogate characters are not allowed: U+D800."),
            ("[]", "Invalid data. Expected a dictionary, but got list."),
            ("1.5", "Invalid data. Expected a dictionary, but got float."),
            ("null", "No data provided"),
        ] {
            assert_eq!(refused(body, &CharField::new()), json!([message]), "{body}");
        }
    }

    #[test]
    fn several_messages_come_at_once_in_the_order_of_drf() {
        let rule: Validator = |_| Err("before".to_owned());
        let last: Validator = |_| Err("after".to_owned());
        let field = CharField::new().max_length(2).validator(rule).last_validator(last);
        assert_eq!(
            refused(r#"{"a": "x\u0000\udfff"}"#, &field),
            json!([
                "before",
                "Ensure this field has no more than 2 characters.",
                "Null characters are not allowed.",
                "Surrogate characters are not allowed: U+DFFF.",
                "after"
            ])
        );
        let short = CharField::new().min_length(3);
        assert_eq!(
            refused(r#"{"a": "xy"}"#, &short),
            json!(["Ensure this field has at least 3 characters."])
        );
    }

    #[test]
    fn lengths_count_characters() {
        let field = CharField::new().max_length(3);
        assert_eq!(required(r#"{"a": " äöü "}"#, &field).as_deref(), Ok("äöü"));
    }

    #[test]
    fn a_field_can_name_its_own_invalid_message() {
        let field = CharField::new().invalid_message("Enter a valid email address.");
        assert_eq!(refused(r#"{"a": false}"#, &field), json!(["Enter a valid email address."]));
    }

    #[test]
    fn a_file_is_no_string_and_a_blank_file_name_is_blank() {
        let field = CharField::new();
        let file = |name: &str| field.check(&BodyValue::File(Text::from(name))).unwrap_err();
        assert_eq!(file("f.txt"), ["Not a valid string."]);
        assert_eq!(file(" "), ["This field may not be blank."]);
    }

    #[test]
    fn all_fields_report_at_once_in_the_order_of_declaration() {
        let data = json_data(r#"{"z": ""}"#);
        let mut reader = FieldReader::new(&data).unwrap();
        assert_eq!(reader.required("z", &CharField::new()), None);
        assert_eq!(reader.required("a", &CharField::new()), None);
        let errors = reader.finish().unwrap_err();
        assert_eq!(errors.iter().map(|(field, _)| field).collect::<Vec<_>>(), ["z", "a"]);
    }

    #[test]
    fn an_alias_is_read_where_the_first_key_is_absent() {
        let read_as = |body: &str| {
            let data = json_data(body);
            let mut reader = FieldReader::new(&data).unwrap();
            let found = reader.required_as("username", &["username", "email"], &CharField::new());
            found.ok_or_else(|| reader.into_errors())
        };
        assert_eq!(read_as(r#"{"email": "e"}"#).as_deref(), Ok("e"));
        assert_eq!(read_as(r#"{"email": "e", "username": "u"}"#).as_deref(), Ok("u"));
        let null = read_as(r#"{"email": "e", "username": null}"#).unwrap_err();
        assert_eq!(null, FieldErrors::one("username", "This field may not be null."));
        let blank = read_as(r#"{"email": ""}"#).unwrap_err();
        assert_eq!(blank, FieldErrors::one("username", "This field may not be blank."));
    }

    #[test]
    fn an_empty_value_of_an_optional_field_is_missing_in_a_form_only() {
        let optional = |data: Data| {
            let mut reader = FieldReader::new(&data).unwrap();
            let text = reader.optional("a", &CharField::new());
            reader.finish().map(|()| text)
        };
        assert_eq!(optional(form_data("a=")), Ok(None));
        assert_eq!(optional(form_data("b=1")), Ok(None));
        let blank = Err(FieldErrors::one("a", "This field may not be blank."));
        assert_eq!(optional(form_data("a=+")), blank);
        assert_eq!(optional(json_data(r#"{"a": ""}"#)), blank);
    }

    #[test]
    fn a_caller_can_add_errors_of_its_own() {
        let data = json_data(r#"{"a": "x"}"#);
        let mut reader = FieldReader::new(&data).unwrap();
        assert!(reader.required("a", &CharField::new()).is_some());
        reader.add_error("a", "taken");
        assert_eq!(reader.finish(), Err(FieldErrors::one("a", "taken")));
    }
}
