//! Serves an [`Endpoint`] in the order of DRF's `APIView.dispatch` (`rest_framework/views.py`): content
//! negotiation, authentication, the method; and `Allow` in every answer.

use actix_web::body::{EitherBody, MessageBody, to_bytes_limited};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::{Next, from_fn};
use actix_web::web::{Data, ServiceConfig};
use actix_web::{Error, HttpRequest, HttpResponse, Resource, ResponseError as _, Route, web};
use serde_json::Value;

use crate::api::drf::authorization;
use crate::api::drf::endpoint::{Access, Endpoint, Operation};
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::{CurrentUser, HeaderToken};
use crate::api::drf::machine::Machine;
use crate::api::drf::negotiation;
use crate::api::drf::negotiation::{NotNegotiable, Rendering};
use crate::api::drf::{response, unread_body};
use crate::app::App;
use crate::config::{AuthHeaderType, Config};
use crate::http;

/// The largest body that is indented for a client, in bytes. The bodies of the API are far smaller.
const MAX_INDENTED_BODY: usize = 1 << 20;

/// Serves an endpoint at its two URLs, below a prefix.
pub(crate) fn mount(urls: &mut ServiceConfig, prefix: &str, endpoint: &'static Endpoint) {
    // Two resources: Actix matches a resource of several paths by regular expressions.
    for path in [format!("{prefix}{}/", endpoint.path), format!("{prefix}{}", endpoint.path)] {
        let operations = endpoint.operations.iter().map(Operation::route);
        let resource = operations.fold(web::resource(path), Resource::route);
        let resource = match endpoint.access {
            Access::Public => resource
                .route(options().to(move || async { metadata(endpoint) }))
                .default_service(web::to(async |request: HttpRequest| method_not_allowed(&request))),
            Access::HeaderToken => resource
                .route(options().to(move |_: HeaderToken| async { metadata(endpoint) }))
                .default_service(web::to(async |_: HeaderToken, request: HttpRequest| {
                    method_not_allowed(&request)
                })),
            Access::ApiKey => resource
                .app_data(endpoint)
                .route(options().to(move |_: Machine| async { metadata(endpoint) }))
                .default_service(web::to(async |_: Machine, request: HttpRequest| {
                    method_not_allowed(&request)
                })),
            Access::User => resource
                .route(options().to(move |_: CurrentUser| async { metadata(endpoint) }))
                .default_service(web::to(async |_: CurrentUser, request: HttpRequest| {
                    method_not_allowed(&request)
                })),
        };
        // Once, not for each request: building it was measurable at 50,000 requests a second.
        let allow = HeaderValue::from_str(&endpoint.allow()).ok();
        let access = endpoint.access;
        urls.service(
            resource.wrap(from_fn(move |request, next| dispatch(allow.clone(), access, request, next))),
        );
    }
}

fn options() -> Route {
    web::method(Method::OPTIONS)
}

fn metadata(endpoint: &Endpoint) -> HttpResponse {
    response::json(StatusCode::OK, &endpoint.metadata())
}

fn method_not_allowed(request: &HttpRequest) -> Result<HttpResponse, ApiError> {
    Err(ApiError::MethodNotAllowed(request.method().to_string()))
}

/// The middleware of an endpoint with this `Allow`.
async fn dispatch<B: MessageBody + 'static>(
    allow: Option<HeaderValue>,
    access: Access,
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    let app = request.app_data::<Data<App>>().cloned();
    let mut response = match negotiate(&request) {
        Ok(Rendering { indent: None }) => next.call(request).await?.map_into_left_body(),
        Ok(rendering) => indented(next.call(request).await?, &rendering).await,
        Err(error) => request.into_response(error.error_response()).map_into_right_body(),
    };
    let error = response.response().error().and_then(|error| error.as_error::<ApiError>());
    if let Some(reason) = error.and_then(ApiError::refusal) {
        http::note_refusal(response.request(), reason);
    }
    // DRF does not see a request that Django refuses with its bare 400, which is a page.
    let is_of_drf =
        response.headers().get(header::CONTENT_TYPE).is_none_or(|value| value == "application/json");
    if let (true, Some(allow)) = (is_of_drf, allow) {
        response.headers_mut().insert(header::ALLOW, allow);
    }
    if let Some(app) = app {
        name_challenge(response.headers_mut(), access, &app.config);
    }
    Ok(unread_body::move_to_response(response))
}

/// Puts the word for keys, or the first of `api.auth_header_types`, into the challenge of a 401, which an error cannot
/// know.
fn name_challenge(headers: &mut HeaderMap, access: Access, config: &Config) {
    let scheme = match access {
        Access::ApiKey => Some(authorization::SCHEME),
        _ => config.api.auth_header_types.first().map(AuthHeaderType::as_str),
    };
    if headers.contains_key(header::WWW_AUTHENTICATE)
        && let Some(scheme) = scheme
        && let Ok(challenge) = HeaderValue::from_str(&format!("{scheme} realm=\"api\""))
    {
        headers.insert(header::WWW_AUTHENTICATE, challenge);
    }
}

fn negotiate(request: &ServiceRequest) -> Result<Rendering, ApiError> {
    let accept = negotiation::accept_in(request.headers());
    let format = negotiation::format_in(request.query_string());
    negotiation::negotiate(accept.as_deref(), format.as_deref()).map_err(|error| match error {
        NotNegotiable::Accept => ApiError::NotAcceptable,
        NotNegotiable::Format => ApiError::NotFound,
    })
}

/// The answer with its JSON laid out as `Accept: application/json; indent=4` asks.
async fn indented<B: MessageBody + 'static>(
    response: ServiceResponse<B>,
    rendering: &Rendering,
) -> ServiceResponse<EitherBody<B>> {
    let (request, response) = response.into_parts();
    let (head, body) = response.into_parts();
    let compact =
        to_bytes_limited(body, MAX_INDENTED_BODY).await.ok().and_then(Result::ok).unwrap_or_default();
    let body = match serde_json::from_slice::<Value>(&compact) {
        Ok(value) => rendering.render(&value).into(),
        Err(_) => compact,
    };
    ServiceResponse::new(request, head.set_body(body).map_into_boxed_body().map_into_right_body())
}
