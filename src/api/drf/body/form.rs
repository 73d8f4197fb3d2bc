//! Reads `application/x-www-form-urlencoded` as `django.http.QueryDict` does. Also for query strings.

use crate::api::drf::body::charset::Charset;
use crate::api::drf::body::error::BodyError;
use crate::api::drf::body::percent::unquote;
use crate::api::drf::body::value::{BodyValue, FormFields, Text};

/// Django's `DATA_UPLOAD_MAX_NUMBER_FIELDS`.
pub(crate) const MAX_FIELDS: usize = 1000;

/// Reads a form. Of duplicate names the last one counts.
///
/// # Errors
/// [`BodyError::TooManyFields`] for more than 1000 fields, empty ones included.
pub(crate) fn read(body: &[u8], charset: Charset) -> Result<FormFields, BodyError> {
    // A valid form is ASCII. For other bytes Django tries the charset, then Latin-1.
    let text = charset.decode_strict(body).unwrap_or_else(|| Charset::Latin1.decode_lossy(body));
    if text.split('&').count() > MAX_FIELDS {
        return Err(BodyError::TooManyFields);
    }
    Ok(pairs(&text, charset).map(|(name, value)| (name, BodyValue::Str(Text::from(value)))).collect())
}

/// The decoded names and values of a form or query string, in order. `&` is the only separator.
pub(crate) fn pairs(text: &str, charset: Charset) -> impl Iterator<Item = (String, String)> {
    let fields = text.split('&').filter(|field| !field.is_empty());
    fields.map(move |field| {
        let (name, value) = field.split_once('=').unwrap_or((field, ""));
        (decode(name, charset), decode(value, charset))
    })
}

fn decode(text: &str, charset: Charset) -> String {
    unquote(&text.replace('+', " "), charset)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn get(body: &[u8], name: &str) -> Option<String> {
        match read(body, Charset::Utf8).unwrap().remove(name) {
            Some(BodyValue::Str(text)) => Some(text.into_string()),
            _ => None,
        }
    }

    #[test]
    fn of_duplicates_the_last_counts() {
        assert_eq!(get(b"a=1&b=2&a=3", "a").unwrap(), "3");
    }

    #[test]
    fn a_semicolon_does_not_separate() {
        assert_eq!(get(b"a=1;b=2", "a").unwrap(), "1;b=2");
    }

    #[test]
    fn plus_is_a_space_and_a_name_without_equals_is_blank() {
        assert_eq!(get(b"a=+%2B&b", "a").unwrap(), " +");
        assert_eq!(get(b"a=+%2B&b", "b").unwrap(), "");
    }

    #[test]
    fn raw_bytes_that_are_not_utf8_are_read_as_latin1() {
        assert_eq!(get(b"a=\xe9&b=%C3%A9", "a").unwrap(), "é");
        assert_eq!(get(b"a=\xe9&b=%C3%A9", "b").unwrap(), "é");
    }

    #[test]
    fn a_thousand_fields_are_read_and_one_more_is_refused() {
        assert!(read("&".repeat(999).as_bytes(), Charset::Utf8).is_ok());
        assert_eq!(read("&".repeat(1000).as_bytes(), Charset::Utf8), Err(BodyError::TooManyFields));
    }

    fn encode(text: &str) -> String {
        text.bytes().map(|byte| format!("%{byte:02X}")).collect()
    }

    proptest! {
        #[test]
        fn encoded_fields_are_read_back(name: String, value: String) {
            let body = format!("{}={}", encode(&name), encode(&value));
            prop_assert_eq!(get(body.as_bytes(), &name), Some(value));
        }

        #[test]
        fn arbitrary_bytes_do_not_panic(body: Vec<u8>) {
            let _ = read(&body, Charset::Utf8);
            let _ = read(&body, Charset::Utf16);
        }
    }
}
