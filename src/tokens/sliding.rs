//! Sliding tokens of Simple JWT (`rest_framework_simplejwt/tokens.py`, `SlidingToken`): an access token that may be
//! exchanged for one that expires later, until the claim `refresh_exp`.

use serde_json::{Map, Value};

use super::claims::{RefreshClaims, SLIDING, numeric_date, seconds};
use super::mint::{claim_of, first_claims};
use super::{TokenError, Tokens};
use crate::types::{AccessToken, PublicId, SessionHandle, Timestamp};

/// Simple JWT's `SLIDING_TOKEN_REFRESH_EXP_CLAIM`.
const REFRESH_EXP: &str = "refresh_exp";

impl Tokens {
    /// A new sliding token, with `further` claims. [`TokenError::WrongType`] if there are none.
    pub(crate) fn mint_sliding(
        &self,
        user: &PublicId,
        further: Map<String, Value>,
        session: &SessionHandle,
        now: Timestamp,
    ) -> Result<AccessToken, TokenError> {
        let times = self.sliding.ok_or(TokenError::WrongType)?;
        let mut payload = first_claims(SLIDING, now.plus(times.lifetime), session.token_id(rand::random()));
        payload.insert("iat".to_owned(), now.seconds().into());
        payload.insert(REFRESH_EXP.to_owned(), now.plus(times.refresh_lifetime).seconds().into());
        payload.insert(self.user_id_claim.clone(), claim_of(user));
        payload.extend(further);
        self.sign(&payload).map(AccessToken::new)
    }

    /// When the last of the tokens that begin with one minted now expires.
    #[must_use]
    pub(crate) fn sliding_end(&self, now: Timestamp) -> Timestamp {
        let longest = self.sliding.map(|times| times.lifetime.max(times.refresh_lifetime));
        now.plus(longest.unwrap_or_default())
    }

    /// When a sliding token that is minted or refreshed now expires.
    #[must_use]
    pub(crate) fn sliding_expiry(&self, now: Timestamp) -> Timestamp {
        now.plus(self.sliding.map(|times| times.lifetime).unwrap_or_default())
    }

    /// Checks a sliding token that is to be refreshed: as any token, and then the time until which it may be.
    ///
    /// # Errors
    /// The first rule that the token breaks.
    pub(crate) fn check_sliding(&self, token: &[u8], now: Timestamp) -> Result<RefreshClaims, TokenError> {
        let payload = self.payload(token, now)?;
        let claims = self.claims(&payload, &[SLIDING], now)?;
        let until = numeric_date(&payload, REFRESH_EXP)?.ok_or(TokenError::NoRefreshExpiry)?;
        if until <= now.seconds().saturating_sub(seconds(self.times.leeway)) {
            return Err(TokenError::RefreshExpired);
        }
        Ok(RefreshClaims { claims, payload })
    }

    /// The same token with new times, and with `further` claims in place of those of the same name. It keeps its id.
    pub(crate) fn mint_sliding_from(
        &self,
        earlier: &RefreshClaims,
        further: Map<String, Value>,
        now: Timestamp,
    ) -> Result<AccessToken, TokenError> {
        let times = self.sliding.ok_or(TokenError::WrongType)?;
        let mut payload = earlier.payload.clone();
        payload.insert("exp".to_owned(), now.plus(times.lifetime).seconds().into());
        payload.insert("iat".to_owned(), now.seconds().into());
        payload.extend(further);
        self.sign(&payload).map(AccessToken::new)
    }
}
