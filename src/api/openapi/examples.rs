//! Examples of bodies, made of what is declared.

use serde_json::{Map, Value, json};

use crate::api::drf::body::fields::{FieldKind, FieldSpec};
use crate::api::drf::endpoint::Operation;
use crate::api::openapi::description::{
    Answer, BodyShape, Component, DETAIL, Direction, Property, PropertyKind, SerializerField,
};

/// What a field may hold, by its name.
const TEXTS: &[(&str, &str)] = &[
    ("username", "alice"),
    ("email", "alice@example.com"),
    ("password", "a-Good-pass-6"),
    ("oldPassword", "a-Good-pass-6"),
    ("newPassword", "a-Better-pass-7"),
    ("new_password", "a-Better-pass-7"),
    ("refresh", "eyJhbGciOi…"),
    ("access", "eyJhbGciOi…"),
    ("token", "eyJhbGciOi…"),
    ("token_type_hint", "access_token"),
    ("groups", "editors"),
    ("key", "Jq3V9cR1…"),
    ("invite", "Jq3V9cR1…"),
];

/// The body of a request with all declared fields.
pub(super) fn of_request(operation: &Operation) -> Map<String, Value> {
    operation.fields().iter().map(|field| (field.name.to_owned(), of_field(field))).collect()
}

/// The value of a field.
pub(super) fn of_field(field: &FieldSpec) -> Value {
    match field.kind {
        FieldKind::Text => text(field.name),
        FieldKind::Boolean => json!(true),
        FieldKind::Texts => json!([text(field.name)]),
    }
}

fn text(name: &str) -> Value {
    TEXTS.iter().find(|(key, _)| *key == name).map_or("text", |(_, example)| example).into()
}

/// The body of an answer, as JSON.
pub(super) fn of_answer(operation: &Operation, answer: &Answer) -> Option<Value> {
    match answer.body {
        BodyShape::Empty | BodyShape::Page => None,
        BodyShape::QueryErrors => Some(json!({"page_size": ["A valid integer is required."]})),
        BodyShape::Object(component) if *component == DETAIL => detail(answer.status),
        BodyShape::Object(component) => Some(of_component(component)),
        BodyShape::List(component) => Some(json!([of_component(component)])),
        BodyShape::Serializer(fields) => Some(of_serializer(fields)),
        BodyShape::FieldErrors => Some(of_errors(&operation.fields())),
    }
}

/// The error with a status, where it is always the same text.
fn detail(status: u16) -> Option<Value> {
    let text = match status {
        404 => "Not found.",
        405 => "Method \"PATCH\" not allowed.",
        406 => "Could not satisfy the request Accept header.",
        412 => "The account was changed in the meantime.",
        408 => "Request body did not arrive in time.",
        413 => "Request body is larger than 131072 bytes.",
        415 => "Unsupported media type \"text/plain\" in request.",
        429 => "Request was throttled. Expected available in 30 seconds.",
        503 => "Service temporarily unavailable, try again later.",
        _ => return None,
    };
    Some(json!({"detail": text}))
}

/// What an empty body gets, or where no field is required, a wrong value of the first.
fn of_errors(fields: &[FieldSpec]) -> Value {
    let is_required = |field: &&FieldSpec| field.is_required;
    let missing: Map<_, _> = fields
        .iter()
        .filter(is_required)
        .map(|field| (field.name.to_owned(), json!(["This field is required."])))
        .collect();
    match fields.first() {
        Some(first) if missing.is_empty() => json!({first.name: [match first.kind {
            FieldKind::Text => "This field may not be blank.",
            FieldKind::Boolean => "Must be a valid boolean.",
            FieldKind::Texts => "Expected a list of items but got type \"str\".",
        }]}),
        _ => Value::Object(missing),
    }
}

fn of_serializer(fields: &[SerializerField]) -> Value {
    let is_answered = |direction| matches!(direction, Direction::Answer | Direction::RequestAndAnswer);
    let answered = fields.iter().filter(|field| is_answered(field.direction));
    Value::Object(answered.map(|field| (field.name.to_owned(), text(field.name))).collect())
}

fn of_component(component: &Component) -> Value {
    let example = |property: &Property| (property.name.to_owned(), of_property(&property.kind));
    Value::Object(component.properties.iter().map(example).collect())
}

fn of_property(kind: &PropertyKind) -> Value {
    match kind {
        PropertyKind::Text(text) | PropertyKind::NullableText(text) | PropertyKind::Moment(text) => {
            json!(text)
        }
        PropertyKind::Boolean(value) => json!(value),
        PropertyKind::Integer(value) => json!(value),
        PropertyKind::NullableUserId => json!(1),
        PropertyKind::NullableInteger => Value::Null,
        PropertyKind::NullableMoment(text) => json!(text),
        PropertyKind::Texts(text) => json!([text]),
        PropertyKind::UserId => json!(1),
        PropertyKind::Object(component) => of_component(component),
        PropertyKind::Objects(component) => json!([of_component(component)]),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::ENDPOINTS;

    #[test]
    fn every_text_field_has_an_example() {
        let operations = ENDPOINTS.iter().flat_map(|endpoint| endpoint.operations);
        for field in operations.flat_map(Operation::fields).filter(|field| field.kind == FieldKind::Text) {
            assert!(TEXTS.iter().any(|(name, _)| *name == field.name), "{}", field.name);
        }
    }
}
