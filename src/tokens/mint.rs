//! Minting tokens: the payloads, in the order in which Simple JWT writes the claims
//! (`rest_framework_simplejwt/tokens.py`).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Algorithm;
use serde::ser::{Serialize, SerializeMap as _, Serializer};
use serde_json::{Map, Value};

use super::claims::{ACCESS, REFRESH, RefreshClaims};
use super::{TokenError, Tokens};
use crate::types::{AccessToken, PublicId, RefreshToken, RefreshTokenRecord, SessionHandle, Timestamp};

/// Claims that an access token does not copy from its refresh token (`RefreshToken.no_copy_claims`).
const NO_COPY_CLAIMS: [&str; 3] = ["token_type", "exp", "jti"];

/// A new refresh token, and its record for the database.
#[derive(Debug)]
pub struct MintedRefresh {
    /// The token.
    pub token: RefreshToken,
    /// The record.
    pub record: RefreshTokenRecord,
}

impl Tokens {
    /// A new access token. Its claims are exactly `token_type, exp, iat, jti, user_id`, and `further` ones.
    ///
    /// # Errors
    /// [`TokenError::Unsigned`] if the signature cannot be made; no input leads there.
    pub fn mint_access(
        &self,
        user: &PublicId,
        further: Map<String, Value>,
        session: &SessionHandle,
        now: Timestamp,
    ) -> Result<AccessToken, TokenError> {
        let mut payload = first_claims(ACCESS, self.access_expiry(now), session.token_id(rand::random()));
        payload.insert("iat".to_owned(), now.seconds().into());
        payload.insert(self.user_id_claim.clone(), claim_of(user));
        payload.extend(further);
        self.sign(&payload).map(AccessToken::new)
    }

    /// A new refresh token, with the same claims but the further ones.
    pub fn mint_refresh(
        &self,
        user: &PublicId,
        session: &SessionHandle,
        now: Timestamp,
    ) -> Result<MintedRefresh, TokenError> {
        let expires_at = self.refresh_expiry(now);
        let id = session.token_id(rand::random());
        let record = RefreshTokenRecord {
            hash: RefreshTokenRecord::hash_of(&id),
            issued_at: now.seconds(),
            expires_at: expires_at.seconds(),
        };
        let mut payload = first_claims(REFRESH, expires_at, id);
        payload.insert("iat".to_owned(), now.seconds().into());
        payload.insert(self.user_id_claim.clone(), claim_of(user));
        Ok(MintedRefresh { token: self.sign(&payload).map(RefreshToken::new)?, record })
    }

    /// An access token with the claims of the refresh token, `iat` included, except type, expiry and id
    /// (`RefreshToken.access_token`), and with `further` ones, which replace claims of the same name.
    pub fn mint_access_from(
        &self,
        refresh: &RefreshClaims,
        further: Map<String, Value>,
        now: Timestamp,
    ) -> Result<AccessToken, TokenError> {
        let id = refresh.claims.session.token_id(rand::random());
        let mut payload = first_claims(ACCESS, self.access_expiry(now), id);
        payload.insert("iat".to_owned(), now.seconds().into());
        for (name, value) in
            refresh.payload.iter().filter(|(name, _)| !NO_COPY_CLAIMS.contains(&name.as_str()))
        {
            payload.insert(name.clone(), value.clone());
        }
        payload.extend(further);
        self.sign(&payload).map(AccessToken::new)
    }

    /// The record of the successor of `refresh`, if it is minted now.
    pub fn successor_record(
        &self,
        refresh: &RefreshClaims,
        now: Timestamp,
    ) -> Result<RefreshTokenRecord, TokenError> {
        Ok(RefreshTokenRecord {
            hash: RefreshTokenRecord::hash_of(&self.successor_id(refresh)?),
            issued_at: now.seconds(),
            expires_at: self.refresh_expiry(now).seconds(),
        })
    }

    /// The successor of `refresh`, with the times of `record`. It is computed from these two alone, so
    /// that a repeated request gets the same token, byte for byte, though no token is stored.
    pub fn mint_successor(
        &self,
        refresh: &RefreshClaims,
        record: &RefreshTokenRecord,
    ) -> Result<RefreshToken, TokenError> {
        let mut payload = refresh.payload.clone();
        payload.insert("jti".to_owned(), self.successor_id(refresh)?.into());
        payload.insert("exp".to_owned(), record.expires_at.into());
        payload.insert("iat".to_owned(), record.issued_at.into());
        self.sign(&payload).map(RefreshToken::new)
    }

