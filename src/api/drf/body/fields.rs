//! Fields of a body, declared as constants and read by the rules of DRF's serializers
//! (`rest_framework/fields.py`, `rest_framework/serializers.py`). A declaration is data that `OPTIONS`
//! answers with, and reading it yields values of the types that the use case takes.
//!
//! ```ignore
//! pub(crate) const FIELDS: (TextField<Identifier>, TextField<Password>) = (
//!     TextField::new("username", "User name or email.", |text| Ok(Identifier::new(text))),
//!     TextField::new("password", "Password.", |text| Ok(Password::new(text))).write_only(),
//! );
//!
//! let (identifier, password) = BodyFields::new(&data)?.read(&FIELDS)?;
//! ```

use std::collections::BTreeMap;

use crate::api::drf::body::boolean;
use crate::api::drf::body::field_errors::{FieldErrors, Together as _};
use crate::api::drf::body::value::{BodyValue, Data, FormFields};
use crate::types::trimmed;

/// What is known of a field without reading one. A text is never blank, and is trimmed.
#[derive(Clone, Copy, Debug)]
pub struct FieldSpec {
    /// The key in the body.
    pub name: &'static str,
    /// A further key, which is read where `name` is missing.
    pub alias: Option<&'static str>,
    /// Which values it takes.
    pub kind: FieldKind,
    /// Whether it must be sent.
    pub is_required: bool,
    /// Whether a missing one means `false`.
    pub has_default: bool,
    /// Whether it is in answers alone.
    pub is_read_only: bool,
    /// Whether it is in requests alone, as a password is.
    pub is_write_only: bool,
    /// The greatest length, in characters.
    pub max_length: Option<usize>,
    /// A sentence for the documentation.
    pub help: &'static str,
}

/// The type of a field's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FieldKind {
    /// A string. Numbers are taken as their text.
    Text,
    /// `true` or `false`, or one of the words that DRF takes for them.
    Boolean,
    /// A list of strings.
    Texts,
}

impl FieldSpec {
    pub(super) const fn required(name: &'static str, kind: FieldKind, help: &'static str) -> Self {
        Self {
            name,
            alias: None,
            kind,
            is_required: true,
            has_default: false,
            is_read_only: false,
            is_write_only: false,
            max_length: None,
            help,
        }
    }

    /// A text in an answer.
    pub(crate) const fn read_only(name: &'static str, help: &'static str) -> Self {
        let field = Self::required(name, FieldKind::Text, help);
        Self { is_required: false, is_read_only: true, ..field }
    }

    /// The name as DRF shows it (`rest_framework/fields.py`, `Field.bind`).
    pub(crate) fn label(&self) -> String {
        let words = self.name.replace('_', " ");
        let mut chars = words.chars();
        chars
            .next()
            .into_iter()
            .flat_map(char::to_uppercase)
            .chain(chars.flat_map(char::to_lowercase))
            .collect()
    }
}

/// A rule for a text: the message if it is broken.
pub(crate) type Rule = fn(&str) -> Result<(), String>;

/// DRF's `CharField` that must be sent, with a value of type `T`. Trims, and refuses blanks, NUL and lone
/// surrogates. All rules that a text breaks are reported at once.
pub(crate) struct TextField<T> {
    spec: FieldSpec,
    not_a_string: &'static str,
    first: Option<Rule>,
    last: Option<Rule>,
    parse: fn(String) -> Result<T, String>,
}

impl<T> TextField<T> {
    /// A text. `parse` makes the value of a text that keeps all rules, or answers a message.
    pub(crate) const fn new(
        name: &'static str,
        help: &'static str,
        parse: fn(String) -> Result<T, String>,
    ) -> Self {
        Self {
            spec: FieldSpec::required(name, FieldKind::Text, help),
            not_a_string: "Not a valid string.",
            first: None,
            last: None,
            parse,
        }
    }

    /// The key that is read where the field's own is missing. Errors are listed under the field's name.
    pub(crate) const fn alias(mut self, key: &'static str) -> Self {
        self.spec.alias = Some(key);
        self
    }

    /// The same field under another name.
    pub(crate) const fn named(mut self, name: &'static str) -> Self {
        self.spec.name = name;
        self
    }

    /// The greatest length, in characters.
    pub(crate) const fn max_length(mut self, characters: usize) -> Self {
        self.spec.max_length = Some(characters);
        self
    }

    /// The field is in requests alone.
    pub(crate) const fn write_only(mut self) -> Self {
        self.spec.is_write_only = true;
        self
    }

    /// The message about a value that is not a text, where it differs, as that of `EmailField` does.
    pub(crate) const fn not_a_string(mut self, message: &'static str) -> Self {
        self.not_a_string = message;
        self
    }

