//! The OpenAPI document, 3.1, made of the declared endpoints.

use actix_web::http::Method;
use serde_json::{Map, Value, json};

use crate::api::drf::authorization::SCHEME;
use crate::api::drf::endpoint::{Access, Endpoint, Operation};
use crate::api::openapi::description::{Answer, BodyShape, QueryKind};
use crate::api::openapi::schemas::Schemas;
use crate::api::openapi::{answers, examples, names};
use crate::config::Config;
use crate::types::ApiScope;

/// The types of a body, in drf-spectacular's order.
const BODY_TYPES: [&str; 3] =
    ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"];

/// The types in which the document itself is served.
pub(super) const DOCUMENT_TYPES: [&str; 4] = [
    "application/json",
    "application/vnd.oai.openapi+json",
    "application/vnd.oai.openapi",
    "application/yaml",
];

/// Of the API, not of the program: clients should not learn which release runs.
const VERSION: &str = "1.0.0";

/// Which answers the document has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Coverage {
    /// All that can come.
    All,
    /// Those to requests that succeed: what drf-spectacular describes.
    Success,
}

/// The document.
pub(super) fn document(endpoints: &[&Endpoint], config: &Config, coverage: Coverage) -> Value {
    let mut schemas = Schemas::new(config.tokens.rotate_refresh);
    let mut paths = Map::new();
    let mut tags: Vec<String> = Vec::new();
    for endpoint in endpoints {
        let path = format!("{}/", endpoint.path);
        tags.push(names::tag(&path));
        paths.insert(path, path_item(endpoint, coverage, &mut schemas));
    }
    paths.insert("/api/schema/".to_owned(), json!({"get": schema_operation(coverage, &mut schemas)}));
    tags.push("schema".to_owned());
    tags.sort_unstable();
    tags.dedup();
    let tags: Vec<Value> = tags.into_iter().map(|name| json!({"name": name})).collect();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "doorward",
            "version": VERSION,
            "description": "Login, accounts and tokens, as Django REST Framework with Simple JWT answers them. \
                            `/api/docs/` is this as a page.",
        },
        "servers": [{"url": config.public_url.origin()}],
        "tags": tags,
        "paths": paths,
        "components": {
            "schemas": schemas.into_value(),
            "securitySchemes": security_schemes(config),
        },
    })
}

fn path_item(endpoint: &Endpoint, coverage: Coverage, schemas: &mut Schemas) -> Value {
    let mut item = Map::new();
    let parameters: Vec<Value> = parameters(endpoint.path)
        .map(|name| json!({"in": "path", "name": name, "schema": {"type": "string"}, "required": true}))
        .collect();
    if !parameters.is_empty() {
        item.insert("parameters".to_owned(), json!(parameters));
    }
    for operation in endpoint.operations {
        let method = operation.method.as_str().to_ascii_lowercase();
        item.insert(method, describe(endpoint, operation, coverage, schemas));
    }
    Value::Object(item)
}

/// The names in braces.
fn parameters(path: &str) -> impl Iterator<Item = &str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}'))
}

fn describe(endpoint: &Endpoint, operation: &Operation, coverage: Coverage, schemas: &mut Schemas) -> Value {
    let path = endpoint.path;
    let mut object = json!({"operationId": names::operation_id(path, operation)});
    // drf-spectacular has no summary where it has a doc string.
    if coverage == Coverage::All || endpoint.view_description().is_none() {
        let summary = operation.description.map_or(endpoint.name, |description| description.summary);
        object["summary"] = json!(summary);
    }
    if let Some(text) = endpoint.view_description() {
        object["description"] = json!(text);
    }
    object["tags"] = json!([names::tag(path)]);
    object["security"] = match endpoint.access {
        Access::User => json!([{"jwtAuth": []}, {"cookieAuth": []}]),
        // The names of what is required (OpenAPI 3.1.1, "Security Requirement Object").
        Access::ApiKey => json!([{"apiKeyAuth": operation.scope.map(ApiScope::as_str).as_slice()}]),
        Access::Public | Access::HeaderToken => json!([]),
    };
    let parameters = parameters_of(operation);
    if !parameters.is_empty() {
        object["parameters"] = json!(parameters);
    }
    let fields = operation.fields();
    if !fields.is_empty() {
        let schema = request_schema(endpoint, operation, schemas);
        let content = BODY_TYPES.map(|kind| (kind.to_owned(), json!({"schema": schema})));
        let is_required = fields.iter().any(|field| field.is_required);
        object["requestBody"] = json!({"content": Map::from_iter(content), "required": is_required});
    }
    let mut responses = Map::new();
    match answers::success(operation) {
        Some(answer) => {
            let response = response(endpoint, operation, &[answer], schemas);
            responses.insert(answer.status.to_string(), response);
        }
        None => {
            responses.insert("2XX".to_owned(), json!({"description": "The request succeeded."}));
        }
    }
    if coverage == Coverage::All {
        let refusals = answers::refusals(endpoint, operation);
        for same in refusals.chunk_by(|one, other| one.status == other.status) {
            let status = same.first().map_or(0, |answer| answer.status);
            responses.insert(status.to_string(), response(endpoint, operation, same, schemas));
        }
    }
    object["responses"] = Value::Object(responses);
    object
}

