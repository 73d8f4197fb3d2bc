//! The errors of the API, each with its status, headers and body as DRF renders them
//! (`rest_framework/exceptions.py`, `rest_framework/views.py`). The errors of layers below are converted
//! here where several endpoints have them, else beside the handler. An unexpected error is logged here,
//! once, and the client gets no details.

use std::time::Duration;

use actix_web::http::{StatusCode, header};
use actix_web::{HttpResponse, HttpResponseBuilder, ResponseError};
use actix_web_httpauth::headers::www_authenticate::bearer::Bearer;
use serde_json::{Value, json};
use thiserror::Error;

use crate::accounts::{
    AccountError, ApiKeyRefusal, AuthenticationError, KeyError, LogInError, PresentedTokenError, WeakPassword,
};
use crate::api::drf::body::{BodyError, FieldErrors};
use crate::api::drf::negotiation::Rendering;
use crate::api::drf::token_error::{UNAVAILABLE, authentication, presented_token, token_refusal, with_code};
use crate::http;
use crate::passwords::EngineError;
use crate::store::{StoreError, Unique};
use crate::tokens::TokenError;
use crate::web;

/// `Retry-After` where the database could not serve a request.
const STORE_RETRY: Duration = Duration::from_secs(1);

/// An answer other than success.
#[derive(Debug, Error)]
pub(crate) enum ApiError {
    /// 400: the body cannot be parsed. Holds the `detail`.
    #[error("{0}")]
    Parse(String),
    /// 400 as a page: Django refuses such a form before DRF sees it.
    #[error("too many or too large form fields")]
    SuspiciousForm,
    /// 400: lists of messages under the fields' names.
    #[error("invalid fields")]
    Fields(#[from] FieldErrors),
    /// 400: another user has the name or email, in the words of `PUT /api/user/`.
    #[error("another user has the name or email")]
    Taken(Vec<Unique>),
    /// 403: `registration.mode` is `closed`.
    #[error("Registration is closed.")]
    RegistrationClosed,
    /// 403: `account.change` does not contain it. The words are those of DRF's `PermissionDenied`
    /// (`rest_framework/exceptions.py`).
    #[error("You do not have permission to perform this action.")]
    ChangeNotAllowed,
    /// 401: the request has no token.
    #[error("Authentication credentials were not provided.")]
    NotAuthenticated,
    /// 401: `Authorization: Bearer` without a token or with more than one.
    #[error("Authorization header must contain two space-delimited values")]
    BadAuthorizationHeader,
    /// 401: the access token is not valid.
    #[error(transparent)]
    Authentication(AuthenticationError),
    /// 401: as [`Self::Authentication`], where sliding tokens are accepted, too.
    #[error(transparent)]
    SlidingAuthentication(AuthenticationError),
    /// 401: the API key is not accepted. Clients are not told why.
    #[error("Invalid API key.")]
    BadApiKey(ApiKeyRefusal),
    /// 403: the API key lacks the scope. The words are those of DRF's `PermissionDenied`.
    #[error("You do not have permission to perform this action.")]
    ScopeMissing,
    /// 409: what the account is does not permit the change. Holds the `detail`.
    #[error("{0}")]
    Conflict(&'static str),
    /// 412 (RFC 9110 §13.1.1): the account is not the one that `If-Match` names.
    #[error("The account was changed in the meantime.")]
    Changed,
    /// 401: a token in a body is not valid (`rest_framework_simplejwt/views.py`, `TokenViewBase`).
    #[error(transparent)]
    PresentedToken(PresentedTokenError),
    /// 401: neither the body nor a cookie has a refresh token (`dj_rest_auth/jwt_auth.py`).
    #[error("No valid refresh token found.")]
    NoRefreshToken,
    /// 401: wrong credentials at `/api/token/`.
    #[error("No active account found with the given credentials")]
    NoActiveAccount,
    /// 403: by its headers, a browser sent the cookie on behalf of another site.
    #[error("CSRF Failed: {0}")]
    Csrf(#[from] http::ForeignOrigin),
    /// 404: wrong credentials at `/api/login/`.
    #[error("Invalid username or password")]
    InvalidCredentials,
    /// 400: the key of a link is not valid.
    #[error("Link is invalid or expired")]
    BadKey,
    /// 403: no administrator would remain.
    #[error("The last administrator cannot delete their account.")]
    LastAdministrator,
    /// 404, such as for an unknown `?format=` or session.
    #[error("Not found.")]
    NotFound,
    /// 404: the cursor of a page is none of this list's (`rest_framework/pagination.py`, `CursorPagination`).
    #[error("Invalid cursor")]
    InvalidCursor,
    /// 405. Holds the method.
    #[error("Method \"{0}\" not allowed.")]
    MethodNotAllowed(String),
    /// 406.
    #[error("Could not satisfy the request Accept header.")]
    NotAcceptable,
    /// 400: the body ends early, or its chunks are malformed.
    #[error("Request body is broken.")]
    BodyBroken,
    /// 408: the body did not arrive in time.
    #[error("Request body did not arrive in time.")]
    BodyTimeout,
    /// 413. Holds the greatest length, in bytes.
    #[error("Request body is larger than {0} bytes.")]
    BodyTooLarge(usize),
    /// 415. Holds the header as it was sent.
    #[error("Unsupported media type \"{0}\" in request.")]
    UnsupportedMediaType(String),
    /// 415 (RFC 9110 §15.5.16). Holds the header `Content-Encoding` as it was sent.
    #[error("Unsupported content encoding \"{0}\" in request.")]
    UnsupportedEncoding(String),
    /// 429. Holds how long to wait.
    #[error("Request was throttled.")]
    Throttled(Duration),
    /// 503. Holds how long to wait.
    #[error("{UNAVAILABLE}")]
    Unavailable(Duration),
    /// 500, after the error was logged.
    #[error("A server error occurred.")]
    Internal,
}

impl ApiError {
    /// The refusal of the token that a request carries.
    pub(crate) fn refused_token(error: AuthenticationError, accepts_sliding: bool) -> Self {
        match Self::from(error) {
            Self::Authentication(error) if accepts_sliding => Self::SlidingAuthentication(error),
            other => other,
        }
    }

    /// Why access is refused, for the log: nothing that a client wrote.
    pub(crate) fn refusal(&self) -> Option<&'static str> {
        Some(match self {
            Self::NotAuthenticated | Self::NoRefreshToken => "no token",
            Self::BadAuthorizationHeader => "malformed Authorization header",
            Self::Authentication(error) | Self::SlidingAuthentication(error) => token_refusal(error)?,
            Self::PresentedToken(PresentedTokenError::Rejected(error)) => token_refusal(error)?,
            Self::PresentedToken(_) => "no active user of the token",
            Self::BadApiKey(ApiKeyRefusal::Wrong) => "wrong API key",
            Self::BadApiKey(ApiKeyRefusal::Expired) => "expired API key",
            Self::BadApiKey(ApiKeyRefusal::Revoked) => "revoked API key",
            Self::BadApiKey(ApiKeyRefusal::ForeignNetwork) => "API key from another network",
            Self::ScopeMissing => "not in the scopes of the API key",
            Self::NoActiveAccount | Self::InvalidCredentials => "wrong credentials",
            Self::Csrf(_) => "cookie sent by another site",
            Self::RegistrationClosed => "registration is closed",
            Self::ChangeNotAllowed => "not in account.change",
            Self::LastAdministrator => "last administrator",
            Self::Throttled(_) => "rate limit",
            _ => return None,
        })
    }

    fn body(&self) -> Value {
        match self {
            Self::Fields(errors) => errors.to_json(),
            Self::Taken(taken) => taken.iter().copied().map(taken_field).collect(),
            Self::InvalidCredentials => json!({"Invalid": self.to_string()}),
            Self::BadAuthorizationHeader => with_code(self, "bad_authorization_header"),
            Self::NoRefreshToken => with_code(self, "token_not_valid"),
            Self::Authentication(error) => authentication(error, false),
            Self::SlidingAuthentication(error) => authentication(error, true),
            Self::PresentedToken(error) => presented_token(error),
            Self::Throttled(wait) => json!({"detail": throttled(*wait)}),
            _ => json!({"detail": self.to_string()}),
        }
    }
}

impl ResponseError for ApiError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::Parse(_)
            | Self::SuspiciousForm
            | Self::Fields(_)
            | Self::Taken(_)
            | Self::BadKey
            | Self::BodyBroken => StatusCode::BAD_REQUEST,
            Self::NotAuthenticated
            | Self::BadAuthorizationHeader
            | Self::Authentication(_)
            | Self::SlidingAuthentication(_)
            | Self::BadApiKey(_)
            | Self::PresentedToken(_)
            | Self::NoRefreshToken
            | Self::NoActiveAccount => StatusCode::UNAUTHORIZED,
            Self::Csrf(_)
            | Self::ScopeMissing
            | Self::RegistrationClosed
            | Self::ChangeNotAllowed
            | Self::LastAdministrator => StatusCode::FORBIDDEN,
            Self::Conflict(_) => StatusCode::CONFLICT,
            Self::Changed => StatusCode::PRECONDITION_FAILED,
            Self::InvalidCredentials | Self::NotFound | Self::InvalidCursor => StatusCode::NOT_FOUND,
            Self::MethodNotAllowed(_) => StatusCode::METHOD_NOT_ALLOWED,
            Self::NotAcceptable => StatusCode::NOT_ACCEPTABLE,
            Self::BodyTimeout => StatusCode::REQUEST_TIMEOUT,
            Self::BodyTooLarge(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::UnsupportedMediaType(_) | Self::UnsupportedEncoding(_) => {
                StatusCode::UNSUPPORTED_MEDIA_TYPE
            }
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        if matches!(self, Self::SuspiciousForm) {
            return web::error_page(web::Viewer::default(), StatusCode::BAD_REQUEST);
        }
        let mut response = HttpResponseBuilder::new(self.status_code());
        match self {
            Self::Throttled(wait) | Self::Unavailable(wait) => {
                response.insert_header((header::RETRY_AFTER, http::retry_after(*wait)));
            }
            // The rest of such a body is not read.
            Self::BodyTimeout | Self::BodyTooLarge(_) | Self::BodyBroken => {
                response.force_close();
            }
            // The encodings that would do (RFC 9110 §12.5.3).
            Self::UnsupportedEncoding(_) => {
                response.insert_header((header::ACCEPT_ENCODING, "identity"));
            }
            _ if self.status_code() == StatusCode::UNAUTHORIZED => {
                let challenge = Bearer::build().realm("api").finish().to_string();
                response.insert_header((header::WWW_AUTHENTICATE, challenge));
            }
            _ => {}
        }
        response.content_type("application/json").body(Rendering::default().render(&self.body()))
    }
}

/// One text instead of a list, as the view of the reference server answers.
fn taken_field(unique: Unique) -> (String, Value) {
    let (key, text) = match unique {
        Unique::Username => ("username error", "That username already registered"),
        Unique::Email => ("email error", "That email already exists"),
    };
    (key.to_owned(), json!(text))
}

/// The password rules that are broken, as messages of a field.
pub(crate) fn weak_password(field: &str, weak: &WeakPassword) -> ApiError {
    let errors: FieldErrors =
        weak.violations().iter().map(|violation| (field, violation.to_string())).collect();
    errors.into()
}

/// DRF's text, which has a singular (`rest_framework/exceptions.py`, `Throttled`).
fn throttled(wait: Duration) -> String {
    let seconds = http::retry_after(wait);
    let unit = if seconds == 1 { "second" } else { "seconds" };
    format!("Request was throttled. Expected available in {seconds} {unit}.")
}

impl From<BodyError> for ApiError {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::Parse(detail) => Self::Parse(detail),
            BodyError::UnsupportedMediaType(header) => Self::UnsupportedMediaType(header),
            BodyError::TooManyFields | BodyError::FieldsTooLarge => Self::SuspiciousForm,
        }
    }
}