    /// A rule whose message comes before that of the length, as of DRF's `validators=[…]`.
    pub(crate) const fn first_rule(mut self, rule: Rule) -> Self {
        self.first = Some(rule);
        self
    }

    /// A rule whose message comes last, as that of `EmailField`.
    pub(crate) const fn last_rule(mut self, rule: Rule) -> Self {
        self.last = Some(rule);
        self
    }

    /// The value, or every message about it.
    fn check(&self, value: &BodyValue) -> Result<T, Vec<String>> {
        let text = match value {
            BodyValue::Str(text) | BodyValue::Int(text) | BodyValue::Float(text) => trimmed(text.as_str()),
            // DRF looks at a file's name before it sees that it is a file.
            BodyValue::File(name) if trimmed(name.as_str()).is_empty() => "",
            BodyValue::Null => return Err(vec!["This field may not be null.".to_owned()]),
            _ => return Err(vec![self.not_a_string.to_owned()]),
        };
        if text.is_empty() {
            return Err(vec!["This field may not be blank.".to_owned()]);
        }
        let surrogate = match value {
            BodyValue::Str(text) => text.lone_surrogate(),
            _ => None,
        };
        let messages = self.broken_rules(text, surrogate);
        if messages.is_empty() {
            (self.parse)(text.to_owned()).map_err(|message| vec![message])
        } else {
            Err(messages)
        }
    }

    fn broken_rules(&self, text: &str, surrogate: Option<u16>) -> Vec<String> {
        let mut messages = Vec::new();
        let broken = |rule: Option<Rule>| rule.and_then(|rule| rule(text).err());
        messages.extend(broken(self.first));
        if let Some(max) = self.spec.max_length.filter(|max| text.chars().count() > *max) {
            messages.push(format!("Ensure this field has no more than {max} characters."));
        }
        if text.contains('\0') {
            messages.push("Null characters are not allowed.".to_owned());
        }
        if let Some(surrogate) = surrogate {
            messages.push(format!("Surrogate characters are not allowed: U+{surrogate:X}."));
        }
        messages.extend(broken(self.last));
        messages
    }

    fn checked(&self, value: &BodyValue) -> Result<T, FieldErrors> {
        self.check(value)
            .map_err(|messages| messages.into_iter().map(|message| (self.spec.name, message)).collect())
    }
}

/// A text that may be missing. In a form an empty value counts as missing.
pub(crate) struct Optional<T>(pub(crate) TextField<T>);

/// A text that may be missing because the request changes a part of what there is (`partial=True`). An empty value is
/// one, in a form too.
pub(crate) struct Partial<T>(pub(crate) TextField<T>);

/// A text that may be missing or blank (`required=False, allow_blank=True`), which is the same.
pub(crate) struct Blank<T>(pub(crate) TextField<T>);

/// DRF's `BooleanField`, off where it is missing.
pub(crate) struct Switch(FieldSpec);

impl Switch {
    pub(crate) const fn new(name: &'static str, help: &'static str) -> Self {
        let spec = FieldSpec::required(name, FieldKind::Boolean, help);
        Self(FieldSpec { is_required: false, has_default: true, ..spec })
    }
}

/// The fields of a form or of a JSON object.
#[derive(Debug)]
pub(crate) struct BodyFields<'a> {
    fields: &'a BTreeMap<String, BodyValue>,
    is_form: bool,
}

impl<'a> BodyFields<'a> {
    /// # Errors
    /// `non_field_errors` if the body is neither a form nor a JSON object.
    pub(crate) fn new(data: &'a Data) -> Result<Self, FieldErrors> {
        let (fields, is_form): (&FormFields, bool) = match data {
            Data::FormFields(fields) => (fields, true),
            Data::Json(BodyValue::Object(fields)) => (fields, false),
            Data::Json(BodyValue::Null) => return Err(FieldErrors::non_field("No data provided")),
            Data::Json(other) => {
                let python_type = other.python_type();
                let message = format!("Invalid data. Expected a dictionary, but got {python_type}.");
                return Err(FieldErrors::non_field(message));
            }
        };
        Ok(Self { fields, is_form })
    }

    /// Whether the body is a form.
    pub(super) const fn is_form(&self) -> bool {
        self.is_form
    }

    /// What stands under a name, as it is.
    #[must_use]
    pub(crate) fn value(&self, name: &str) -> Option<&BodyValue> {
        self.fields.get(name)
    }

    /// Whether the body has the field, with any value.
    #[must_use]
    pub(crate) fn has<T>(&self, field: &TextField<T>) -> bool {
        self.fields.contains_key(field.spec.name)
    }

