//! `GET /api/schema/`, with the formats of drf-spectacular's view (`drf_spectacular/views.py`, `SpectacularAPIView`):
//! JSON and YAML, by `Accept` or `?format=`. JSON is the default, which readers of YAML can read, too.

use std::sync::Arc;

use actix_web::guard::{GuardContext, fn_guard};
use actix_web::http::StatusCode;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::{self, Data, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, ResponseError as _};

use crate::api::drf::endpoint::Endpoint;
use crate::api::drf::error::ApiError;
use crate::api::drf::negotiation;
use crate::api::openapi::document::{Coverage, DOCUMENT_TYPES, document};
use crate::api::openapi::page;
use crate::api::openapi::yaml::to_yaml;
use crate::app::App;
use crate::http;

/// Serves the document and the page about these endpoints. Without `api.schema` they are 404.
pub(crate) fn configure(urls: &mut ServiceConfig, endpoints: &[&'static Endpoint]) {
    for path in ["/api/schema/", "/api/schema"] {
        let endpoints: Arc<[&Endpoint]> = Arc::from(endpoints);
        let get = move |app: Data<App>, request: HttpRequest| {
            let endpoints = Arc::clone(&endpoints);
            async move { get(&app, &request, &endpoints) }
        };
        let resource = web::resource(path).guard(fn_guard(is_on)).route(http::get_or_head().to(get));
        urls.service(resource.default_service(web::to(async |request: HttpRequest| {
            refusal(&ApiError::MethodNotAllowed(request.method().to_string()))
        })));
    }
    for path in ["/api/docs/", "/api/docs"] {
        let endpoints: Arc<[&Endpoint]> = Arc::from(endpoints);
        let get = move |app: Data<App>, request: HttpRequest| {
            let endpoints = Arc::clone(&endpoints);
            async move { page::get(&app, &request, &endpoints) }
        };
        urls.service(web::resource(path).guard(fn_guard(is_on)).route(http::get_or_head().to(get)));
    }
}

fn is_on(context: &GuardContext<'_>) -> bool {
    context.app_data::<Data<App>>().is_some_and(|app| app.config.api.schema)
}

fn get(app: &App, request: &HttpRequest, endpoints: &[&Endpoint]) -> HttpResponse {
    let kind = match negotiated(request) {
        Ok(kind) => kind,
        Err(error) => return refusal(&error),
    };
    let coverage = match negotiation::parameter_in(request.query_string(), "answers").as_deref() {
        Some("success") => Coverage::Success,
        None | Some("" | "all") => Coverage::All,
        // As an unknown format is.
        Some(_) => return refusal(&ApiError::NotFound),
    };
    let document = document(endpoints, &app.config, coverage);
    let (text, charset, end) = match is_yaml(kind) {
        true => (to_yaml(&document), "; charset=utf-8", "yaml"),
        false => (format!("{document:#}"), "", "json"),
    };
    let disposition = format!("inline; filename=\"doorward.{end}\"");
    let mut response = HttpResponse::build(StatusCode::OK)
        .content_type(format!("{kind}{charset}"))
        .insert_header((header::CONTENT_DISPOSITION, disposition))
        .body(text);
    name_variants(&mut response);
    response
}

/// The type of the answer.
fn negotiated(request: &HttpRequest) -> Result<&'static str, ApiError> {
    let types = match negotiation::format_in(request.query_string()).as_deref() {
        None | Some("") => DOCUMENT_TYPES.to_vec(),
        Some("json") => DOCUMENT_TYPES.into_iter().filter(|kind| !is_yaml(kind)).collect(),
        Some("yaml") => DOCUMENT_TYPES.into_iter().filter(|kind| is_yaml(kind)).collect(),
        Some(_) => return Err(ApiError::NotFound),
    };
    let accept = negotiation::accept_in(request.headers());
    negotiation::choose(accept.as_deref(), &types).ok_or(ApiError::NotAcceptable)
}

fn is_yaml(kind: &str) -> bool {
    !kind.ends_with("json")
}

fn refusal(error: &ApiError) -> HttpResponse {
    let mut response = error.error_response();
    name_variants(&mut response);
    response
}

fn name_variants(response: &mut HttpResponse) {
    let headers = response.headers_mut();
    headers.insert(header::ALLOW, HeaderValue::from_static("GET, HEAD"));
    headers.insert(header::VARY, HeaderValue::from_static("Accept"));
}
