//! From the payload of a token with a valid signature to checked claims. The rules are those of PyJWT
//! (`jwt/api_jwt.py`) and Simple JWT (`tokens.py`).

use std::time::Duration;

use serde_json::{Map, Value};

use super::error::TokenError;
use crate::types::{PublicId, RefreshTokenRecord, SessionHandle, Timestamp, UserId};

/// The last second of the year 9999, which is the last of Python's `datetime`.
const MAX_SECONDS: i64 = 253_402_300_799;

/// The `token_type` of an access token, of a refresh token, and of a sliding token.
pub(crate) const ACCESS: &str = "access";
pub(crate) const REFRESH: &str = "refresh";
pub(crate) const SLIDING: &str = "sliding";

/// The claims of a token that passed every check that needs no user.
#[derive(Clone, Debug)]
pub struct Claims {
    /// The user.
    pub user: ClaimedUser,
    /// When it was issued, in seconds since 1970, if the token has the claim.
    pub issued_at: Option<i64>,
    /// When it was issued at the earliest: its issuer's clock may be ahead by the leeway.
    pub issued_at_earliest: Option<i64>,
    /// When it expires.
    pub expires_at: Timestamp,
    /// The session that its id belongs to.
    pub session: SessionHandle,
    /// Whether its type is "refresh".
    pub is_refresh: bool,
}

/// The claim that names the user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClaimedUser {
    /// An id: a whole number, or a text. Simple JWT 5.5 writes numbers as texts, too.
    Id(PublicId),
    /// A value that is no user's id, such as null.
    Invalid,
    /// No claim.
    Missing,
}

/// The claims of a checked refresh token, with its whole payload: tokens that are minted from it copy it.
#[derive(Clone, Debug)]
pub struct RefreshClaims {
    /// The claims that every token has.
    pub claims: Claims,
    pub(super) payload: Map<String, Value>,
}

impl Claims {
    /// Checks times first, then `jti`, then `token_type` if some are required: the order of
    /// `rest_framework_simplejwt/tokens.py`, `Token.verify`. `user_id` is the name of the claim with the user's id.
    pub(super) fn read(
        payload: &Map<String, Value>,
        kinds: &[&str],
        user_id: &str,
        now: Timestamp,
        leeway: Duration,
    ) -> Result<Self, TokenError> {
        let (issued_at, expires_at) = times(payload, now, leeway)?;
        let id = payload.get("jti").ok_or(TokenError::NoId)?;
        let claimed = payload.get("token_type");
        match claimed {
            _ if kinds.is_empty() => {}
            None => return Err(TokenError::NoType),
            Some(claimed) if kinds.iter().any(|kind| claimed == kind) => {}
            Some(_) => return Err(TokenError::WrongType),
        }
        Ok(Self {
            user: claimed_user(payload.get(user_id)),
            issued_at,
            issued_at_earliest: issued_at.map(|iat| iat.saturating_sub(seconds(leeway))),
            expires_at: Timestamp::from_seconds(expires_at),
            session: SessionHandle::from_token_id(&id_text(id)),
            is_refresh: claimed.is_some_and(|claimed| claimed == REFRESH),
        })
    }
}

impl RefreshClaims {
    /// The record of this token for the database.
    #[must_use]
    pub fn record(&self) -> RefreshTokenRecord {
        RefreshTokenRecord {
            hash: RefreshTokenRecord::hash_of(&self.id()),
            issued_at: self.claims.issued_at.unwrap_or(0),
            expires_at: self.claims.expires_at.seconds(),
        }
    }

    /// Its id (`jti`) as text.
    pub(super) fn id(&self) -> String {
        self.payload.get("jti").map(id_text).unwrap_or_default()
    }
}

/// `iat` and `exp` of a token that is valid now (RFC 7519 §4.1.4 to 4.1.6).
fn times(
    payload: &Map<String, Value>,
    now: Timestamp,
    leeway: Duration,
) -> Result<(Option<i64>, i64), TokenError> {
    let latest = now.plus(leeway).seconds();
    let earliest = now.seconds().saturating_sub(seconds(leeway));
    let issued_at = numeric_date(payload, "iat")?;
    let not_before = numeric_date(payload, "nbf")?;
    let expires = numeric_date(payload, "exp")?;
    if issued_at.is_some_and(|iat| iat > latest)
        || not_before.is_some_and(|nbf| nbf > latest)
        || expires.is_some_and(|exp| exp <= earliest)
    {
        return Err(TokenError::InvalidOrExpired);
    }
    let Some(expires) = expires else { return Err(TokenError::NoExpiry) };
    // A text is no NumericDate, and neither are milliseconds (RFC 7519 §2).
    if expires > MAX_SECONDS || !payload.get("exp").is_some_and(Value::is_number) {
        return Err(TokenError::InvalidOrExpired);
    }
    Ok((issued_at, expires))
}

pub(super) fn seconds(span: Duration) -> i64 {
    i64::try_from(span.as_secs()).unwrap_or(i64::MAX)
}

/// A NumericDate as PyJWT reads it, with `int(value)`: fractions are cut, and in `iat` and `nbf` a text
/// of digits counts. A value that `int` refuses makes the token invalid.
pub(super) fn numeric_date(payload: &Map<String, Value>, name: &str) -> Result<Option<i64>, TokenError> {
    payload.get(name).map(|value| integer(value).ok_or(TokenError::InvalidOrExpired)).transpose()
}

/// An id is a text (RFC 7519 §4.1.7). Of any other value, the JSON is taken.
fn id_text(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

fn claimed_user(value: Option<&Value>) -> ClaimedUser {
    let id = match value {
        None => return ClaimedUser::Missing,
        Some(Value::String(text)) => PublicId::text(text.clone()),
        Some(value) => integer(value).map(|id| PublicId::Integer(UserId::new(id))),
    };
    id.map_or(ClaimedUser::Invalid, ClaimedUser::Id)
}

/// Python's `int()` of a JSON value, within 64 bits. Unlike there, `true` is not user 1.
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