    /// Reads declared fields.
    ///
    /// # Errors
    /// The messages about all of them, in the order of declaration.
    pub(crate) fn read<F: ReadFields>(&self, fields: &F) -> Result<F::Values, FieldErrors> {
        fields.read(self)
    }
}

/// Declared fields: one, or a tuple of them.
pub(crate) trait DeclareFields: Sync {
    /// What is known of each, in order.
    fn specs(&self) -> Vec<FieldSpec>;
}

/// Declared fields that can be read.
pub(crate) trait ReadFields: DeclareFields {
    /// The values: one, or a tuple of them.
    type Values;

    /// Called by [`BodyFields::read`].
    fn read(&self, body: &BodyFields<'_>) -> Result<Self::Values, FieldErrors>;
}

/// No fields.
impl DeclareFields for () {
    fn specs(&self) -> Vec<FieldSpec> {
        Vec::new()
    }
}

impl<T> DeclareFields for TextField<T> {
    fn specs(&self) -> Vec<FieldSpec> {
        vec![self.spec]
    }
}

impl<T> ReadFields for TextField<T> {
    type Values = T;

    fn read(&self, body: &BodyFields<'_>) -> Result<T, FieldErrors> {
        let alias = || body.fields.get(self.spec.alias?);
        match body.fields.get(self.spec.name).or_else(alias) {
            Some(value) => self.checked(value),
            None => Err(FieldErrors::one(self.spec.name, "This field is required.")),
        }
    }
}

impl<T> DeclareFields for Optional<T> {
    fn specs(&self) -> Vec<FieldSpec> {
        vec![FieldSpec { is_required: false, ..self.0.spec }]
    }
}

impl<T> ReadFields for Optional<T> {
    type Values = Option<T>;

    fn read(&self, body: &BodyFields<'_>) -> Result<Option<T>, FieldErrors> {
        let is_missing = |value: &BodyValue| {
            body.is_form && matches!(value, BodyValue::Str(text) if text.as_str().is_empty())
        };
        let value = body.fields.get(self.0.spec.name).filter(|value| !is_missing(value));
        value.map(|value| self.0.checked(value)).transpose()
    }
}

impl<T> DeclareFields for Partial<T> {
    fn specs(&self) -> Vec<FieldSpec> {
        vec![FieldSpec { is_required: false, ..self.0.spec }]
    }
}

impl<T> ReadFields for Partial<T> {
    type Values = Option<T>;

    fn read(&self, body: &BodyFields<'_>) -> Result<Option<T>, FieldErrors> {
        body.fields.get(self.0.spec.name).map(|value| self.0.checked(value)).transpose()
    }
}

impl<T> DeclareFields for Blank<T> {
    fn specs(&self) -> Vec<FieldSpec> {
        vec![FieldSpec { is_required: false, ..self.0.spec }]
    }
}

impl<T> ReadFields for Blank<T> {
    type Values = Option<T>;

    fn read(&self, body: &BodyFields<'_>) -> Result<Option<T>, FieldErrors> {
        let is_blank =
            |value: &BodyValue| matches!(value, BodyValue::Str(text) if trimmed(text.as_str()).is_empty());
        let value = body.fields.get(self.0.spec.name).filter(|value| !is_blank(value));
        value.map(|value| self.0.checked(value)).transpose()
    }
}

impl DeclareFields for Switch {
    fn specs(&self) -> Vec<FieldSpec> {
        vec![self.0]
    }
}

impl ReadFields for Switch {
    type Values = bool;

    fn read(&self, body: &BodyFields<'_>) -> Result<bool, FieldErrors> {
        let value = body.fields.get(self.0.name).map_or(Ok(false), boolean::read);
        value.map_err(|message| FieldErrors::one(self.0.name, message))
    }
}

macro_rules! tuple_of_fields {
    ($($field:ident: $F:ident),+) => {
        impl<$($F: DeclareFields),+> DeclareFields for ($($F,)+) {
            fn specs(&self) -> Vec<FieldSpec> {
                let ($($field,)+) = self;
                [$($field.specs()),+].concat()
            }
        }

        impl<$($F: ReadFields),+> ReadFields for ($($F,)+) {
            type Values = ($($F::Values,)+);

            fn read(&self, body: &BodyFields<'_>) -> Result<Self::Values, FieldErrors> {
                let ($($field,)+) = self;
                ($($field.read(body),)+).together()
            }
        }
    };
}

tuple_of_fields!(a: A, b: B);
tuple_of_fields!(a: A, b: B, c: C);
tuple_of_fields!(a: A, b: B, c: C, d: D);

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::api::drf::body::read;
    use crate::api::drf::body::value::Text;

    const TEXT: TextField<String> = text("a");

