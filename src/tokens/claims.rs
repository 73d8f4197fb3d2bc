//! From the payload of a rightly signed token to claims that can be relied on. Called by
//! `Tokens`; the rules are PyJWT's (`jwt/api_jwt.py`) and Simple JWT's (`tokens.py`).

use std::time::Duration;

use serde_json::{Map, Value};

use super::error::TokenError;
use crate::types::{RefreshTokenRecord, SessionHandle, Timestamp, UserId};

/// The last second of the year 9999: Python's `datetime`, and so the reference, knows no later.
const LAST_SECOND: i64 = 253_402_300_799;

/// The `token_type` of an access token, and of a refresh token.
pub(crate) const ACCESS: &str = "access";
pub(crate) const REFRESH: &str = "refresh";

/// What a token says, once it has passed every check that needs no user.
#[derive(Clone, Debug)]
pub struct Claims {
    /// Whom it names.
    pub user: ClaimedUser,
    /// When it was issued, in seconds since 1970. A token need not say.
    pub issued_at: Option<i64>,
    /// The same, if its issuer's clock is ahead by as much as the leeway allows.
    pub issued_at_earliest: Option<i64>,
    /// When it expires.
    pub expires_at: Timestamp,
    /// Which session it is of, by its id.
    pub session: SessionHandle,
    /// Whether it says of itself that it is a refresh token.
    pub is_refresh: bool,
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

/// A refresh token that passed the same checks, with all that it says: what is minted from it says
/// it, too.
#[derive(Clone, Debug)]
pub struct RefreshClaims {
    /// What every token says.
    pub claims: Claims,
    pub(super) payload: Map<String, Value>,
}

impl Claims {
    /// Times first, then `jti`, then `token_type`, if a certain one is asked for: the order of the
    /// reference (`rest_framework_simplejwt/tokens.py`, `Token.verify`).
    pub(super) fn read(
        payload: &Map<String, Value>,
        kind: Option<&str>,
        now: Timestamp,
        leeway: Duration,
    ) -> Result<Self, TokenError> {
        let (issued_at, expires_at) = times(payload, now, leeway)?;
        let id = payload.get("jti").ok_or(TokenError::NoId)?;
        let found = payload.get("token_type");
        match (kind, found) {
            (Some(_), None) => return Err(TokenError::NoType),
            (Some(kind), Some(found)) if found != kind => return Err(TokenError::WrongType),
            _ => {}
        }
        Ok(Self {
            user: claimed_user(payload.get("user_id")),
            issued_at,
            issued_at_earliest: issued_at.map(|iat| iat.saturating_sub(seconds(leeway))),
            expires_at: Timestamp::from_seconds(expires_at),
            session: SessionHandle::from_token_id(&id_text(id)),
            is_refresh: found.is_some_and(|found| found == REFRESH),
        })
    }
}

impl RefreshClaims {
    /// What the store keeps of this token.
    #[must_use]
    pub fn mark(&self) -> RefreshTokenRecord {
        RefreshTokenRecord {
            hash: RefreshTokenRecord::hash_of(&self.id()),
            issued_at: self.claims.issued_at.unwrap_or(0),
            expires_at: self.claims.expires_at.seconds(),
        }
    }

    /// Its id, as a text.
    pub(super) fn id(&self) -> String {
        self.payload.get("jti").map(id_text).unwrap_or_default()
    }
}

/// `iat` and `exp`, if the token is good at this moment (RFC 7519 §4.1.4 to 4.1.6).
fn times(
    payload: &Map<String, Value>,
    now: Timestamp,
    leeway: Duration,
) -> Result<(Option<i64>, i64), TokenError> {
    let latest = now.plus(leeway).seconds();
    let earliest = now.seconds().saturating_sub(seconds(leeway));
    let issued_at = moment(payload, "iat")?;
    let not_before = moment(payload, "nbf")?;
    let expires = moment(payload, "exp")?;
    if issued_at.is_some_and(|iat| iat > latest)
        || not_before.is_some_and(|nbf| nbf > latest)
        || expires.is_some_and(|exp| exp <= earliest)
    {
        return Err(TokenError::InvalidOrExpired);
    }
    let Some(expires) = expires else { return Err(TokenError::NoExpiry) };
    // A text, or milliseconds taken for seconds, is no NumericDate (RFC 7519 §2).
    if expires > LAST_SECOND || !payload.get("exp").is_some_and(Value::is_number) {
        return Err(TokenError::InvalidOrExpired);
    }
    Ok((issued_at, expires))
}

fn seconds(span: Duration) -> i64 {
    i64::try_from(span.as_secs()).unwrap_or(i64::MAX)
}

/// A NumericDate as PyJWT reads it: `int(value)`, so fractions are cut and digits in a text
/// count (in `iat` and `nbf`). What `int` refuses is an invalid token.
fn moment(payload: &Map<String, Value>, name: &str) -> Result<Option<i64>, TokenError> {
    payload.get(name).map(|value| integer(value).ok_or(TokenError::InvalidOrExpired)).transpose()
}

/// An id is a text (RFC 7519 §4.1.7); anything else stands for its JSON.
fn id_text(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
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
