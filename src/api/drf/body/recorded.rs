//! Replays what DRF 3.14 on Django 4.2 made of some bodies, through a serializer with these fields:
//! `username` and `password`; `email` (not required, 2 to 5 characters); `note` (not required, not
//! trimmed). A `null` answer stands for Django's bare 400.

use serde_json::{Value as Json, json};

use crate::api::drf::body::fields::{CharField, FieldErrors, FieldReader};
use crate::api::drf::body::{BodyError, Data, read};

const RECORDED: &str = include_str!("../../../../tests/vectors/drf_bodies.json");

#[test]
fn bodies_are_answered_as_the_reference_answers_them() {
    let cases: Vec<Json> = serde_json::from_str(RECORDED).unwrap();
    assert!(cases.len() >= 150);
    for case in cases {
        let content_type = case["content_type"].as_str().map(latin1);
        let found = answer(content_type.as_deref(), &body(&case));
        assert_eq!(found, (case["status"].as_u64().unwrap(), case["answer"].clone()), "{case}");
    }
}

fn latin1(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(c).unwrap()).collect()
}

fn body(case: &Json) -> Vec<u8> {
    match case["body_hex"].as_str() {
        None => case["body"].as_str().unwrap().as_bytes().to_vec(),
        Some(hex) => {
            let pairs = hex.as_bytes().chunks(2).map(|pair| str::from_utf8(pair).unwrap());
            pairs.map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect()
        }
    }
}

fn answer(content_type: Option<&[u8]>, body: &[u8]) -> (u64, Json) {
    let data = match read(content_type, body) {
        Ok(data) => data,
        Err(BodyError::TooManyFields | BodyError::FieldsTooLarge) => return (400, Json::Null),
        Err(error @ BodyError::Parse(_)) => return (400, json!({"detail": error.to_string()})),
        Err(error @ BodyError::UnsupportedMediaType(_)) => {
            return (415, json!({"detail": error.to_string()}));
        }
    };
    match validated(&data) {
        Ok(fields) => (200, fields),
        Err(errors) => (400, errors.to_json()),
    }
}

fn validated(data: &Data) -> Result<Json, FieldErrors> {
    let mut reader = FieldReader::new(data)?;
    let fields = [
        ("username", reader.required("username", &CharField::new())),
        ("password", reader.required("password", &CharField::new())),
        ("email", reader.optional("email", &CharField::new().min_length(2).max_length(5))),
        ("note", reader.optional("note", &CharField::new().untrimmed())),
    ];
    reader.finish()?;
    let given = fields.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.into())));
    Ok(Json::Object(given.collect()))
}
