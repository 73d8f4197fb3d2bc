//! From the payload of a rightly signed token to claims that can be relied on. Called by
//! `Tokens`; the rules are PyJWT's (`jwt/api_jwt.py`) and Simple JWT's (`tokens.py`).

use serde_json::{Map, Value};

use super::error::TokenError;
use crate::types::{Timestamp, UserId};

/// The last second of the year 9999: Python's `datetime`, and so the reference, knows no later.
const LAST_SECOND: i64 = 253_402_300_799;

/// The `token_type` of an access token.
pub const ACCESS: &str = "access";

/// The claims of an access token that passed every check that needs no user.
#[derive(Clone, Debug)]
pub struct AccessClaims {
    /// Whom it names.
    pub user: ClaimedUser,
    /// When it was issued, in seconds since 1970. A token need not say.
    pub issued_at: Option<i64>,
}

/// What the claim `user_id` says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClaimedUser {
    /// An id: a whole number, or its text as Simple JWT 5.5 writes it.
    Id(UserId),
    /// Something that is no user's id, such as null or a word.
    Nobody,
    /// The claim is missing.
    Unsaid,
}

impl AccessClaims {
    /// Times first, then `jti`, then `token_type`: the order of the reference.
    pub(super) fn from_payload(payload: &Map<String, Value>, now: Timestamp) -> Result<Self, TokenError> {
        let now = now.seconds();
        let issued_at = moment(payload, "iat")?;
        let not_before = moment(payload, "nbf")?;
        let expires = moment(payload, "exp")?;
        // RFC 7519 §4.1.4 to 4.1.6; no leeway, as in the reference.
        if issued_at.is_some_and(|iat| iat > now)
            || not_before.is_some_and(|nbf| nbf > now)
            || expires.is_some_and(|exp| exp <= now)
        {
            return Err(TokenError::InvalidOrExpired);
        }
        let Some(expires) = expires else { return Err(TokenError::NoExpiry) };
        // A text, or milliseconds taken for seconds, is no NumericDate (RFC 7519 §2).
        if expires > LAST_SECOND || !payload.get("exp").is_some_and(Value::is_number) {
            return Err(TokenError::InvalidOrExpired);
        }
        if !payload.contains_key("jti") {
            return Err(TokenError::NoId);
        }
        match payload.get("token_type") {
            None => return Err(TokenError::NoType),
            Some(kind) if kind != ACCESS => return Err(TokenError::WrongType),
            Some(_) => {}
        }
        Ok(Self { user: claimed_user(payload.get("user_id")), issued_at })
    }
}

/// A NumericDate as PyJWT reads it: `int(value)`, so fractions are cut and digits in a text
/// count (in `iat` and `nbf`). What `int` refuses is an invalid token.
fn moment(payload: &Map<String, Value>, name: &str) -> Result<Option<i64>, TokenError> {
    payload.get(name).map(|value| integer(value).ok_or(TokenError::InvalidOrExpired)).transpose()
}

fn claimed_user(value: Option<&Value>) -> ClaimedUser {
    match value {
        None => ClaimedUser::Unsaid,
        Some(value) => integer(value).map_or(ClaimedUser::Nobody, |id| ClaimedUser::Id(UserId::new(id))),
    }
}

/// Python's `int()` of a JSON value, within 64 bits. Booleans, which Python counts as 0 and 1,
/// are refused: nobody means user 1 by `true`.
fn integer(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().and_then(truncated)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "the range is checked, and cutting the fraction is meant"
)]
fn truncated(number: f64) -> Option<i64> {
    const LIMIT: f64 = 9_223_372_036_854_775_807.0;
    (number.is_finite() && number.abs() < LIMIT).then_some(number as i64)
}
