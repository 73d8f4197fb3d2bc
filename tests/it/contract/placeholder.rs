//! Placeholders: `{{uniq}}`, `{{id:USER}}`, `{{token:NAME}}`, `{{mail:PART}}` in texts, and `$repeat`, `$concat`,
//! `$id`, `$now`, `$hex` as objects of one key. `run` makes the tokens.

use std::hash::{BuildHasher, RandomState};

use serde_json::{Map, Value};

use super::{Target, now};

/// The values of the placeholders of one case.
pub(crate) struct Names<'a> {
    pub target: &'a Target,
    /// A [`random_name`], the same within a case.
    pub uniq: &'a str,
    /// Makes the token with a name, at its first use.
    pub token: TokenOf<'a>,
}

pub(crate) type TokenOf<'a> = Box<dyn Fn(&str) -> Result<String, String> + 'a>;

impl Names<'_> {
    /// The text with its placeholders filled in. Other braces stay.
    pub(crate) fn text(&self, template: &str) -> Result<String, String> {
        let mut filled = String::new();
        let mut rest = template;
        while let Some((before, after)) = rest.split_once("{{") {
            filled += before;
            match after.split_once("}}") {
                Some((name, after)) if is_placeholder(name) => {
                    filled += &self.value_of(name)?;
                    rest = after;
                }
                _ => {
                    filled += "{{";
                    rest = after;
                }
            }
        }
        Ok(filled + rest)
    }

    fn value_of(&self, placeholder: &str) -> Result<String, String> {
        match placeholder.split_once(':') {
            None if placeholder == "uniq" => Ok(self.uniq.to_owned()),
            Some(("id", user)) => self.target.id(user).map(|id| id.to_string()),
            Some(("token", name)) => (self.token)(name),
            Some(("mail", part)) => match &self.target.mailed {
                Some(mailed) => mailed(self.uniq, part),
                None => Err("this run has no mails".to_owned()),
            },
            _ => Err(format!("unknown placeholder {{{{{placeholder}}}}}")),
        }
    }

    /// The value with all placeholders in it filled in, at any depth.
    pub(crate) fn value(&self, template: &Value) -> Result<Value, String> {
        match template {
            Value::String(text) => self.text(text).map(Value::String),
            Value::Array(items) => items.iter().map(|item| self.value(item)).collect(),
            Value::Object(fields) => match self.special(fields)? {
                Some(value) => Ok(value),
                None => self.object(fields).map(Value::Object),
            },
            other => Ok(other.clone()),
        }
    }

    pub(crate) fn object(&self, fields: &Map<String, Value>) -> Result<Map<String, Value>, String> {
        fields.iter().map(|(name, value)| Ok((self.text(name)?, self.value(value)?))).collect()
    }

    /// A value that must be a text.
    pub(crate) fn value_as_text(&self, template: &Value) -> Result<String, String> {
        match self.value(template)? {
            Value::String(text) => Ok(text),
            other => Err(format!("{other} is not a text")),
        }
    }

    fn special(&self, fields: &Map<String, Value>) -> Result<Option<Value>, String> {
        let mut entries = fields.iter();
        let (Some((name, argument)), None) = (entries.next(), entries.next()) else {
            return Ok(None);
        };
        let unfit = || format!("{name} cannot take {argument}");
        Ok(Some(match name.as_str() {
            "$repeat" => {
                let (text, times) = repetition(argument).ok_or_else(unfit)?;
                self.text(text)?.repeat(times).into()
            }
            "$concat" => {
                let parts = argument.as_array().ok_or_else(unfit)?;
                let parts: Result<String, String> =
                    parts.iter().map(|part| self.value_as_text(part)).collect();
                parts?.into()
            }
            "$id" => self.target.id(argument.as_str().ok_or_else(unfit)?)?.into(),
            "$now" => (now() + argument.as_i64().ok_or_else(unfit)?).into(),
            "$hex" => random_hex(32).into(),
            _ => return Ok(None),
        }))
    }
}

