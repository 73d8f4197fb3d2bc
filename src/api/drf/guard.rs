//! Authentication of requests: a handler that takes a [`CurrentUser`] runs only with a valid access token.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use crate::accounts::{Authenticated, AuthenticationError, authenticate};
use crate::api::cookies;
use crate::api::drf::authorization;
use crate::api::drf::authorization::token_of;
use crate::api::drf::error::ApiError;
use crate::app::App;
use crate::config::Config;
use crate::http::{self, OriginPolicy, verify_origin};
use crate::types::{CurrentSession, User};

/// The user of the access token in the request, as the store has them now.
pub(crate) struct CurrentUser {
    /// The user.
    pub user: User,
    /// The session of the token.
    pub session: CurrentSession,
}

impl FromRequest for CurrentUser {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move {
            let app = request.app_data::<Data<App>>().ok_or(ApiError::Internal)?;
            let refused =
                |error: AuthenticationError| ApiError::refused_token(error, app.config.tokens.sliding);
            let Authenticated { user, session, .. } = match token_in(&request, &app.config)? {
                SentToken::InHeader(token) => authenticate(app, &token).await.map_err(refused)?,
                SentToken::InCookie(token) => {
                    let authenticated = authenticate(app, &token).await.map_err(refused)?;
                    http::note_user(&request, authenticated.user.id);
                    verify_origin(&request, OriginPolicy::ApiCookie)?;
                    authenticated
                }
            };
            http::note_user(&request, user.id);
            Ok(Self { user, session })
        })
    }
}

/// That an access token in the header, if there is one, is valid. A cookie is not looked at: one that is stale must not
/// keep its user from logging in.
pub(crate) struct HeaderToken;

impl FromRequest for HeaderToken {
    type Error = ApiError;
    type Future = Pin<Box<dyn Future<Output = Result<Self, ApiError>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        if !request.headers().contains_key(header::AUTHORIZATION) {
            return Box::pin(async { Ok(Self) });
        }
        let user = CurrentUser::from_request(request, payload);
        Box::pin(async move {
            match user.await {
                Ok(_) | Err(ApiError::NotAuthenticated) => Ok(Self),
                Err(error) => Err(error),
            }
        })
    }
}

/// An access token, by where the request has it.
#[derive(Debug)]
enum SentToken {
    InHeader(Vec<u8>),
    InCookie(Vec<u8>),
}

/// The cookie is read only where there is no header at all.
fn token_in(request: &HttpRequest, config: &Config) -> Result<SentToken, ApiError> {
    match authorization::value(request) {
        Some(header) => token_of(&header, &config.api.auth_header_types).map(SentToken::InHeader),
        None => {
            cookies::access_token(request, config).map(SentToken::InCookie).ok_or(ApiError::NotAuthenticated)
        }
    }
}
