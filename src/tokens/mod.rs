//! Minting and checking tokens, as Simple JWT 5.2.2 over PyJWT 2.7 does. Called by `accounts`; knows no
//! user, no database and no HTTP.

mod claims;
mod error;
mod key_error;
mod key_file;
mod key_pair;
mod key_ring;
mod mint;
mod private_jwk;
mod public_key;
mod sealed;
mod sliding;
mod verified;

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::EncodingKey;
use serde_json::{Map, Value};

pub(crate) use claims::{ClaimedUser, Claims, RefreshClaims};
pub(crate) use error::TokenError;
pub use key_error::SigningKeyError;
pub use key_file::read_key;
pub use key_pair::{NewSigningKey, make_key};
pub use key_ring::KeyRing;
pub(crate) use mint::MintedRefresh;
pub use public_key::to_pem;
pub(crate) use sealed::{encrypt, is_clear, seal};

use key_ring::TokenKey;

use crate::types::{SuccessorKey, Timestamp, TokenAlgorithm};

/// Parameters of a header that say where a key is (RFC 7515 §4.1.2 to 4.1.6). doorward never writes one and never
/// follows one (RFC 8725 §3.10).
const ELSEWHERE: [&str; 4] = ["jku", "jwk", "x5u", "x5c"];

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

/// How long sliding tokens are valid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SlidingTimes {
    /// From issue or refresh to `exp`.
    pub lifetime: Duration,
    /// From the login to `refresh_exp`.
    pub refresh_lifetime: Duration,
}

/// A leeway that every time of a token is within: longer than the years that Python's `datetime` has.
const ANY_TIME: Duration = Duration::from_secs(10_000 * 366 * 24 * 3600);

/// Mints and checks tokens.
pub struct Tokens {
    /// Replaced when the stored keys change.
    keys: Mutex<Arc<KeyRing>>,
    /// Computes the id of a refresh token's successor.
    successor: EncodingKey,
    times: Times,
    /// The name of the claim with the user's id.
    user_id_claim: String,
    /// The claims `iss` and `aud` of every token.
    issuer: Option<String>,
    audience: Option<String>,
    /// Those of sliding tokens, where they are accepted.
    sliding: Option<SlidingTimes>,
}

impl Tokens {
    /// With these keys and lifetimes.
    #[must_use]
    pub fn new(keys: KeyRing, successor: &SuccessorKey, times: Times) -> Self {
        Self {
            keys: Mutex::new(Arc::new(keys)),
            successor: EncodingKey::from_secret(successor.as_bytes()),
            times,
            user_id_claim: "user_id".to_owned(),
            issuer: None,
            audience: None,
            sliding: None,
        }
    }

    /// With these claims `iss` and `aud` in every token (Simple JWT's `ISSUER` and `AUDIENCE`). A token of another
    /// issuer or audience, or without one, is refused.
    #[must_use]
    pub fn with_names(self, issuer: Option<&str>, audience: Option<&str>) -> Self {
        Self { issuer: issuer.map(str::to_owned), audience: audience.map(str::to_owned), ..self }
    }

    /// With sliding tokens, which then are access tokens, too (Simple JWT's `AUTH_TOKEN_CLASSES`).
    #[must_use]
    pub(crate) fn with_sliding(self, times: Option<SlidingTimes>) -> Self {
        Self { sliding: times, ..self }
    }

    /// Replaces the keys, unless newer ones are in use: two requests may read them at the same time.
    pub(crate) fn replace_keys(&self, keys: KeyRing) {
        let mut current = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        if keys.version() >= current.version() {
            *current = Arc::new(keys);
        }
    }