    /// When an access token that is minted now expires.
    #[must_use]
    pub fn access_expiry(&self, now: Timestamp) -> Timestamp {
        now.plus(self.times.access_lifetime)
    }

    /// When a refresh token that is minted now expires.
    #[must_use]
    pub fn refresh_expiry(&self, now: Timestamp) -> Timestamp {
        now.plus(self.times.refresh_lifetime)
    }

    /// The id of the only token that can succeed this one: the session's handle, and a tail that cannot
    /// be computed without the successor key. The message has a NUL, which no signed token contains.
    ///
    /// The key is the database's own and not the signing key, so that a refresh token has the same
    /// successor after the signing key was replaced. Up to version 0.1.0 it was the signing key: a client
    /// that repeats, after the upgrade, a refresh from before gets 401 for the old token
    /// (`accounts/sessions/refresh.rs`), and its session goes on with the successor if that arrived.
    fn successor_id(&self, refresh: &RefreshClaims) -> Result<String, TokenError> {
        let message = format!("successor\0{}", refresh.id());
        let mac = jsonwebtoken::crypto::sign(message.as_bytes(), &self.successor, Algorithm::HS256)
            .map_err(|_| TokenError::Unsigned)?;
        let mac = URL_SAFE_NO_PAD.decode(mac).map_err(|_| TokenError::Unsigned)?;
        let tail = mac.first_chunk::<6>().ok_or(TokenError::Unsigned)?;
        Ok(refresh.claims.session.token_id(*tail))
    }

    pub(super) fn sign(&self, payload: &Map<String, Value>) -> Result<String, TokenError> {
        let ring = self.ring();
        let key = ring.current().ok_or(TokenError::Unsigned)?;
        let header =
            serde_json::to_vec(&Header { typ: "JWT", alg: key.algorithm.as_str(), kid: key.id.as_deref() });
        let payload = serde_json::to_vec(&Addressed { payload, aud: self.audience(), iss: self.issuer() });
        let (Ok(header), Ok(payload)) = (header, payload) else { return Err(TokenError::Unsigned) };
        let mut token = URL_SAFE_NO_PAD.encode(header);
        token.push('.');
        URL_SAFE_NO_PAD.encode_string(payload, &mut token);
        let signature = key.sign(token.as_bytes()).ok_or(TokenError::Unsigned)?;
        token.push('.');
        token.push_str(&signature);
        Ok(token)
    }
}

/// The header, with its members in the order of Simple JWT's tokens up to version 5.2.
#[derive(serde::Serialize)]
struct Header<'a> {
    typ: &'static str,
    alg: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    kid: Option<&'a str>,
}

/// A payload, and at its end the audience and the issuer, as `TokenBackend.encode` writes them
/// (`rest_framework_simplejwt/backends.py`).
struct Addressed<'a> {
    payload: &'a Map<String, Value>,
    aud: Option<&'a str>,
    iss: Option<&'a str>,
}

impl Serialize for Addressed<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let own = [("aud", self.aud), ("iss", self.iss)];
        let is_own = |name: &str| own.iter().any(|(own, value)| *own == name && value.is_some());
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.payload.iter().filter(|(name, _)| !is_own(name)) {
            map.serialize_entry(name, value)?;
        }
        for (name, value) in own {
            if let Some(value) = value {
                map.serialize_entry(name, value)?;
            }
        }
        map.end()
    }
}

/// The value of the claim with the user's id.
pub(super) fn claim_of(user: &PublicId) -> Value {
    match user {
        PublicId::Integer(id) => id.get().into(),
        PublicId::Text(text) => text.as_str().into(),
    }
}

/// The first claims, with a placeholder for `iat`, which comes before the id.
pub(super) fn first_claims(kind: &str, expires_at: Timestamp, id: String) -> Map<String, Value> {
    let mut payload = Map::new();
    payload.insert("token_type".to_owned(), kind.into());
    payload.insert("exp".to_owned(), expires_at.seconds().into());
    payload.insert("iat".to_owned(), Value::Null);
    payload.insert("jti".to_owned(), id.into());
    payload
}