impl From<AuthenticationError> for ApiError {
    fn from(error: AuthenticationError) -> Self {
        match error {
            AuthenticationError::Store(error) => error.into(),
            other => Self::Authentication(other),
        }
    }
}

impl From<LogInError> for ApiError {
    fn from(error: LogInError) -> Self {
        match error {
            LogInError::Invalid => Self::InvalidCredentials,
            LogInError::Throttled(wait) => Self::Throttled(wait),
            LogInError::Engine(error) => error.into(),
            LogInError::Store(error) => error.into(),
            LogInError::Token(error) => internal(&error),
        }
    }
}

impl From<PresentedTokenError> for ApiError {
    fn from(error: PresentedTokenError) -> Self {
        match error {
            PresentedTokenError::Throttled(wait) => Self::Throttled(wait),
            PresentedTokenError::Store(error) => error.into(),
            other => Self::PresentedToken(other),
        }
    }
}

impl From<AccountError> for ApiError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::NotFound => Self::NotFound,
            AccountError::Store(error) => error.into(),
            AccountError::Changed => Self::Changed,
            AccountError::LastAdministrator => {
                Self::Conflict("This is the last administrator who can log in.")
            }
            AccountError::ToBeDeleted => {
                Self::Conflict("The account is to be deleted. Cancel the deletion first.")
            }
        }
    }
}

