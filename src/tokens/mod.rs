//! Minting and checking tokens, as Simple JWT 5.2.2 over PyJWT 2.7 does. Called by `accounts`;
//! knows no user, no database and no HTTP.
//!
//! The algorithm comes from here, never from a token: the signature is checked by ours, and a
//! token that names another one, or none, is refused besides.

mod claims;
mod error;

use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header};
use serde::Serialize;
use serde_json::{Map, Value};

pub use claims::{AccessClaims, ClaimedUser};
pub use error::TokenError;

use crate::types::{AccessToken, SigningKey, Timestamp, UserId};

/// HMAC with SHA-256 (RFC 7518 §3.2), and what a header calls it.
const ALGORITHM: Algorithm = Algorithm::HS256;
const NAME: &str = "HS256";

/// The claims of a token, in the order in which Simple JWT writes them.
#[derive(Serialize)]
struct Minted<'a> {
    token_type: &'a str,
    exp: i64,
    iat: i64,
    jti: String,
    user_id: UserId,
}

/// Signs and checks with one key. Cheap to clone behind an `Arc`.
pub struct Tokens {
    sign: EncodingKey,
    check: DecodingKey,
    access_lifetime: Duration,
}

impl Tokens {
    /// HS256 under `key`; access tokens live for `access_lifetime`.
    #[must_use]
    pub fn new(key: &SigningKey, access_lifetime: Duration) -> Self {
        Self {
            sign: EncodingKey::from_secret(key.as_bytes()),
            check: DecodingKey::from_secret(key.as_bytes()),
            access_lifetime,
        }
    }

    /// A fresh access token: claims exactly `token_type, exp, iat, jti, user_id`.
    ///
    /// # Errors
    /// [`TokenError::Unsigned`] if the signature cannot be made; no input leads there.
    pub fn mint_access(&self, user_id: UserId, now: Timestamp) -> Result<AccessToken, TokenError> {
        let claims = Minted {
            token_type: claims::ACCESS,
            exp: now.plus(self.access_lifetime).seconds(),
            iat: now.seconds(),
            jti: format!("{:032x}", rand::random::<u128>()),
            user_id,
        };
        jsonwebtoken::encode(&Header::new(ALGORITHM), &claims, &self.sign)
            .map(AccessToken::new)
            .map_err(|_| TokenError::Unsigned)
    }

    /// Checks what a stranger sent as an access token: signature and algorithm, then times,
    /// then the claims that Simple JWT asks for, in its order
    /// (`rest_framework_simplejwt/tokens.py`, `Token.__init__`).
    ///
    /// # Errors
    /// The first rule that the token breaks.
    pub fn check_access(&self, token: &[u8], now: Timestamp) -> Result<AccessClaims, TokenError> {
        let payload = self.decode(token).ok_or(TokenError::InvalidOrExpired)?;
        AccessClaims::from_payload(&payload, now)
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
