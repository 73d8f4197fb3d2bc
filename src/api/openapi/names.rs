//! The names of operations and components, as drf-spectacular makes them (`drf_spectacular/openapi.py`,
//! `AutoSchema.get_operation_id` and `get_tags`), because generators make the names of functions and types of them.

use actix_web::http::Method;

use crate::api::drf::endpoint::{Endpoint, Operation};
use crate::api::openapi::answers;
use crate::api::openapi::description::BodyShape;

/// The prefix that all paths have, which the names do not repeat.
const PREFIX: &str = "/api";

/// The words of a path, without its parameters: `user`, `change_password`.
fn words(path: &str) -> impl Iterator<Item = String> {
    let parts = path.strip_prefix(PREFIX).unwrap_or(path).split('/');
    let words = parts.filter(|part| !part.is_empty() && !part.starts_with('{'));
    words.map(|word| word.replace(['-', '.'], "_"))
}

/// What groups the operations of a topic.
pub(super) fn tag(path: &str) -> String {
    words(path).next().unwrap_or_default()
}

/// Such as `user_change_password_update`.
pub(super) fn operation_id(path: &str, operation: &Operation) -> String {
    words(path).chain([action(operation).to_owned()]).collect::<Vec<_>>().join("_")
}

fn action(operation: &Operation) -> &'static str {
    let is_list = answers::success(operation).is_some_and(|answer| match answer.body {
        BodyShape::List(_) => true,
        // A page of a list (`drf_spectacular/openapi.py`, `get_paginated_name`).
        BodyShape::Object(component) => component.name.starts_with("Paginated"),
        _ => false,
    });
    match *operation.method {
        Method::GET if is_list => "list",
        Method::GET => "retrieve",
        Method::PUT => "update",
        Method::PATCH => "partial_update",
        Method::DELETE => "destroy",
        _ => "create",
    }
}

/// The name of the component with the fields of an operation. Where request and answer are one serializer, it is that of
/// the view, else there is `Request` at its end.
pub(super) fn request_component(endpoint: &Endpoint, operation: &Operation) -> String {
    let is_serializer =
        answers::success(operation).is_some_and(|answer| matches!(answer.body, BodyShape::Serializer(_)));
    let end = if is_serializer { "" } else { "Request" };
    format!("{}{end}", component(endpoint, operation))
}

/// The name of the component with the errors about the fields of an operation.
pub(super) fn errors_component(endpoint: &Endpoint, operation: &Operation) -> String {
    format!("{}Errors", component(endpoint, operation))
}

/// The name of the view, with the action where several operations of it have a body.
fn component(endpoint: &Endpoint, operation: &Operation) -> String {
    let name = endpoint.name.replace(' ', "");
    let with_fields = endpoint.operations.iter().filter(|other| !other.fields().is_empty());
    if with_fields.count() < 2 {
        return name;
    }
    let action = action(operation).split('_').map(capitalized);
    std::iter::once(name).chain(action).collect()
}

fn capitalized(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().into_iter().flat_map(char::to_uppercase).chain(chars).collect()
}
