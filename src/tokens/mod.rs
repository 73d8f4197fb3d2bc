//! Minting and checking tokens, as Simple JWT 5.2.2 over PyJWT 2.7 does. Called by `accounts`; knows no
//! user, no database and no HTTP.

mod claims;
mod error;
mod key_ring;
mod mint;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::EncodingKey;
use serde_json::{Map, Value};

pub(crate) use claims::{ClaimedUser, Claims, RefreshClaims};
pub(crate) use error::TokenError;
pub use key_ring::KeyRing;
pub(crate) use mint::MintedRefresh;

use key_ring::TokenKey;

use crate::types::{SuccessorKey, Timestamp};

/// The lifetimes of tokens, and how far clocks may differ.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// The lifetime of an access token.
    pub access_lifetime: Duration,
    /// The lifetime of a refresh token.
    pub refresh_lifetime: Duration,
    /// By how much `exp`, `nbf` and `iat` may be missed.
    pub leeway: Duration,
}

/// A leeway that every time of a token is within: longer than the years that Python's `datetime` has.
const ANY_TIME: Duration = Duration::from_secs(10_000 * 366 * 24 * 3600);

/// Mints and checks tokens.
pub struct Tokens {
    keys: KeyRing,
    /// Computes the id of a refresh token's successor.
    successor: EncodingKey,
    times: Times,
    /// The name of the claim with the user's id.
    user_id_claim: String,
}

impl Tokens {
    /// With these keys and lifetimes.
    #[must_use]
    pub fn new(keys: KeyRing, successor: &SuccessorKey, times: Times) -> Self {
        let user_id_claim = "user_id".to_owned();
        Self { keys, successor: EncodingKey::from_secret(successor.as_bytes()), times, user_id_claim }
    }

    /// With this name of the claim with the user's id (Simple JWT's `USER_ID_CLAIM`).
    #[must_use]
    pub fn with_user_id_claim(self, name: &str) -> Self {
        Self { user_id_claim: name.to_owned(), ..self }
    }

    /// Checks an access token: signature and algorithm, then times, then the claims that Simple JWT
    /// requires, in its order (`rest_framework_simplejwt/tokens.py`, `Token.__init__`).
    ///
    /// # Errors
    /// The first rule that the token breaks.
    pub fn check_access(&self, token: &[u8], now: Timestamp) -> Result<Claims, TokenError> {
        self.claims(&self.payload(token)?, Some(claims::ACCESS), now)
    }

    /// Reads a token of any type whose signature is valid, at whatever time it is or was valid.
    ///
    /// # Errors
    /// The first other rule that the token breaks.
    pub fn check_signature(&self, token: &[u8], now: Timestamp) -> Result<Claims, TokenError> {
        Claims::read(&self.payload(token)?, None, &self.user_id_claim, now, ANY_TIME)
    }

    /// Checks a refresh token, by the same rules.
    ///
    /// # Errors
    /// The first rule that the token breaks.
    pub fn check_refresh(&self, token: &[u8], now: Timestamp) -> Result<RefreshClaims, TokenError> {
        let payload = self.payload(token)?;
        let claims = self.claims(&payload, Some(claims::REFRESH), now)?;
        Ok(RefreshClaims { claims, payload })
    }

    /// Checks a token of any type, or without one (`UntypedToken`).
    ///
    /// # Errors
    /// The first rule that the token breaks.
    pub fn check_any(&self, token: &[u8], now: Timestamp) -> Result<Claims, TokenError> {
        self.claims(&self.payload(token)?, None, now)
    }

    fn claims(
        &self,
        payload: &Map<String, Value>,
        kind: Option<&str>,
        now: Timestamp,
    ) -> Result<Claims, TokenError> {
        Claims::read(payload, kind, &self.user_id_claim, now, self.times.leeway)
    }

    fn payload(&self, token: &[u8]) -> Result<Map<String, Value>, TokenError> {
        self.decode(token).ok_or(TokenError::InvalidOrExpired)
    }

    /// The payload of a token with a valid signature, whatever it claims.
    ///
    /// Not `jsonwebtoken::decode`, which reads the header and the registered claims into types of its own
    /// and refuses what PyJWT ignores (`"typ": 1`, a claim that stands twice).
    fn decode(&self, token: &[u8]) -> Option<Map<String, Value>> {
        let token = std::str::from_utf8(token).ok()?;
        let (message, signature) = token.rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        let header = object(header)?;
        // An extension that must be understood, of which none is (RFC 7515 §4.1.11). PyJWT 2.7 ignores it.
        // `b64: false` would mean a payload that is not in the token (RFC 7797 §3).
        if header.contains_key("crit") || header.get("b64") == Some(&Value::Bool(false)) {
            return None;
        }
        let algorithm = header.get("alg").and_then(Value::as_str)?;
        let is_signed_with = |key: &TokenKey| {
            key.algorithm_name == algorithm
                && jsonwebtoken::crypto::verify(signature, message.as_bytes(), &key.verify, key.algorithm)
                    .unwrap_or(false)
        };
        let id = header.get("kid").and_then(Value::as_str);
        self.keys.candidates(id).any(is_signed_with).then(|| object(payload))?
    }
}

/// The JSON object in a part of a token. No padding, no other alphabet, no stray bits
/// (RFC 7515 §2): one token has one spelling.
fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests;
