//! Minting and checking tokens, as Simple JWT 5.2.2 over PyJWT 2.7 does. Called by `accounts`;
//! knows no user, no database and no HTTP.
//!
//! The algorithm comes from here, never from a token: a token that names another one, or
//! none, does not decode.

mod claims;
mod error;

use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use serde::Serialize;
use serde_json::{Map, Value};
use std::time::Duration;

pub use claims::{AccessClaims, ClaimedUser};
pub use error::TokenError;

use crate::types::{AccessToken, SigningKey, Timestamp, UserId};

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
    validation: Validation,
    access_lifetime: Duration,
}

impl Tokens {
    /// HS256 under `key`; access tokens live for `access_lifetime`.
    #[must_use]
    pub fn new(key: &SigningKey, access_lifetime: Duration) -> Self {
        let mut validation = Validation::new(Algorithm::HS256);
        // The times and the names are checked in `claims`, with PyJWT's rules and our clock.
        validation.validate_exp = false;
        validation.validate_nbf = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        Self {
            sign: EncodingKey::from_secret(key.as_bytes()),
            check: DecodingKey::from_secret(key.as_bytes()),
            validation,
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
        jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &self.sign)
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
        AccessClaims::from_payload(&self.decode(token)?, now)
    }

    /// The payload of a token that is rightly signed, whatever it says.
    fn decode(&self, token: &[u8]) -> Result<Map<String, Value>, TokenError> {
        jsonwebtoken::decode(token, &self.check, &self.validation)
            .map(|decoded| decoded.claims)
            .map_err(|_| TokenError::InvalidOrExpired)
    }
}

#[cfg(test)]
mod tests;