impl From<KeyError> for ApiError {
    fn from(error: KeyError) -> Self {
        match error {
            KeyError::Bad => Self::BadKey,
            KeyError::Throttled(wait) => Self::Throttled(wait),
            KeyError::Store(error) => error.into(),
        }
    }
}

impl From<EngineError> for ApiError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Busy { retry_after } => Self::Unavailable(retry_after),
            EngineError::Lost => internal(&error),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if error.is_passing() {
            if !error.is_logged() {
                tracing::error!(%error, "the database could not serve a request");
            }
            Self::Unavailable(STORE_RETRY)
        } else {
            internal(&error)
        }
    }
}

impl From<TokenError> for ApiError {
    fn from(error: TokenError) -> Self {
        Self::Authentication(error.into())
    }
}

fn internal(error: &dyn std::error::Error) -> ApiError {
    tracing::error!(%error, "a request failed for an unexpected reason");
    ApiError::Internal
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wait_is_rounded_up_and_one_second_is_singular() {
        assert_eq!(
            throttled(Duration::from_millis(900)),
            "Request was throttled. Expected available in 1 second."
        );
        assert_eq!(
            throttled(Duration::from_millis(29_001)),
            "Request was throttled. Expected available in 30 seconds."
        );
    }

    #[test]
    fn every_401_has_a_challenge_with_the_realm() {
        for error in [ApiError::NotAuthenticated, ApiError::BadAuthorizationHeader, TokenError::NoId.into()] {
            let response = error.error_response();
            assert_eq!(response.headers().get("WWW-Authenticate").unwrap(), "Bearer realm=\"api\"");
        }
    }

    #[test]
    fn the_answer_to_an_unexpected_error_has_no_details() {
        let error = ApiError::from(StoreError::Migration("secret detail".into()));
        assert_eq!(error.status_code(), StatusCode::INTERNAL_SERVER_ERROR);
        assert_eq!(error.body(), json!({"detail": "A server error occurred."}));
    }

    #[test]
    fn a_full_disk_is_answered_with_503_and_retry_after() {
        let response = ApiError::from(StoreError::Full).error_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers().get("Retry-After").unwrap(), "1");
    }
}
