//! Replays how DRF 3.14 on Django 4.2 answered some bodies, with a serializer of these fields:
//! `username` and `password`; `email` (not required, 2 to 5 characters); `note` (not required, not
//! trimmed). A `null` answer means Django's bare 400. Fields here are always trimmed, so cases in which a
//! `note` has white space at its ends are left out.

use serde_json::{Value as Json, json};

use crate::api::drf::body::{BodyError, BodyFields, Data, FieldErrors, Optional, TextField, read};

const RECORDED: &str = include_str!("../../../../tests/vectors/drf_bodies.json");

#[test]
fn bodies_are_answered_as_the_reference_answers_them() {
    let cases: Vec<Json> = serde_json::from_str(RECORDED).unwrap();
    assert!(cases.len() >= 150);
    let is_trimmed = |case: &Json| case["answer"]["note"].as_str().is_none_or(|note| note == note.trim());
    for case in cases.into_iter().filter(is_trimmed) {
        let content_type = case["content_type"].as_str().map(latin1);
        let answer = answer(content_type.as_deref(), &body(&case));
        assert_eq!(answer, (case["status"].as_u64().unwrap(), case["answer"].clone()), "{case}");
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

const fn text(name: &'static str) -> TextField<String> {
    TextField::new(name, "", Ok)
}

fn two_characters(text: &str) -> Result<(), String> {
    if text.chars().count() >= 2 {
        Ok(())
    } else {
        Err("Ensure this field has at least 2 characters.".into())
    }
}

fn validated(data: &Data) -> Result<Json, FieldErrors> {
    let email = text("email").first_rule(two_characters).max_length(5);
    let fields = (text("username"), text("password"), Optional(email), Optional(text("note")));
    let (username, password, email, note) = BodyFields::new(data)?.read(&fields)?;
    let values =
        [("username", Some(username)), ("password", Some(password)), ("email", email), ("note", note)];
    let sent = values.into_iter().filter_map(|(name, text)| Some((name.to_owned(), text?.into())));
    Ok(Json::Object(sent.collect()))
}