/// The parameters of the query, and the header with a precondition.
fn parameters_of(operation: &Operation) -> Vec<Value> {
    let Some(description) = operation.description else { return Vec::new() };
    let of_query = description.query.iter().map(|parameter| {
        let schema = match parameter.kind {
            QueryKind::Text => json!({"type": "string"}),
            QueryKind::Day => json!({"type": "string", "format": "date", "examples": ["2026-11-30"]}),
            QueryKind::Boolean => json!({"type": "boolean"}),
            QueryKind::Integer(least, most) => json!({"type": "integer", "minimum": least, "maximum": most}),
            QueryKind::OneOf(words) => json!({"type": "string", "enum": words}),
        };
        json!({"in": "query", "name": parameter.name, "schema": schema, "description": parameter.help})
    });
    let if_match = json!({
        "in": "header",
        "name": "If-Match",
        "schema": {"type": "string"},
        "description": "The ETag of the account as it was read: one that changed since is answered 412.",
    });
    let is_change = *operation.method != Method::GET;
    of_query.chain((description.has_versions && is_change).then_some(if_match)).collect()
}

fn request_schema(endpoint: &Endpoint, operation: &Operation, schemas: &mut Schemas) -> Value {
    let name = names::request_component(endpoint, operation);
    match answers::success(operation).map(|answer| answer.body) {
        Some(BodyShape::Serializer(fields)) => schemas.serializer(&name, fields),
        _ => schemas.request(&name, &operation.fields()),
    }
}

/// The answers with one status.
fn response(endpoint: &Endpoint, operation: &Operation, same: &[Answer], schemas: &mut Schemas) -> Value {
    let when: Vec<&str> = same.iter().map(|answer| answer.when).collect();
    let mut response = json!({"description": when.join(" ")});
    if let Some((name, schema)) = same.first().and_then(|answer| header(answer.status)) {
        response["headers"] = json!({name: {"schema": schema}});
    }
    let mut of_json: Vec<Value> = Vec::new();
    for answer in same {
        let schema = match answer.body {
            BodyShape::Empty | BodyShape::Page => continue,
            BodyShape::Object(component) => schemas.component(component),
            BodyShape::List(component) => {
                let items = schemas.component(component);
                json!({"type": "array", "items": items})
            }
            BodyShape::QueryErrors => schemas.query_errors(),
            BodyShape::Serializer(_) => request_schema(endpoint, operation, schemas),
            BodyShape::FieldErrors => {
                let name = names::errors_component(endpoint, operation);
                let more = operation.description.map_or(&[][..], |description| description.error_keys);
                schemas.field_errors(&name, &operation.fields(), more)
            }
        };
        if !of_json.contains(&schema) {
            of_json.push(schema);
        }
    }
    let mut content = Map::new();
    if let Some(schema) = any_of(of_json) {
        let mut media = json!({"schema": schema});
        if let [answer] = same
            && !matches!(answer.body, BodyShape::Serializer(_))
            && let Some(example) = examples::of_answer(operation, answer)
        {
            media["example"] = example;
        }
        content.insert("application/json".to_owned(), media);
    }
    if same.iter().any(|answer| answer.body == BodyShape::Page) {
        content.insert("text/html".to_owned(), json!({"schema": {"type": "string"}}));
    }
    if !content.is_empty() {
        response["content"] = Value::Object(content);
    }
    response
}

fn any_of(mut schemas: Vec<Value>) -> Option<Value> {
    match schemas.len() {
        0 | 1 => schemas.pop(),
        _ => Some(json!({"anyOf": schemas})),
    }
}

/// The header that goes with a status, whatever the operation.
fn header(status: u16) -> Option<(&'static str, Value)> {
    Some(match status {
        401 => ("WWW-Authenticate", json!({"type": "string"})),
        405 => ("Allow", json!({"type": "string"})),
        429 | 503 => ("Retry-After", json!({"type": "integer"})),
        _ => return None,
    })
}

/// As drf-spectacular describes Simple JWT's (`build_bearer_security_scheme_object`), and the cookie.
fn security_schemes(config: &Config) -> Value {
    let word = config.api.auth_header_types.first().map_or("Bearer", |word| word.as_str());
    let token = match word {
        "Bearer" => json!({"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}),
        word => json!({
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": format!("Token-based authentication with required prefix \"{word}\""),
        }),
    };
    let cookie = json!({
        "type": "apiKey",
        "in": "cookie",
        "name": config.cookies.access_cookie(),
        "description": "The access token that a login puts into a cookie.",
    });
    let api_key = json!({
        "type": "apiKey",
        "in": "header",
        "name": "Authorization",
        "description": format!(
            "An API key of a machine, with required prefix \"{SCHEME}\". The names beside it are the scopes that it needs.",
        ),
    });
    json!({"jwtAuth": token, "cookieAuth": cookie, "apiKeyAuth": api_key})
}

/// The operation that answers the document. It is no view of DRF, since it has formats of its own.
fn schema_operation(coverage: Coverage, schemas: &mut Schemas) -> Value {
    let any = json!({"schema": {"type": "object", "additionalProperties": {}}});
    let parameter = |name: &str, values: &[&str]| json!({"in": "query", "name": name, "schema": {"type": "string", "enum": values}});
    let mut responses = json!({
        "200": {
            "description": "The document.",
            "content": Map::from_iter(DOCUMENT_TYPES.map(|kind| (kind.to_owned(), any.clone()))),
        },
    });
    if coverage == Coverage::All {
        for (status, when) in [
            (404, "The query has another `format` or another kind of `answers`."),
            (405, "The method is not `GET`."),
            (406, "The header `Accept` allows none of the types."),
        ] {
            let detail = schemas.component(&crate::api::openapi::description::DETAIL);
            responses[status.to_string()] =
                json!({"description": when, "content": {"application/json": {"schema": detail}}});
        }
    }
    json!({
        "operationId": "schema_retrieve",
        "summary": "Answers this document.",
        "parameters": [parameter("format", &["json", "yaml"]), parameter("answers", &["all", "success"])],
        "tags": ["schema"],
        "security": [],
        "responses": responses,
    })
}
