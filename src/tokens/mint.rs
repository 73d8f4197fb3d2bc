//! Making tokens: the payloads, in the order in which Simple JWT writes the claims
//! (`rest_framework_simplejwt/tokens.py`). A further part of `Tokens`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::Header;
use serde_json::{Map, Value};

use super::claims::{ACCESS, REFRESH, RefreshClaims};
use super::{ALGORITHM, TokenError, Tokens};
use crate::types::{AccessToken, RefreshToken, RefreshTokenRecord, SessionHandle, Timestamp, UserId};

/// Claims that an access token does not take over from its refresh token (`RefreshToken.no_copy_claims`).
const OWN: [&str; 3] = ["token_type", "exp", "jti"];

/// A refresh token and what the store is to keep of it.
#[derive(Debug)]
pub struct MintedRefresh {
    /// The token.
    pub token: RefreshToken,
    /// What is kept.
    pub mark: RefreshTokenRecord,
}

impl Tokens {
    /// A fresh access token: claims exactly `token_type, exp, iat, jti, user_id`.
    ///
    /// # Errors
    /// [`TokenError::Unsigned`] if the signature cannot be made; no input leads there.
    pub fn mint_access(
        &self,
        user: UserId,
        session: &SessionHandle,
        now: Timestamp,
    ) -> Result<AccessToken, TokenError> {
        let mut payload = opening(ACCESS, self.access_expiry(now), session.token_id(rand::random()));
        payload.insert("iat".to_owned(), now.seconds().into());
        payload.insert("user_id".to_owned(), user.get().into());
        self.sign(&payload).map(AccessToken::new)
    }

    /// A fresh refresh token, with the same claims.
    pub fn mint_refresh(
        &self,
        user: UserId,
        session: &SessionHandle,
        now: Timestamp,
    ) -> Result<MintedRefresh, TokenError> {
        let expires_at = self.refresh_expiry(now);
        let id = session.token_id(rand::random());
        let mark = RefreshTokenRecord {
            hash: RefreshTokenRecord::hash_of(&id),
            issued_at: now.seconds(),
            expires_at: expires_at.seconds(),
        };
        let mut payload = opening(REFRESH, expires_at, id);
        payload.insert("iat".to_owned(), now.seconds().into());
        payload.insert("user_id".to_owned(), user.get().into());
        Ok(MintedRefresh { token: self.sign(&payload).map(RefreshToken::new)?, mark })
    }

    /// An access token that says what the refresh token says, `iat` included, but for its own type,
    /// time and id (`RefreshToken.access_token`).
    pub fn mint_access_from(
        &self,
        refresh: &RefreshClaims,
        now: Timestamp,
    ) -> Result<AccessToken, TokenError> {
        let id = refresh.claims.session.token_id(rand::random());
        let mut payload = opening(ACCESS, self.access_expiry(now), id);
        payload.insert("iat".to_owned(), now.seconds().into());
        for (name, value) in refresh.payload.iter().filter(|(name, _)| !OWN.contains(&name.as_str())) {
            payload.insert(name.clone(), value.clone());
        }
        self.sign(&payload).map(AccessToken::new)
    }

    /// What the store keeps of the token that follows `refresh` when it is minted now.
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

    /// The token that follows `refresh`, with these times. It is made of nothing but those two, so
    /// that whoever asks again gets the same, byte for byte, though it is kept nowhere.
    pub fn mint_successor(
        &self,
        refresh: &RefreshClaims,
        times: &RefreshTokenRecord,
    ) -> Result<RefreshToken, TokenError> {
        let mut payload = refresh.payload.clone();
        payload.insert("jti".to_owned(), self.successor_id(refresh)?.into());
        payload.insert("exp".to_owned(), times.expires_at.into());
        payload.insert("iat".to_owned(), times.issued_at.into());
        self.sign(&payload).map(RefreshToken::new)
    }

    /// When an access token of this moment expires.
    #[must_use]
    pub fn access_expiry(&self, now: Timestamp) -> Timestamp {
        now.plus(self.times.access_lifetime)
    }

    /// When a refresh token of this moment expires.
    #[must_use]
    pub fn refresh_expiry(&self, now: Timestamp) -> Timestamp {
        now.plus(self.times.refresh_lifetime)
    }

    /// The id of the one token that can follow: the session's handle, and a tail that nobody can
    /// tell without the key. The message is no token's, since those have no NUL.
    fn successor_id(&self, refresh: &RefreshClaims) -> Result<String, TokenError> {
        let message = format!("successor\0{}", refresh.id());
        let mac = jsonwebtoken::crypto::sign(message.as_bytes(), &self.sign, ALGORITHM)
            .map_err(|_| TokenError::Unsigned)?;
        let mac = URL_SAFE_NO_PAD.decode(mac).map_err(|_| TokenError::Unsigned)?;
        let tail = mac.first_chunk::<6>().ok_or(TokenError::Unsigned)?;
        Ok(refresh.claims.session.token_id(*tail))
    }

    fn sign(&self, payload: &Map<String, Value>) -> Result<String, TokenError> {
        jsonwebtoken::encode(&Header::new(ALGORITHM), payload, &self.sign).map_err(|_| TokenError::Unsigned)
    }
}

/// The first claims, with a place for `iat`, which stands before the id.
fn opening(kind: &str, expires_at: Timestamp, id: String) -> Map<String, Value> {
    let mut payload = Map::new();
    payload.insert("token_type".to_owned(), kind.into());
    payload.insert("exp".to_owned(), expires_at.seconds().into());
    payload.insert("iat".to_owned(), Value::Null);
    payload.insert("jti".to_owned(), id.into());
    payload
}
