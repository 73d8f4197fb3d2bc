//! Reads `multipart/form-data` as `django/http/multipartparser.py` does. Of a file only the name is
//! stored.

use std::collections::BTreeMap;

use crate::api::drf::body::base64;
use crate::api::drf::body::charset::Charset;
use crate::api::drf::body::error::BodyError;
use crate::api::drf::body::form::MAX_FIELDS;
use crate::api::drf::body::media_type::HeaderValue;
use crate::api::drf::body::python::{is_space_byte, strip_bytes};
use crate::api::drf::body::value::{BodyValue, FormFields, Text};
use crate::types::trimmed;

/// Django's `DATA_UPLOAD_MAX_NUMBER_FILES`.
const MAX_FILES: usize = 100;
/// Django's `DATA_UPLOAD_MAX_MEMORY_SIZE`: bytes of all fields together, files apart.
const MAX_FIELD_BYTES: usize = 2_621_440;
/// The headers of a part must end within this many bytes.
const MAX_HEADER_BYTES: usize = 1024;

/// Reads the fields and files of a multipart body. A file replaces a field of the same name.
///
/// # Errors
/// [`BodyError::Parse`] for a bad boundary and for a file that is declared as base64 and is not;
/// [`BodyError::TooManyFields`] and [`BodyError::FieldsTooLarge`] at Django's limits.
pub(crate) fn read(
    content_type: &str,
    header: &HeaderValue,
    body: &[u8],
    charset: Charset,
) -> Result<FormFields, BodyError> {
    let boundary = boundary(content_type, header).map_err(parse_error)?;
    let mut collector = Collector { charset, ..Collector::default() };
    for part in split(body, format!("--{boundary}").as_bytes()) {
        collector.add(&Part::read(part))?;
    }
    collector.fields.append(&mut collector.files);
    Ok(collector.fields)
}

fn parse_error(message: impl std::fmt::Display) -> BodyError {
    BodyError::Parse(format!("Multipart form parse error - {message}"))
}

/// The boundary from the header, or Django's message about it.
fn boundary(content_type: &str, header: &HeaderValue) -> Result<String, String> {
    if !content_type.starts_with("multipart/") {
        return Err(format!("Invalid Content-Type: {content_type}"));
    }
    if !content_type.is_ascii() {
        return Err(format!("Invalid non-ASCII Content-Type in multipart: {content_type}"));
    }
    let boundary = header.param("boundary");
    let printable = |text: &&str| text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    boundary
        .filter(|text| (1..=201).contains(&text.len()) && !text.ends_with(' '))
        .filter(printable)
        .map(str::to_owned)
        .ok_or_else(|| format!("Invalid boundary in multipart: {}", boundary.unwrap_or("None")))
}

/// The parts between the separators, each without the line break before the next separator.
/// Django also reads what comes before the first separator and after the last.
fn split<'a>(body: &'a [u8], separator: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    let mut rest = body;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let Some(end) = rest.windows(separator.len()).position(|window| window == separator) else {
            return Some(std::mem::take(&mut rest));
        };
        let (part, tail) = rest.split_at_checked(end)?;
        rest = tail.get(separator.len()..).unwrap_or_default();
        let part = part.strip_suffix(b"\n").unwrap_or(part);
        Some(part.strip_suffix(b"\r").unwrap_or(part))
    })
}

/// One part of the body. Header names are in lower case; of duplicates the last counts.
struct Part<'a> {
    headers: BTreeMap<String, (String, HeaderValue)>,
    content: &'a [u8],
}

impl<'a> Part<'a> {
    fn read(part: &'a [u8]) -> Part<'a> {
        let start = part.get(..MAX_HEADER_BYTES).unwrap_or(part);
        match start.windows(4).position(|window| window == b"\r\n\r\n") {
            Some(end) => Part {
                headers: headers(part.get(..end).unwrap_or_default()),
                content: part.get(end + 4..).unwrap_or_default(),
            },
            None => Part { headers: BTreeMap::new(), content: part },
        }
    }

    fn disposition(&self) -> Option<&HeaderValue> {
        self.headers.get("content-disposition").map(|(_, header)| header)
    }

    fn is_base64(&self) -> bool {
        let encoding = self.headers.get("content-transfer-encoding");
        encoding.is_some_and(|(value, _)| trimmed(value) == "base64")
    }
}

/// Lines that are not a header or not UTF-8 are skipped.
fn headers(bytes: &[u8]) -> BTreeMap<String, (String, HeaderValue)> {
    let headers = lines(bytes).filter_map(|line| {
        let header = HeaderValue::parse(std::str::from_utf8(line).ok()?).ok()?;
        let (name, value) = header.main.split_once(':')?;
        Some((name.to_owned(), (value.to_owned(), header)))
    });
    headers.collect()
}

/// Splits at CRLF only; a bare line feed belongs to the line.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let line_ends = |a: &u8, b: &u8| !(*a == b'\r' && *b == b'\n');
    let halves = bytes.chunk_by(line_ends);
    halves
        .map(|half| half.strip_prefix(b"\n").unwrap_or(half))
        .map(|half| half.strip_suffix(b"\r").unwrap_or(half))
}