fn repetition(argument: &Value) -> Option<(&str, usize)> {
    let text = argument.get(0)?.as_str()?;
    let times = argument.get(1)?.as_u64()?;
    Some((text, usize::try_from(times).ok()?))
}

/// `kind` or `kind:name`.
fn is_placeholder(text: &str) -> bool {
    let (kind, name) = text.split_once(':').unwrap_or((text, "-"));
    let is_name = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '-';
    !kind.is_empty()
        && !name.is_empty()
        && kind.chars().all(|c| c.is_ascii_lowercase())
        && name.chars().all(is_name)
}

/// Ten random letters, a to p. No digits: names with many digits are sometimes too similar to a numeric
/// password (`django/contrib/auth/password_validation.py`, `UserAttributeSimilarityValidator`).
pub(crate) fn random_name() -> String {
    random_hex(10)
        .bytes()
        .map(|digit| char::from(if digit.is_ascii_digit() { digit - b'0' + b'g' } else { digit }))
        .collect()
}

/// `digits` random hex digits, at most 32.
pub(crate) fn random_hex(digits: usize) -> String {
    let random = || RandomState::new().hash_one(digits);
    format!("{:016x}{:016x}", random(), random())[..digits].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn fill(template: Value) -> Result<Value, String> {
        let target = Target {
            addr: ([127, 0, 0, 1], 1).into(),
            signing_key: String::new(),
            ids: [("alice".to_owned(), 7)].into(),
            reference: false,
            mailed: None,
        };
        let token = |name: &str| match name {
            "t" => Ok("the-token".to_owned()),
            _ => Err(format!("no recipe for {name}")),
        };
        let uniq = "0af3";
        let token = Box::new(token);
        Names { target: &target, uniq, token }.value(&template)
    }

    #[test]
    fn names_are_filled_in_at_any_depth_and_in_keys() {
        let template = json!({"{{uniq}}": ["u-{{uniq}}-{{id:alice}}", {"a": "Bearer {{token:t}}"}]});
        let expected = json!({"0af3": ["u-0af3-7", {"a": "Bearer the-token"}]});
        assert_eq!(fill(template), Ok(expected));
    }

    #[test]
    fn braces_around_other_text_stay() {
        let text = r#"{{"a":{{}} {{ }} {{uniq"#;
        assert_eq!(fill(json!(text)), Ok(json!(text)));
    }

    #[test]
    fn objects_of_one_key_are_computed() {
        let concat = json!({"$concat": [{"$repeat": ["ab", 2]}, "-{{uniq}}"]});
        assert_eq!(fill(concat), Ok(json!("abab-0af3")));
        assert_eq!(fill(json!({"$id": "alice"})), Ok(json!(7)));
        let hour_ago = fill(json!({"$now": -3600})).unwrap().as_i64().unwrap();
        assert!((now() - 3600 - hour_ago).abs() <= 1);
        assert_eq!(fill(json!({"$hex": 0})).unwrap().as_str().unwrap().len(), 32);
    }

    #[test]
    fn an_unknown_placeholder_is_an_error() {
        for template in [
            json!("{{id:nobody}}"),
            json!("{{token:x}}"),
            json!("{{other}}"),
            json!({"$repeat": ["a"]}),
            json!({"$concat": [1]}),
        ] {
            assert!(fill(template.clone()).is_err(), "{template}");
        }
    }

    #[test]
    fn random_names_differ() {
        let names = [random_name(), random_name(), random_hex(32), random_hex(32)];
        assert_ne!(names[0], names[1]);
        assert_ne!(names[2], names[3]);
        assert_ne!(names[2][..16], names[2][16..]);
        assert_eq!([names[0].len(), names[2].len()], [10, 32]);
        assert!(names[..2].concat().chars().all(|c| matches!(c, 'a'..='p')), "{names:?}");
    }
}
