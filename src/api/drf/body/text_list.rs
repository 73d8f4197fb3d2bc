//! A field with a list of texts, by the rules of DRF's `ListField` with a `CharField` (`rest_framework/fields.py`).

use crate::api::drf::body::field_errors::FieldErrors;
use crate::api::drf::body::fields::{BodyFields, DeclareFields, FieldKind, FieldSpec, ReadFields};
use crate::api::drf::body::value::BodyValue;
use crate::types::trimmed;

/// A list that may be missing. In a form, which has one value for each name, that value is a list of one.
pub(crate) struct TextList<T> {
    spec: FieldSpec,
    parse: fn(&str) -> Result<T, String>,
}

impl<T> TextList<T> {
    /// A list. `parse` makes the value of each text, or answers a message.
    pub(crate) const fn new(
        name: &'static str,
        help: &'static str,
        parse: fn(&str) -> Result<T, String>,
    ) -> Self {
        let spec = FieldSpec::required(name, FieldKind::Texts, help);
        Self { spec: FieldSpec { is_required: false, ..spec }, parse }
    }

    fn item(&self, value: &BodyValue) -> Result<T, String> {
        let text = match value {
            BodyValue::Str(text) if text.lone_surrogate().is_some() => {
                return Err("Surrogate characters are not allowed.".to_owned());
            }
            BodyValue::Str(text) | BodyValue::Int(text) | BodyValue::Float(text) => trimmed(text.as_str()),
            BodyValue::Null => return Err("This field may not be null.".to_owned()),
            _ => return Err("Not a valid string.".to_owned()),
        };
        if text.is_empty() {
            return Err("This field may not be blank.".to_owned());
        }
        (self.parse)(text)
    }
}

impl<T> DeclareFields for TextList<T> {
    fn specs(&self) -> Vec<FieldSpec> {
        vec![self.spec]
    }
}

impl<T> ReadFields for TextList<T> {
    type Values = Option<Vec<T>>;

    fn read(&self, body: &BodyFields<'_>) -> Result<Option<Vec<T>>, FieldErrors> {
        let one = |message: String| FieldErrors::one(self.spec.name, message);
        let items: &[BodyValue] = match body.value(self.spec.name) {
            None => return Ok(None),
            Some(BodyValue::List(items)) => items,
            Some(BodyValue::Null) => return Err(one("This field may not be null.".to_owned())),
            // An empty list has no other way into a form.
            Some(BodyValue::Str(text)) if body.is_form() && text.as_str().is_empty() => &[],
            Some(text @ BodyValue::Str(_)) if body.is_form() => std::slice::from_ref(text),
            Some(other) => {
                let python_type = other.python_type();
                return Err(one(format!("Expected a list of items but got type \"{python_type}\".")));
            }
        };
        items.iter().map(|item| self.item(item).map_err(one)).collect::<Result<_, _>>().map(Some)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::api::drf::body::read;

    const LIST: TextList<String> = TextList::new("groups", "", |text| Ok(text.to_owned()));

    fn list(content_type: &str, body: &str) -> Result<Option<Vec<String>>, Value> {
        let data = read(Some(content_type.as_bytes()), body.as_bytes()).unwrap();
        let values = BodyFields::new(&data).unwrap().read(&LIST);
        values.map_err(|errors| errors.to_json()["groups"][0].clone())
    }

    #[test]
    fn a_list_is_one_in_json_and_one_value_in_a_form() {
        let of_json = |body: &str| list("application/json", body);
        assert_eq!(of_json(r#"{"groups": [" a ", 7]}"#), Ok(Some(vec!["a".to_owned(), "7".to_owned()])));
        assert_eq!((of_json(r#"{"groups": []}"#), of_json("{}")), (Ok(Some(Vec::new())), Ok(None)));
        let of_form = |body: &str| list("application/x-www-form-urlencoded", body);
        assert_eq!(of_form("groups=a"), Ok(Some(vec!["a".to_owned()])));
        assert_eq!(of_form("groups="), Ok(Some(Vec::new())));
    }

    #[test]
    fn what_is_no_list_of_texts_has_the_message_of_drf() {
        for (body, message) in [
            (r#"{"groups": "a"}"#, "Expected a list of items but got type \"str\"."),
            (r#"{"groups": {}}"#, "Expected a list of items but got type \"dict\"."),
            (r#"{"groups": null}"#, "This field may not be null."),
            (r#"{"groups": [""]}"#, "This field may not be blank."),
            (r#"{"groups": [true]}"#, "Not a valid string."),
            (r#"{"groups": [null]}"#, "This field may not be null."),
            (r#"{"groups": ["\ud800"]}"#, "Surrogate characters are not allowed."),
        ] {
            assert_eq!(list("application/json", body), Err(json!(message)), "{body}");
        }
    }
}