#[derive(Default)]
struct Collector {
    charset: Charset,
    fields: FormFields,
    files: FormFields,
    /// The last file, which counts only when another part follows it.
    open_file: Option<(String, BodyValue)>,
    field_parts: usize,
    file_parts: usize,
    field_bytes: usize,
}

impl Collector {
    fn add(&mut self, part: &Part<'_>) -> Result<(), BodyError> {
        self.files.extend(self.open_file.take());
        let disposition = part.disposition();
        let file_name = disposition.and_then(|header| header.param("filename")).unwrap_or_default();
        if file_name.is_empty() {
            self.field_parts += 1;
            // Two more, for the parts before the first separator and after the last.
            if self.field_parts > MAX_FIELDS + 2 {
                return Err(BodyError::TooManyFields);
            }
        }
        let Some(name) = disposition.and_then(|header| header.param("name")) else {
            return Ok(());
        };
        let name = self.charset.decode_lossy(strip_bytes(name.as_bytes()));
        if file_name.is_empty() {
            self.add_field(name, part)
        } else {
            let file_name = self.charset.decode_lossy(file_name.as_bytes());
            self.add_file(name, &file_name, part)
        }
    }

    fn add_field(&mut self, name: String, part: &Part<'_>) -> Result<(), BodyError> {
        // The 2 stands for the `&=` of an urlencoded form.
        self.field_bytes += part.content.len() + name.chars().count() + 2;
        if self.field_bytes > MAX_FIELD_BYTES {
            return Err(BodyError::FieldsTooLarge);
        }
        let decoded = if part.is_base64() { base64::decode(part.content) } else { None };
        let value = self.charset.decode_lossy(decoded.as_deref().unwrap_or(part.content));
        self.fields.insert(name, BodyValue::Str(Text::from(value)));
        Ok(())
    }

    fn add_file(&mut self, name: String, file_name: &str, part: &Part<'_>) -> Result<(), BodyError> {
        self.file_parts += 1;
        if self.file_parts > MAX_FILES {
            return Err(BodyError::TooManyFields);
        }
        let Some(file_name) = clean_file_name(file_name) else {
            return Ok(());
        };
        if part.is_base64() {
            let content = part.content.iter().copied().filter(|byte| !is_space_byte(*byte));
            let content: Vec<u8> = content.collect();
            base64::decode(&content).ok_or_else(|| parse_error("Could not decode base64 data."))?;
        }
        if !name.is_empty() {
            self.open_file = Some((name, BodyValue::File(Text::from(file_name))));
        }
        Ok(())
    }
}