    const fn text(name: &'static str) -> TextField<String> {
        TextField::new(name, "", Ok)
    }

    fn json_data(body: &str) -> Data {
        read(Some(b"application/json"), body.as_bytes()).unwrap()
    }

    fn form_data(body: &str) -> Data {
        read(Some(b"application/x-www-form-urlencoded"), body.as_bytes()).unwrap()
    }

    fn values<F: ReadFields>(data: &Data, fields: &F) -> Result<F::Values, FieldErrors> {
        BodyFields::new(data)?.read(fields)
    }

    fn refused(body: &str, field: &TextField<String>) -> serde_json::Value {
        let errors = values(&json_data(body), field).unwrap_err().to_json();
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
            assert_eq!(values(&json_data(body), &TEXT).as_deref(), Ok(text), "{body}");
        }
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
            assert_eq!(refused(body, &TEXT), json!([message]), "{body}");
        }
    }

    #[test]
    fn several_messages_come_at_once_in_the_order_of_drf() {
        let field = text("a")
            .max_length(2)
            .first_rule(|_| Err("first".to_owned()))
            .last_rule(|_| Err("last".to_owned()));
        assert_eq!(
            refused(r#"{"a": "x\u0000\udfff"}"#, &field),
            json!([
                "first",
                "Ensure this field has no more than 2 characters.",
                "Null characters are not allowed.",
                "Surrogate characters are not allowed: U+DFFF.",
                "last"
            ])
        );
    }

    #[test]
    fn the_value_has_the_declared_type_and_a_text_that_does_not_parse_has_a_message() {
        const NUMBER: TextField<u8> =
            TextField::new("a", "", |text| text.parse().map_err(|_| "Not a number.".to_owned()));
        assert_eq!(values(&json_data(r#"{"a": "7"}"#), &NUMBER), Ok(7));
        assert_eq!(values(&json_data(r#"{"a": "x"}"#), &NUMBER), Err(FieldErrors::one("a", "Not a number.")));
    }

    #[test]
    fn lengths_count_characters() {
        let field = text("a").max_length(3);
        assert_eq!(values(&json_data(r#"{"a": " äöü "}"#), &field).as_deref(), Ok("äöü"));
    }

    #[test]
    fn a_field_can_have_its_own_message_about_what_is_not_a_string() {
        let field = text("a").not_a_string("Enter a valid email address.");
        assert_eq!(refused(r#"{"a": false}"#, &field), json!(["Enter a valid email address."]));
    }

    #[test]
    fn a_file_is_not_a_string_and_a_blank_file_name_is_blank() {
        let file = |name: &str| TEXT.check(&BodyValue::File(Text::from(name))).unwrap_err();
        assert_eq!(file("f.txt"), ["Not a valid string."]);
        assert_eq!(file(" "), ["This field may not be blank."]);
    }

    #[test]
    fn all_fields_report_at_once_in_the_order_of_declaration() {
        let errors = values(&json_data(r#"{"z": ""}"#), &(text("z"), TEXT)).unwrap_err();
        let expected = r#"{"z":["This field may not be blank."],"a":["This field is required."]}"#;
        assert_eq!(errors.to_json().to_string(), expected);
    }

    #[test]
    fn an_alias_is_read_where_the_name_is_missing() {
        let field = text("username").alias("email");
        let read_as = |body: &str| values(&json_data(body), &field);
        assert_eq!(read_as(r#"{"email": "e"}"#).as_deref(), Ok("e"));
        assert_eq!(read_as(r#"{"email": "e", "username": "u"}"#).as_deref(), Ok("u"));
        let null = read_as(r#"{"email": "e", "username": null}"#).unwrap_err();
        assert_eq!(null, FieldErrors::one("username", "This field may not be null."));
        let blank = read_as(r#"{"email": ""}"#).unwrap_err();
        assert_eq!(blank, FieldErrors::one("username", "This field may not be blank."));
    }

    #[test]
    fn an_empty_value_of_an_optional_field_is_missing_in_a_form_only() {
        let optional = |data: Data| values(&data, &Optional(TEXT));
        assert_eq!(optional(form_data("a=")), Ok(None));
        assert_eq!(optional(form_data("b=1")), Ok(None));
        assert_eq!(optional(form_data("a=x")), Ok(Some("x".to_owned())));
        let blank = Err(FieldErrors::one("a", "This field may not be blank."));
        assert_eq!(optional(form_data("a=+")), blank);
        assert_eq!(optional(json_data(r#"{"a": ""}"#)), blank);
    }

    #[test]
    fn the_label_is_the_name_in_words() {
        assert_eq!(text("new_password").spec.label(), "New password");
        assert_eq!(text("refresh").spec.label(), "Refresh");
    }
}
