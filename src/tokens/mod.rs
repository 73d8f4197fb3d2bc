//! Minting and checking tokens, as Simple JWT 5.2.2 over PyJWT 2.7 does. Called by `accounts`;
//! knows no user, no database and no HTTP.
//!
//! The algorithm comes from here, never from a token: the signature is checked by ours, and a
//! token that names another one, or none, is refused besides.

mod claims;
mod error;
mod mint;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use serde_json::{Map, Value};

pub(crate) use claims::{ClaimedUser, Claims, RefreshClaims};
pub(crate) use error::TokenError;
pub(crate) use mint::MintedRefresh;

use crate::types::{SigningKey, Timestamp};

/// HMAC with SHA-256 (RFC 7518 §3.2), and what a header calls it.
const ALGORITHM: Algorithm = Algorithm::HS256;
const NAME: &str = "HS256";

/// How long tokens live, and how far clocks may differ.
#[derive(Clone, Copy, Debug)]
pub struct Times {
    /// The life of an access token.
    pub access_lifetime: Duration,
    /// The life of a refresh token.
    pub refresh_lifetime: Duration,
    /// How much too early or too late a token may come.
    pub leeway: Duration,
}

/// Signs and checks with one key. Cheap to clone behind an `Arc`.
pub struct Tokens {
    sign: EncodingKey,
    check: DecodingKey,
    times: Times,
}

impl Tokens {
    /// HS256 under `key`.
    #[must_use]
    pub fn new(key: &SigningKey, times: Times) -> Self {
        Self {
            sign: EncodingKey::from_secret(key.as_bytes()),
            check: DecodingKey::from_secret(key.as_bytes()),
            times,
        }
    }

    /// Checks what a stranger sent as an access token: signature and algorithm, then times,
    /// then the claims that Simple JWT asks for, in its order
    /// (`rest_framework_simplejwt/tokens.py`, `Token.__init__`).
    ///
    /// # Errors
    /// The first rule that the token breaks.
    pub fn check_access(&self, token: &[u8], now: Timestamp) -> Result<Claims, TokenError> {
        self.claims(&self.payload(token)?, Some(claims::ACCESS), now)
    }

    /// The same for a refresh token.
    ///
    /// # Errors
    /// The first rule that the token breaks.
    pub fn check_refresh(&self, token: &[u8], now: Timestamp) -> Result<RefreshClaims, TokenError> {
        let payload = self.payload(token)?;
        let claims = self.claims(&payload, Some(claims::REFRESH), now)?;
        Ok(RefreshClaims { claims, payload })
    }

    /// The same for a token of any type, or none (`UntypedToken`).
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
        Claims::read(payload, kind, now, self.times.leeway)
    }

    fn payload(&self, token: &[u8]) -> Result<Map<String, Value>, TokenError> {
        self.decode(token).ok_or(TokenError::InvalidOrExpired)
    }

    /// The payload of a token that is rightly signed, whatever it says.
    ///
    /// Not `jsonwebtoken::decode`, which reads the header and the registered claims into types
    /// of its own and refuses what PyJWT passes over (`"typ": 1`, a claim said twice).
    fn decode(&self, token: &[u8]) -> Option<Map<String, Value>> {
        let token = std::str::from_utf8(token).ok()?;
        let (message, signature) = token.rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        let is_ours = jsonwebtoken::crypto::verify(signature, message.as_bytes(), &self.check, ALGORITHM);
        if !is_ours.unwrap_or(false) {
            return None;
        }
        let header = object(header)?;
        // `b64: false` would mean a payload that is not in the token (RFC 7797 §3).
        let is_plain = header.get("alg")? == NAME && header.get("b64") != Some(&Value::Bool(false));
        is_plain.then(|| object(payload))?
    }
}

/// The JSON object in a part of a token. No padding, no other alphabet, no stray bits
/// (RFC 7515 §2): one token has one spelling.
fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests;