/// The last component of a path without unprintable characters; `None` if that is not a file name.
/// Django also decodes HTML entities, which does not change whether the name is blank.
fn clean_file_name(name: &str) -> Option<String> {
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let unprintable = |c: char| {
        c.is_control()
            || (c != ' ' && c.is_whitespace())
            || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}')
    };
    let name = name.replace(unprintable, "");
    (!matches!(name.as_str(), "" | "." | "..")).then_some(name)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const TYPE: &str = "multipart/form-data; boundary=B";

    fn read_as(content_type: &str, body: &[u8]) -> Result<FormFields, BodyError> {
        let header = HeaderValue::parse(content_type).unwrap();
        read(content_type, &header, body, Charset::Utf8)
    }

    fn part(headers: &str, content: &str) -> String {
        format!("--B\r\nContent-Disposition: form-data; {headers}\r\n\r\n{content}\r\n")
    }

    fn form(body: &str) -> FormFields {
        read_as(TYPE, body.as_bytes()).unwrap()
    }

    fn text(value: &str) -> Option<BodyValue> {
        Some(BodyValue::Str(Text::from(value)))
    }

    fn parse_error(content_type: &str) -> String {
        read_as(content_type, b"x").unwrap_err().to_string()
    }

    #[test]
    fn of_fields_with_one_name_the_last_counts() {
        let body = part("name=a", "1") + &part("name=\"b c\"", "x\r\ny") + &part("name=a", "2") + "--B--\r\n";
        let form = form(&body);
        assert_eq!(form.get("a").cloned(), text("2"));
        assert_eq!(form.get("b c").cloned(), text("x\r\ny"));
    }

    #[test]
    fn a_file_replaces_a_field_of_the_same_name() {
        let body = part("name=a; filename=f.txt", "1") + &part("name=a", "2") + "--B--";
        assert_eq!(form(&body).get("a"), Some(&BodyValue::File(Text::from("f.txt"))));
    }

    #[test]
    fn an_empty_file_name_makes_a_field_and_an_unusable_one_is_ignored() {
        let body = part("name=a; filename=\"\"", "1") + &part("name=b; filename=\"../\"", "2") + "--B--";
        let form = form(&body);
        assert_eq!(form.get("a").cloned(), text("1"));
        assert_eq!(form.get("b"), None);
    }

    #[test]
    fn without_a_closing_delimiter_fields_are_read_and_the_last_file_is_not() {
        assert_eq!(form(&part("name=a", "1")).get("a").cloned(), text("1\r\n"));
        assert_eq!(form(&part("name=a; filename=f", "1")).get("a"), None);
    }

    #[test]
    fn a_part_without_blank_line_or_disposition_is_skipped() {
        let body = "--B\r\nContent-Disposition: form-data; name=a\r\n--B\r\nX: y\r\n\r\nb\r\n--B--";
        assert_eq!(form(body), FormFields::new());
    }

    #[test]
    fn rfc2231_names_are_decoded() {
        let body = part("name*=utf-8''%C3%A9", "1") + "--B--";
        assert_eq!(form(&body).get("é").cloned(), text("1"));
    }

    #[test]
    fn invalid_base64_is_taken_as_it_is_in_a_field_and_refused_in_a_file() {
        let encoded = |name: &str, content: &str| {
            part(&format!("{name}\r\nContent-Transfer-Encoding: BASE64"), content) + "--B--"
        };
        assert_eq!(form(&encoded("name=a", "aGk=")).get("a").cloned(), text("hi"));
        assert_eq!(form(&encoded("name=a", "aGk")).get("a").cloned(), text("aGk"));
        let bad_file = encoded("name=a; filename=f", "aGk");
        let error = read_as(TYPE, bad_file.as_bytes()).unwrap_err().to_string();
        assert_eq!(error, "Multipart form parse error - Could not decode base64 data.");
    }

    #[test]
    fn bad_boundaries_are_described_as_django_does() {
        for (content_type, text) in [
            ("multipart/form-data", "Invalid boundary in multipart: None"),
            ("multipart/form-data; boundary=", "Invalid boundary in multipart: "),
            ("multipart/form-data; boundary=\"a \"", "Invalid boundary in multipart: a "),
            ("MULTIPART/form-data; boundary=B", "Invalid Content-Type: MULTIPART/form-data; boundary=B"),
            (
                "multipart/form-data; boundary=é",
                "Invalid non-ASCII Content-Type in multipart: multipart/form-data; boundary=é",
            ),
        ] {
            assert_eq!(parse_error(content_type), format!("Multipart form parse error - {text}"));
        }
    }

    #[test]
    fn the_number_of_fields_and_files_is_limited() {
        let body = |n: usize, headers: &str| part(headers, "").repeat(n) + "--B--";
        assert!(read_as(TYPE, body(1000, "name=a").as_bytes()).is_ok());
        assert_eq!(read_as(TYPE, body(1001, "name=a").as_bytes()), Err(BodyError::TooManyFields));
        assert!(read_as(TYPE, body(100, "name=a; filename=f").as_bytes()).is_ok());
        assert_eq!(read_as(TYPE, body(101, "name=a; filename=f").as_bytes()), Err(BodyError::TooManyFields));
    }

    #[test]
    fn the_size_of_all_fields_is_limited_but_not_that_of_files() {
        let content = "x".repeat(MAX_FIELD_BYTES - 3);
        assert!(read_as(TYPE, (part("name=a", &content) + "--B--").as_bytes()).is_ok());
        let over = part("name=ab", &content) + "--B--";
        assert_eq!(read_as(TYPE, over.as_bytes()), Err(BodyError::FieldsTooLarge));
        let file = part("name=ab; filename=f", &content) + "--B--";
        assert!(read_as(TYPE, file.as_bytes()).is_ok());
    }

    proptest! {
        #[test]
        fn any_value_is_read_back(value in "[^B]*") {
            let body = part("name=a", &value) + "--B--";
            prop_assert_eq!(form(&body).get("a").cloned(), text(&value));
        }

        #[test]
        fn arbitrary_bytes_do_not_panic(body in "(--B|\r|\n|Content-Disposition: form-data; name=|filename=|;|x|\"|'){0,40}") {
            let _ = read_as(TYPE, body.as_bytes());
        }
    }
}
