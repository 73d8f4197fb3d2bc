//! The bodies about tokens that are refused, as Simple JWT renders them.

use serde_json::{Value, json};

use crate::accounts::{AuthenticationError, PresentedTokenError};
use crate::tokens::TokenError;

/// The `detail` of 503, from the example in DRF's documentation of `APIException`.
pub(super) const UNAVAILABLE: &str = "Service temporarily unavailable, try again later.";

pub(super) fn with_code(error: &impl ToString, code: &str) -> Value {
    json!({"detail": error.to_string(), "code": code})
}

/// `rest_framework_simplejwt/authentication.py` lists one message for each class of token that it tried.
/// Each has the same message: what a token lacks, it lacks as a token of both types.
pub(super) fn authentication(error: &AuthenticationError, accepts_sliding: bool) -> Value {
    match error {
        AuthenticationError::Token(token) => {
            let message = |(class, kind): &(&str, &str)| json!({"token_class": class, "token_type": kind, "message": token.to_string()});
            let classes = [("AccessToken", "access"), ("SlidingToken", "sliding")];
            let tried = if accepts_sliding { &classes } else { &classes[..1] };
            json!({
                "detail": "Given token not valid for any token type",
                "code": "token_not_valid",
                "messages": tried.iter().map(message).collect::<Vec<_>>(),
            })
        }
        AuthenticationError::NoUser => with_code(error, "token_not_valid"),
        AuthenticationError::UserNotFound => with_code(error, "user_not_found"),
        AuthenticationError::UserInactive => with_code(error, "user_inactive"),
        AuthenticationError::Store(_) => json!({"detail": UNAVAILABLE}),
    }
}

/// The error of a token in a body: no classes of token are tried, so there is no list.
pub(super) fn presented_token(error: &PresentedTokenError) -> Value {
    match error {
        PresentedTokenError::Rejected(AuthenticationError::Token(token)) => {
            with_code(token, "token_not_valid")
        }
        PresentedTokenError::Rejected(error) => authentication(error, false),
        PresentedTokenError::NoActiveAccount => with_code(error, "no_active_account"),
        PresentedTokenError::Throttled(_) | PresentedTokenError::Store(_) => json!({"detail": UNAVAILABLE}),
    }
}

pub(super) fn token_refusal(error: &AuthenticationError) -> Option<&'static str> {
    Some(match error {
        AuthenticationError::Token(TokenError::Blacklisted) => "token is revoked",
        AuthenticationError::Token(TokenError::WrongType) => "token of another type",
        AuthenticationError::Token(TokenError::InvalidOrExpired | TokenError::RefreshExpired) => {
            "token is invalid or expired"
        }
        AuthenticationError::Token(_) | AuthenticationError::NoUser => "token lacks a claim",
        AuthenticationError::UserNotFound => "no user of the token",
        AuthenticationError::UserInactive => "user is inactive",
        AuthenticationError::Store(_) => return None,
    })
}
