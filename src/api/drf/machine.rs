//! Authentication of machines: a handler that takes a [`Machine`] runs only with a good API key that has the scope
//! which its operation declares.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use crate::accounts::{Actor, ActorKind, ApiKeyError, authenticate_api_key};
use crate::api::drf::body::python::is_space_byte;
use crate::api::drf::endpoint::Endpoint;
use crate::api::drf::error::ApiError;
use crate::app::App;
use crate::http;
use crate::types::ApiScopes;

/// The word before a key, that of djangorestframework-api-key (`rest_framework_api_key/permissions.py`).
pub(crate) const SCHEME: &str = "Api-Key";

/// The program that sent the request.
pub(crate) struct Machine {
    /// It, for the audit log.
    pub actor: Actor,
}

impl FromRequest for Machine {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let app = request.app_data::<Data<App>>().ok_or(ApiError::Internal)?;
            let lines: Vec<&[u8]> =
                request.headers().get_all(header::AUTHORIZATION).map(HeaderValue::as_bytes).collect();
            // Several headers are one with commas (RFC 9110 §5.3), which is not a key.
            let header = lines.join(&b","[..]);
            let sent = key_in(&header).ok_or(ApiError::NotAuthenticated)?;
            let client = http::actor(&request, ActorKind::Anonymous);
            let key = authenticate_api_key(app, sent, client.address).await?;
            require_scope(&request, &key.scopes)?;
            Ok(Self { actor: client.with_kind(ActorKind::ApiKey(key.id)) })
        })
    }
}

/// What follows the scheme, whose letter case does not matter (RFC 9110 §11.1); `None` for another scheme.
pub fn key_in(header: &[u8]) -> Option<&[u8]> {
    let header = header.trim_ascii();
    let end = header.iter().position(|byte| is_space_byte(*byte)).unwrap_or(header.len());
    let (scheme, key) = header.split_at_checked(end)?;
    scheme.eq_ignore_ascii_case(SCHEME.as_bytes()).then(|| key.trim_ascii())
}

/// Refuses a key without the scope of the operation. `OPTIONS`, and a method that is answered 405, need none.
fn require_scope(request: &HttpRequest, scopes: &ApiScopes) -> Result<(), ApiError> {
    let endpoint = request.app_data::<&'static Endpoint>().ok_or(ApiError::Internal)?;
    let method = if *request.method() == Method::HEAD { &Method::GET } else { request.method() };
    let Some(operation) = endpoint.operations.iter().find(|one| one.method == method) else { return Ok(()) };
    match operation.scope {
        Some(scope) if scopes.has(scope) => Ok(()),
        _ => Err(ApiError::ScopeMissing),
    }
}

impl From<ApiKeyError> for ApiError {
    fn from(error: ApiKeyError) -> Self {
        match error {
            ApiKeyError::Refused(refusal) => Self::BadApiKey(refusal),
            ApiKeyError::Throttled(wait) => Self::Throttled(wait),
            ApiKeyError::Store(error) => error.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scheme_is_read_in_any_letter_case_and_no_other_is() {
        for header in ["Api-Key dwk_1", "api-key  dwk_1 ", " API-KEY\tdwk_1"] {
            assert_eq!(key_in(header.as_bytes()), Some(&b"dwk_1"[..]), "{header:?}");
        }
        assert_eq!(key_in(b"Api-Key"), Some(&b""[..]));
        assert_eq!(key_in(b"Api-Key a b"), Some(&b"a b"[..]), "which is no key");
        for header in ["", "Bearer dwk_1", "dwk_1", "Api-Keydwk_1", "Api-Key,dwk_1"] {
            assert_eq!(key_in(header.as_bytes()), None, "{header:?}");
        }
    }
}
