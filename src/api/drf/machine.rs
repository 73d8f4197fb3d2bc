//! Authentication of machines: a handler that takes a [`Machine`] runs only with a good API key that has the scope
//! which its operation declares.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::Method;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use crate::accounts::{Actor, ActorKind, ApiKeyError, authenticate_api_key};
use crate::api::drf::authorization;
use crate::api::drf::authorization::key_in;
use crate::api::drf::endpoint::Endpoint;
use crate::api::drf::error::ApiError;
use crate::app::App;
use crate::http;
use crate::types::ApiScopes;

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
            let header = authorization::value(&request).unwrap_or_default();
            let sent = key_in(&header).ok_or(ApiError::NotAuthenticated)?;
            let client = http::actor(&request, ActorKind::Anonymous);
            let key = authenticate_api_key(app, sent, client.address).await?;
            require_scope(&request, &key.scopes)?;
            Ok(Self { actor: client.with_kind(ActorKind::ApiKey(key.id)) })
        })
    }
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
