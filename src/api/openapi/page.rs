//! `GET /api/docs/`: the API as a page, with a `curl` line for each operation. In English, as the API itself.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde_json::Value;

use crate::api::drf::authorization::SCHEME;
use crate::api::drf::body::fields::FieldKind;
use crate::api::drf::endpoint::{Access, Endpoint, Operation};
use crate::api::openapi::description::{Answer, QueryKind, QueryParameter};
use crate::api::openapi::{answers, examples, names};
use crate::app::App;
use crate::texts::Lang;
use crate::types::ApiScope;
use crate::web::{Page, SiteView, language};

#[derive(Template)]
#[template(path = "api/docs.html")]
struct DocsPage<'a> {
    t: Lang,
    site: SiteView,
    /// The public URL, without a slash at its end.
    origin: &'a str,
    /// The word before a token in `Authorization`.
    word: &'a str,
    cookie: String,
    topics: Vec<TopicView>,
    common: Vec<AnswerView>,
}

/// The operations of a topic.
struct TopicView {
    name: String,
    operations: Vec<OperationView>,
}

struct OperationView {
    id: String,
    method: String,
    path: String,
    summary: &'static str,
    is_for_users: bool,
    /// The scope that an API key needs.
    scope: Option<&'static str>,
    query: Vec<FieldView>,
    fields: Vec<FieldView>,
    curl: String,
    answers: Vec<AnswerView>,
}

struct FieldView {
    name: &'static str,
    /// Its type, whether it is required, and its length.
    kind: String,
    help: &'static str,
}

struct AnswerView {
    status: u16,
    when: &'static str,
    /// A body, as JSON.
    example: Option<String>,
}

/// Answers the page.
pub(super) fn get(app: &App, request: &HttpRequest, endpoints: &[&Endpoint]) -> HttpResponse {
    let (origin, types) = (app.config.public_url.origin(), &app.config.api.auth_header_types);
    let word = types.first().map_or("Bearer", |word| word.as_str());
    let page = DocsPage {
        t: language(request),
        site: SiteView::of(app),
        origin,
        word,
        cookie: app.config.cookies.access_cookie(),
        topics: topics(endpoints, origin, word),
        common: answers::common().iter().map(|answer| view(None, answer)).collect(),
    };
    Page::new(page).impersonal().into_response()
}

/// The operations by topic, in the order of declaration.
fn topics(endpoints: &[&Endpoint], origin: &str, word: &str) -> Vec<TopicView> {
    let mut topics: Vec<TopicView> = Vec::new();
    for endpoint in endpoints {
        let name = names::tag(endpoint.path);
        let operations =
            endpoint.operations.iter().map(|operation| operation_view(endpoint, operation, origin, word));
        match topics.iter_mut().find(|topic| topic.name == name) {
            Some(topic) => topic.operations.extend(operations),
            None => topics.push(TopicView { name, operations: operations.collect() }),
        }
    }
    topics
}

fn operation_view(endpoint: &Endpoint, operation: &Operation, origin: &str, word: &str) -> OperationView {
    let path = format!("{}/", endpoint.path);
    let is_for_users = endpoint.access == Access::User;
    let own = answers::success(operation).into_iter().chain(answers::own_refusals(operation).iter().copied());
    let mut own: Vec<Answer> = own.chain(answers::field_errors(operation)).collect();
    own.sort_by_key(|answer| answer.status);
    let fields = operation.fields();
    let credential = match endpoint.access {
        Access::User => Some(format!("{word} $ACCESS")),
        Access::ApiKey => Some(format!("{SCHEME} $API_KEY")),
        Access::Public | Access::HeaderToken => None,
    };
    OperationView {
        id: names::operation_id(&path, operation),
        method: operation.method.to_string(),
        summary: operation.description.map_or(endpoint.name, |description| description.summary),
        is_for_users,
        scope: operation.scope.map(ApiScope::as_str),
        query: operation
            .description
            .map_or(&[][..], |description| description.query)
            .iter()
            .map(parameter)
            .collect(),
        curl: curl(operation, &format!("{origin}{path}"), credential.as_deref()),
        answers: own.iter().map(|answer| view(Some(operation), answer)).collect(),
        fields: fields
            .into_iter()
            .map(|field| {
                let kind = match field.kind {
                    FieldKind::Text => "text",
                    FieldKind::Boolean => "boolean",
                    FieldKind::Texts => "list of texts",
                };
                let required = if field.is_required { ", required" } else { "" };
                let length = field.max_length.map(|max| format!(", at most {max} characters"));
                let kind = format!("{kind}{required}{}", length.unwrap_or_default());
                FieldView { name: field.name, kind, help: field.help }
            })
            .collect(),
        path,
    }
}

fn view(operation: Option<&Operation>, answer: &Answer) -> AnswerView {
    let example = operation.and_then(|operation| examples::of_answer(operation, answer));
    let when = if answer.when.is_empty() { "The request succeeded." } else { answer.when };
    AnswerView { status: answer.status, when, example: example.map(|body| body.to_string()) }
}

/// A parameter of the query.
fn parameter(parameter: &QueryParameter) -> FieldView {
    let kind = match parameter.kind {
        QueryKind::Text => "text".to_owned(),
        QueryKind::Boolean => "boolean".to_owned(),
        QueryKind::Integer(least, most) => format!("whole number from {least} to {most}"),
        QueryKind::Day => "day".to_owned(),
        QueryKind::OneOf(words) => words.join(", "),
    };
    FieldView { name: parameter.name, kind, help: parameter.help }
}

/// A command that makes the request, with the credential that it needs.
fn curl(operation: &Operation, url: &str, credential: Option<&str>) -> String {
    let method = operation.method.as_str();
    let mut command = match method {
        "GET" => format!("curl '{url}'"),
        method => format!("curl -X {method} '{url}'"),
    };
    if let Some(credential) = credential {
        command.push_str(&format!(" \\\n  -H \"Authorization: {credential}\""));
    }
    let body = examples::of_request(operation);
    if !body.is_empty() {
        command.push_str(" \\\n  -H 'Content-Type: application/json'");
        command.push_str(&format!(" \\\n  -d '{}'", Value::Object(body)));
    }
    command
}
