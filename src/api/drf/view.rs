//! What DRF's `APIView.dispatch` does around every verb (`rest_framework/views.py`): content
//! negotiation first, then authentication, then the method, and `Allow` on every answer.
//! `routes` builds its resources with [`public`] and [`protected`].

use actix_web::body::{EitherBody, MessageBody, to_bytes_limited};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{Data, ServiceConfig};
use actix_web::{Error, HttpRequest, HttpResponse, Resource, ResponseError as _, Route, web};
use serde_json::{Value, json};

use crate::api::drf::error::ApiError;
use crate::api::drf::guard::CurrentUser;
use crate::api::drf::negotiation;
use crate::api::drf::negotiation::{NotNegotiable, Rendering};
use crate::api::drf::{response, unread};

/// The largest body that is indented for a client that asked, in bytes. Ours are far smaller.
const INDENTABLE: usize = 1 << 20;

/// A DRF view: its name in the metadata, and the methods it lists in `Allow`.
#[derive(Clone, Copy, Debug)]
pub(crate) struct View {
    /// The path without its last slash. It is served with and without one.
    pub path: &'static str,
    /// DRF's name for the view, in the answer to `OPTIONS`.
    pub name: &'static str,
    /// What `Allow` says.
    pub allow: &'static str,
}

/// A view that looks at no token.
pub(crate) fn public(urls: &mut ServiceConfig, view: View, routes: impl Fn() -> Vec<Route>) {
    hang(urls, view, routes, |resource| {
        resource
            .route(
                web::method(Method::OPTIONS)
                    .to(async |view: Data<View>| response::json(StatusCode::OK, &metadata(&view))),
            )
            .default_service(web::to(async |request: HttpRequest| method_not_allowed(&request)))
    });
}

/// A view that answers 401 to everything, `OPTIONS` and unknown methods included, that comes
/// without a good token. Its routes take a [`CurrentUser`] themselves.
pub(crate) fn protected(urls: &mut ServiceConfig, view: View, routes: impl Fn() -> Vec<Route>) {
    hang(urls, view, routes, |resource| {
        resource
            .route(web::method(Method::OPTIONS).to(async |_: CurrentUser, view: Data<View>| {
                response::json(StatusCode::OK, &metadata(&view))
            }))
            .default_service(web::to(async |_: CurrentUser, request: HttpRequest| {
                method_not_allowed(&request)
            }))
    });
}

/// One resource with the last slash and one without: a resource of several paths would be
/// matched by regular expressions.
fn hang(
    urls: &mut ServiceConfig,
    view: View,
    routes: impl Fn() -> Vec<Route>,
    complete: impl Fn(Resource) -> Resource,
) {
    for path in [format!("{}/", view.path), view.path.to_owned()] {
        let resource = web::resource(path).app_data(Data::new(view));
        let resource = routes().into_iter().fold(resource, Resource::route);
        urls.service(complete(resource).wrap(from_fn(dispatch)));
    }
}

/// DRF's `SimpleMetadata` (`rest_framework/metadata.py`).
pub(crate) fn metadata(view: &View) -> Value {
    json!({
        "name": view.name,
        "description": "",
        "renders": ["application/json"],
        "parses": ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
    })
}

fn method_not_allowed(request: &HttpRequest) -> Result<HttpResponse, ApiError> {
    Err(ApiError::MethodNotAllowed(request.method().to_string()))
}

/// Middleware of every view.
async fn dispatch<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let allow = request.app_data::<Data<View>>().map(|view| view.allow);
    let mut response = match negotiate(&request) {
        Ok(Rendering { indent: None }) => next.call(request).await?.map_into_left_body(),
        Ok(rendering) => indented(next.call(request).await?, &rendering).await,
        Err(error) => request.into_response(error.error_response()).map_into_right_body(),
    };
    // Django's own bare 400, which is a page, is no answer of DRF's.
    let is_json =
        response.headers().get(header::CONTENT_TYPE).is_some_and(|value| value == "application/json");
    if let (Some(allow), true) = (allow, is_json) {
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static(allow));
    }
    Ok(unread::tie(response))
}

fn negotiate(request: &ServiceRequest) -> Result<Rendering, ApiError> {
    let accept = joined(request);
    let format = negotiation::format_of(request.query_string());
    negotiation::negotiate(accept.as_deref(), format.as_deref()).map_err(|error| match error {
        NotNegotiable::Accept => ApiError::NotAcceptable,
        NotNegotiable::Format => ApiError::NotFound,
    })
}

/// Several `Accept` headers mean one list (RFC 9110 §5.3).
fn joined(request: &ServiceRequest) -> Option<Vec<u8>> {
    let lines: Vec<&[u8]> = request.headers().get_all(header::ACCEPT).map(HeaderValue::as_bytes).collect();
    (!lines.is_empty()).then(|| lines.join(&b", "[..]))
}

/// The same answer, its JSON laid out as `Accept: application/json; indent=4` asks.
async fn indented<B: MessageBody + 'static>(
    response: ServiceResponse<B>,
    rendering: &Rendering,
) -> ServiceResponse<EitherBody<B>> {
    let (request, response) = response.into_parts();
    let (head, body) = response.into_parts();
    let compact = to_bytes_limited(body, INDENTABLE).await.ok().and_then(Result::ok).unwrap_or_default();
    let body = match serde_json::from_slice::<Value>(&compact) {
        Ok(value) => rendering.render(&value).into(),
        Err(_) => compact,
    };
    ServiceResponse::new(request, head.set_body(body).map_into_boxed_body().map_into_right_body())
}
