//! Reading a request's body into what DRF calls `request.data`, and taking fields out of it. The
//! doors of the API call [`read`], then [`FieldReader`]. Nothing here knows of Actix or touches
//! anything but the bytes it is given.

mod base64;
mod boolean;
pub(crate) mod charset;
pub(crate) mod fields;
pub(crate) mod form;
pub(crate) mod json;
pub(crate) mod media_type;
pub(crate) mod multipart;
pub(crate) mod percent;
pub(crate) mod python;
pub(crate) mod value;

use std::collections::BTreeMap;

pub(crate) use value::BodyValue;

use charset::Charset;
pub(crate) use fields::FieldErrors;
pub(crate) use fields::{CharField, FieldReader};
use media_type::HeaderValue;

/// The fields of a form: the last value of each name, always [`BodyValue::Str`] or [`BodyValue::File`].
pub(crate) type FormFields = BTreeMap<String, BodyValue>;

/// What DRF calls `request.data`. Field rules differ between the two: in a form an empty value can
/// mean a missing one.
#[derive(Clone, Debug, PartialEq)]
pub enum Data {
    /// What a JSON body held.
    Json(BodyValue),
    /// The fields of either kind of form.
    FormFields(FormFields),
}

/// Why a body cannot be read.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BodyError {
    /// 400 with this `detail`, the whole text.
    #[error("{0}")]
    Parse(String),
    /// 415; holds the `Content-Type` as it came, decoded as Latin-1, or nothing.
    #[error("Unsupported media type \"{0}\" in request.")]
    UnsupportedMediaType(String),
    /// More than 1000 fields or 100 files; Django answers a bare 400.
    #[error("too many fields in the form")]
    TooManyFields,
    /// The fields of a multipart form exceed 2.5 MB; Django answers a bare 400.
    #[error("the fields of the form are too large")]
    FieldsTooLarge,
}

/// Reads a body by its `Content-Type`, as `rest_framework/request.py`, `Request._parse` does with
/// DRF's three default parsers. An empty body is an empty form or object and never an error.
pub fn read(content_type: Option<&[u8]>, body: &[u8]) -> Result<Data, BodyError> {
    let content_type = Charset::Latin1.decode_lossy(content_type.unwrap_or_default());
    // A parameter that cannot be read crashes Django; here such a type is none that is known.
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
    fn the_media_type_is_matched_without_case_and_with_wildcards() {
        let object = Data::Json(BodyValue::Object(BTreeMap::new()));
        for content_type in ["APPLICATION/JSON", "application/json; charset=utf-8", "*/*", "application/*"] {
            assert_eq!(read(Some(content_type.as_bytes()), b"{}").as_ref(), Ok(&object), "{content_type}");
        }
    }

    #[test]
    fn an_unknown_type_is_named_verbatim() {
        assert_eq!(
            refused(b"Text/Plain;  charset=\xE9"),
            "Unsupported media type \"Text/Plain;  charset=é\" in request."
        );
        let missing = read(None, b"{}").unwrap_err();
        assert_eq!(missing.to_string(), "Unsupported media type \"\" in request.");
    }

    #[test]
    fn an_empty_body_is_no_data_whatever_its_type() {
        assert_eq!(read(Some(b"multipart/form-data"), b""), Ok(Data::FormFields(FormFields::new())));
        let object = Data::Json(BodyValue::Object(BTreeMap::new()));
        assert_eq!(read(Some(b"text/plain"), b"").as_ref(), Ok(&object));
        assert_eq!(read(None, b"").as_ref(), Ok(&object));
    }

    #[test]
    fn the_charset_of_the_header_is_used_if_it_is_known() {
        let expected = Ok(Data::Json(BodyValue::Str(Text::from("é"))));
        assert_eq!(read(Some(b"application/json; charset=latin-1"), b"\"\xE9\""), expected);
        assert_eq!(read(Some(b"application/json; charset=nonsense"), "\"é\"".as_bytes()), expected);
    }

    proptest! {
        #[test]
        fn nothing_panics(content_type: Vec<u8>, body: Vec<u8>) {
            let _ = read(Some(&content_type), &body);
        }
    }
}
