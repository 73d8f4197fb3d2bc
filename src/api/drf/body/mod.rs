//! Reads a request's body into what DRF calls `request.data` ([`read`]), and the declared fields out of
//! that ([`fields`]). Works on bytes alone and does not know Actix.

mod base64;
pub(crate) mod boolean;
pub(crate) mod charset;
mod error;
pub(crate) mod field_errors;
pub(crate) mod fields;
pub(crate) mod form;
pub(crate) mod json;
pub(crate) mod media_type;
pub(crate) mod multipart;
mod partial_switch;
pub(crate) mod percent;
pub(crate) mod python;
mod text_list;
pub(crate) mod value;

use std::collections::BTreeMap;

use charset::Charset;
pub(crate) use error::BodyError;
pub(crate) use field_errors::{FieldErrors, Together};
pub(crate) use fields::{Blank, BodyFields, FieldSpec, Optional, Partial, ReadFields, Switch, TextField};
use media_type::HeaderValue;
pub(crate) use partial_switch::PartialSwitch;
pub(crate) use text_list::TextList;
pub(crate) use value::{BodyValue, Data, FormFields};

/// Reads a body by its `Content-Type`, as `rest_framework/request.py`, `Request._parse` does with
/// DRF's three default parsers. An empty body is an empty form or object, never an error.
pub fn read(content_type: Option<&[u8]>, body: &[u8]) -> Result<Data, BodyError> {
    let content_type = Charset::Latin1.decode_lossy(content_type.unwrap_or_default());
    // A malformed parameter crashes Django; here it makes the media type an unknown one.
    let header = HeaderValue::parse(&content_type).unwrap_or_default();
    if body.is_empty() {
        return Ok(empty(&header));
    }
    let charset = header.param("charset").and_then(Charset::find).unwrap_or_default();
    if header.matches("application/json") {
        let value = json::read(body, charset);
        let value = value.map_err(|error| BodyError::Parse(format!("JSON parse error - {error}")))?;
        Ok(Data::Json(value))
    } else if header.matches("application/x-www-form-urlencoded") {
        form::read(body, charset).map(Data::FormFields)
    } else if header.matches("multipart/form-data") {
        multipart::read(&content_type, &header, body, charset).map(Data::FormFields)
    } else {
        Err(BodyError::UnsupportedMediaType(content_type))
    }
}

fn empty(header: &HeaderValue) -> Data {
    match header.main.as_str() {
        "application/x-www-form-urlencoded" | "multipart/form-data" => Data::FormFields(FormFields::new()),
        _ => Data::Json(BodyValue::Object(BTreeMap::new())),
    }
}

#[cfg(test)]
mod recorded;

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::value::Text;
    use super::*;

    fn refused(content_type: &[u8]) -> String {
        read(Some(content_type), b"{}").unwrap_err().to_string()
    }

    #[test]
    fn the_media_type_matches_in_any_case_and_with_wildcards() {
        let object = Data::Json(BodyValue::Object(BTreeMap::new()));
        for content_type in ["APPLICATION/JSON", "application/json; charset=utf-8", "*/*", "application/*"] {
            assert_eq!(read(Some(content_type.as_bytes()), b"{}").as_ref(), Ok(&object), "{content_type}");
        }
    }

    #[test]
    fn the_error_quotes_an_unknown_type_as_it_was_sent() {
        assert_eq!(
            refused(b"Text/Plain;  charset=\xE9"),
            "Unsupported media type \"Text/Plain;  charset=é\" in request."
        );
        let missing = read(None, b"{}").unwrap_err();
        assert_eq!(missing.to_string(), "Unsupported media type \"\" in request.");
    }

    #[test]
    fn an_empty_body_is_empty_data_for_every_type() {
        assert_eq!(read(Some(b"multipart/form-data"), b""), Ok(Data::FormFields(FormFields::new())));
        let object = Data::Json(BodyValue::Object(BTreeMap::new()));
        assert_eq!(read(Some(b"text/plain"), b"").as_ref(), Ok(&object));
        assert_eq!(read(None, b"").as_ref(), Ok(&object));
    }

    #[test]
    fn a_known_charset_in_the_header_is_used() {
        let expected = Ok(Data::Json(BodyValue::Str(Text::from("é"))));
        assert_eq!(read(Some(b"application/json; charset=latin-1"), b"\"\xE9\""), expected);
        assert_eq!(read(Some(b"application/json; charset=nonsense"), "\"é\"".as_bytes()), expected);
    }

    proptest! {
        #[test]
        fn arbitrary_input_does_not_panic(content_type: Vec<u8>, body: Vec<u8>) {
            let _ = read(Some(&content_type), &body);
        }
    }
}
