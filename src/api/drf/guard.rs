//! Authentication of requests: a handler that takes a [`CurrentUser`] runs only with a valid access token.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::http::header::{self, HeaderValue};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest};

use crate::accounts::{Authenticated, AuthenticationError, authenticate};
use crate::api::cookies;
use crate::api::drf::body::python::is_space_byte;
use crate::api::drf::error::ApiError;
use crate::app::App;
use crate::config::{AuthHeaderType, Config};
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
    // Several headers are one with commas (RFC 9110 §5.3), which is not a token.
    let lines: Vec<&[u8]> =
        request.headers().get_all(header::AUTHORIZATION).map(HeaderValue::as_bytes).collect();
    match lines.as_slice() {
        [_, ..] => {
            let types = &config.api.auth_header_types;
            token_of(&lines.join(&b","[..]), types).map(SentToken::InHeader)
        }
        [] => {
            cookies::access_token(request, config).map(SentToken::InCookie).ok_or(ApiError::NotAuthenticated)
        }
    }
}

/// `rest_framework_simplejwt/authentication.py`, `get_raw_token`: any run of white space separates, and
/// the scheme is exactly one of `types`, `Bearer` by default: also its letter case, which RFC 9110 §11.1 would
/// ignore. The extractor of actix-web-httpauth allows a single space only.
fn token_of(header: &[u8], types: &[AuthHeaderType]) -> Result<Vec<u8>, ApiError> {
    let is_type = |word: &[u8]| types.iter().any(|one| one.as_str().as_bytes() == word);
    let mut words = header.split(|byte| is_space_byte(*byte)).filter(|word| !word.is_empty());
    match (words.next(), words.next(), words.next()) {
        (Some(word), Some(token), None) if is_type(word) => Ok(token.to_vec()),
        (Some(word), _, _) if is_type(word) => Err(ApiError::BadAuthorizationHeader),
        _ => Err(ApiError::NotAuthenticated),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bearer(header: &[u8]) -> Result<Vec<u8>, ApiError> {
        token_of(header, &[AuthHeaderType::parse("Bearer").unwrap()])
    }

    #[test]
    fn each_configured_type_counts_in_its_own_letter_case() {
        let types = ["JWT", "bearer"].map(|word| AuthHeaderType::parse(word).unwrap());
        for header in ["JWT t", "bearer t"] {
            assert_eq!(token_of(header.as_bytes(), &types).unwrap(), b"t", "{header}");
        }
        for header in ["Bearer t", "jwt t", "JWTt", "Token t"] {
            assert!(
                matches!(token_of(header.as_bytes(), &types), Err(ApiError::NotAuthenticated)),
                "{header}"
            );
        }
        assert!(matches!(token_of(b"JWT", &types), Err(ApiError::BadAuthorizationHeader)));
    }

    #[test]
    fn any_run_of_white_space_separates_scheme_and_token() {
        for header in ["Bearer t", "  Bearer \t t ", "Bearer\x0bt"] {
            assert_eq!(bearer(header.as_bytes()).unwrap(), b"t", "{header:?}");
        }
    }

    #[test]
    fn a_header_of_one_word_or_three_is_refused() {
        for header in ["Bearer", "Bearer ", "Bearer a b"] {
            assert!(matches!(bearer(header.as_bytes()), Err(ApiError::BadAuthorizationHeader)), "{header:?}");
        }
    }

    #[test]
    fn another_scheme_counts_as_no_token() {
        for header in ["", "bearer t", "BEARER t", "Token t", "t", "Basic dTpw"] {
            assert!(matches!(bearer(header.as_bytes()), Err(ApiError::NotAuthenticated)), "{header:?}");
        }
    }
}