    /// The keys in use.
    pub(crate) fn ring(&self) -> Arc<KeyRing> {
        Arc::clone(&self.keys.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The version of the stored keys that are in use.
    pub(crate) fn keys_version(&self) -> i64 {
        self.ring().version()
    }

    fn issuer(&self) -> Option<&str> {
        self.issuer.as_deref()
    }

    fn audience(&self) -> Option<&str> {
        self.audience.as_deref()
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
        let kinds = [claims::ACCESS, claims::SLIDING];
        let kinds = if self.sliding.is_some() { &kinds } else { &kinds[..1] };
        self.claims(&self.payload(token, now)?, kinds, now)
    }

    /// Reads a token of any type whose signature is valid, at whatever time it is or was valid.
    ///
    /// # Errors
    /// The first other rule that the token breaks.
    pub fn check_signature(&self, token: &[u8], now: Timestamp) -> Result<Claims, TokenError> {
        Claims::read(&self.payload(token, now)?, &[], &self.user_id_claim, now, ANY_TIME)
    }

    /// Checks a refresh token, by the same rules.
    ///
    /// # Errors
    /// The first rule that the token breaks.
    pub fn check_refresh(&self, token: &[u8], now: Timestamp) -> Result<RefreshClaims, TokenError> {
        let payload = self.payload(token, now)?;
        let claims = self.claims(&payload, &[claims::REFRESH], now)?;
        Ok(RefreshClaims { claims, payload })
    }

    /// Checks a token of any type, or without one (`UntypedToken`).
    ///
    /// # Errors
    /// The first rule that the token breaks.
    pub fn check_any(&self, token: &[u8], now: Timestamp) -> Result<Claims, TokenError> {
        self.claims(&self.payload(token, now)?, &[], now)
    }

    /// The claim `jti` of a token whose signature is valid.
    pub(crate) fn token_id(&self, token: &[u8], now: Timestamp) -> Option<String> {
        let payload = self.payload(token, now).ok()?;
        payload.get("jti").and_then(Value::as_str).map(str::to_owned)
    }

    /// Whether newer keys may accept a token that these refuse: it names a key that is not among them. One that a known
    /// key has not signed stays refused, since an id means one key (RFC 7638), and so does what is no token.
    pub(crate) fn may_have_other_key(&self, token: &[u8], now: Timestamp) -> bool {
        let Some(Parts { header, .. }) = Parts::of(token) else { return false };
        let algorithm = header.get("alg").and_then(Value::as_str).and_then(TokenAlgorithm::named);
        algorithm.is_some_and(|algorithm| {
            !self.ring().candidates(header.get("kid"), now).any(|key| key.algorithm == algorithm)
        })
    }

    fn claims(
        &self,
        payload: &Map<String, Value>,
        kinds: &[&str],
        now: Timestamp,
    ) -> Result<Claims, TokenError> {
        Claims::read(payload, kinds, &self.user_id_claim, now, self.times.leeway)
    }

    fn payload(&self, token: &[u8], now: Timestamp) -> Result<Map<String, Value>, TokenError> {
        let payload = self.decode(token, now).ok_or(TokenError::InvalidOrExpired)?;
        if self.is_ours(&payload) { Ok(payload) } else { Err(TokenError::InvalidOrExpired) }
    }

    /// Whether issuer and audience are those of the settings, by the rules of PyJWT (`jwt/api_jwt.py`): a token may
    /// have several audiences.
    fn is_ours(&self, payload: &Map<String, Value>) -> bool {
        let is_issuer = |issuer: &String| payload.get("iss").is_some_and(|claim| claim == issuer);
        let is_audience = |audience: &String| match payload.get("aud") {
            Some(Value::Array(several)) => several.iter().any(|one| one == audience),
            Some(one) => one == audience,
            None => false,
        };
        self.issuer.as_ref().is_none_or(is_issuer) && self.audience.as_ref().is_none_or(is_audience)
    }

    /// The payload of a token with a valid signature, whatever it claims.
    ///
    /// Not `jsonwebtoken::decode`, which reads the header and the registered claims into types of its own
    /// and refuses what PyJWT ignores (`"typ": 1`, a claim that stands twice).
    fn decode(&self, token: &[u8], now: Timestamp) -> Option<Map<String, Value>> {
        let Parts { message, signature, header, payload } = Parts::of(token)?;
        // An extension that must be understood, of which none is (RFC 7515 §4.1.11). PyJWT 2.7 ignores it.
        // `b64: false` would mean a payload that is not in the token (RFC 7797 §3).
        if header.contains_key("crit") || header.get("b64") == Some(&Value::Bool(false)) {
            return None;
        }
        let ring = self.ring();
        // With HS256 alone, PyJWT's rule holds: it ignores them.
        if ring.has_ids() && ELSEWHERE.iter().any(|name| header.contains_key(*name)) {
            return None;
        }
        let algorithm = header.get("alg").and_then(Value::as_str)?;
        let is_signed_with = |key: &TokenKey| {
            key.algorithm.as_str() == algorithm && key.verifies(message.as_bytes(), signature)
        };
        ring.candidates(header.get("kid"), now).any(is_signed_with).then(|| object(payload))?
    }
}

/// A token, taken apart (RFC 7515 §7.1).
struct Parts<'a> {
    /// What is signed.
    message: &'a str,
    signature: &'a str,
    header: Map<String, Value>,
    payload: &'a str,
}

impl<'a> Parts<'a> {
    fn of(token: &'a [u8]) -> Option<Self> {
        let (message, signature) = std::str::from_utf8(token).ok()?.rsplit_once('.')?;
        let (header, payload) = message.split_once('.')?;
        Some(Self { message, signature, header: object(header)?, payload })
    }
}

/// The JSON object in a part of a token. No padding, no other alphabet, no stray bits
/// (RFC 7515 §2): one token has one spelling.
fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests;
