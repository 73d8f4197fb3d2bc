//! Every answer that an operation can give: its own, and those of what DRF does around a view.

use actix_web::http::Method;

use crate::api::drf::endpoint::{Access, Endpoint, Operation};
use crate::api::openapi::description::{AUTHENTICATION_ERROR, Answer, BodyShape};

/// The answers that no operation declares, because they come of the method, the body and the access alone.
const EVERY: &[Answer] = &[
    Answer::detail(404, "The query has a format other than json."),
    Answer::detail(405, "The method is none of this path; the header Allow lists those."),
    Answer::detail(406, "The header Accept does not allow JSON."),
    Answer::detail(503, "The server is overloaded; the header Retry-After says how long to wait."),
];

/// Those of an operation that reads a body.
const OF_BODIES: &[Answer] = &[
    Answer::detail(400, "The body cannot be parsed."),
    FIELD_ERRORS,
    Answer::new(400, "A form has too many or too large fields. This answer is a page.", BodyShape::Page),
    Answer::detail(408, "The body did not arrive in time."),
    Answer::detail(413, "The body is too large."),
    Answer::detail(415, "The body has another type than JSON or a form, or is compressed."),
];

const FIELD_ERRORS: Answer = Answer::new(400, "A field is missing or not valid.", BodyShape::FieldErrors);

/// Those of an operation for users.
const OF_USERS: &[Answer] = &[
    Answer::new(
        401,
        "The request has no access token, or one that is invalid, expired or revoked.",
        BodyShape::Object(&AUTHENTICATION_ERROR),
    ),
    Answer::detail(403, "A browser sent the cookie on behalf of another site."),
];

/// Those of an operation for machines.
const OF_MACHINES: &[Answer] = &[
    Answer::detail(401, "The request has no API key, or one that is not accepted."),
    Answer::detail(403, "The API key lacks the scope."),
    Answer::detail(429, "There were too many bad keys; the header Retry-After says how long to wait."),
];

/// A precondition.
const CHANGED: Answer = Answer::detail(412, "The account is not the one that If-Match names.");

/// A wrong parameter of the query.
const BAD_QUERY: Answer =
    Answer::new(400, "A parameter of the query is unknown or not valid.", BodyShape::QueryErrors);

/// The answers other than success, by status, each with what the documentation says of it.
pub(super) fn refusals(endpoint: &Endpoint, operation: &Operation) -> Vec<Answer> {
    let mut answers: Vec<Answer> = own_refusals(operation).to_vec();
    answers.extend(common_refusals(endpoint, operation));
    answers.sort_by_key(|answer| answer.status);
    answers
}

/// Those that the operation declares.
pub(super) fn own_refusals(operation: &Operation) -> &'static [Answer] {
    operation.description.map_or(&[], |description| description.refusals)
}

fn common_refusals(endpoint: &Endpoint, operation: &Operation) -> impl Iterator<Item = Answer> {
    let of_bodies = if operation.fields().is_empty() { &[] } else { OF_BODIES };
    let of_access = match endpoint.access {
        Access::User => OF_USERS,
        Access::ApiKey => OF_MACHINES,
        Access::Public | Access::HeaderToken => &[],
    };
    let description = operation.description;
    let has_query = description.is_some_and(|description| !description.query.is_empty());
    let is_conditional =
        *operation.method != Method::GET && description.is_some_and(|description| description.has_versions);
    let own = has_query.then_some(BAD_QUERY).into_iter().chain(is_conditional.then_some(CHANGED));
    EVERY.iter().chain(of_bodies).chain(of_access).copied().chain(own)
}

/// The errors about the fields of an operation that has some.
pub(super) fn field_errors(operation: &Operation) -> Option<Answer> {
    (!operation.fields().is_empty()).then_some(FIELD_ERRORS)
}

/// The answers that many operations have, by status, without those about fields.
pub(super) fn common() -> Vec<Answer> {
    let all = EVERY.iter().chain(OF_BODIES).chain(OF_USERS).copied();
    let mut answers: Vec<Answer> = all.filter(|answer| answer.body != BodyShape::FieldErrors).collect();
    answers.sort_by_key(|answer| answer.status);
    answers
}

/// The answer to a request that succeeds. An operation without a description says of it only that it is JSON.
pub(super) fn success(operation: &Operation) -> Option<Answer> {
    operation.description.map(|description| description.success)
}
