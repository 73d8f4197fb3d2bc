//! A session with its tokens, which are signed before the transaction that begins it.

use serde_json::{Map, Value};

use crate::accounts::shared::actor::Actor;
use crate::app::App;
use crate::store::tables::refresh_tokens;
use crate::store::tables::sessions;
use crate::store::tables::sessions::NewSession;
use crate::store::{StoreError, Tx};
use crate::tokens::{MintedRefresh, TokenError};
use crate::types::{AccessToken, SessionHandle, SessionId, Timestamp, User, UserId};

/// Which tokens a login issues.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKinds {
    /// An access token only.
    Access,
    /// An access token and a refresh token.
    Pair,
    /// A sliding token.
    Sliding,
}

/// A session that is not in the store yet, and its tokens.
pub(crate) struct PreparedSession {
    user: UserId,
    handle: SessionHandle,
    expires_at: Timestamp,
    /// The most sessions of the account.
    most: Option<u32>,
    pub access: AccessToken,
    pub refresh: Option<MintedRefresh>,
}

impl PreparedSession {
    /// `claims` are those of `tokens.claims`.
    pub(crate) fn new(
        app: &App,
        user: &User,
        claims: Map<String, Value>,
        kinds: TokenKinds,
        now: Timestamp,
    ) -> Result<Self, TokenError> {
        let (handle, id) = (SessionHandle::random(), user.public_id());
        let access = match kinds {
            TokenKinds::Sliding => app.tokens.mint_sliding(&id, claims, &handle, now)?,
            TokenKinds::Access | TokenKinds::Pair => app.tokens.mint_access(&id, claims, &handle, now)?,
        };
        let refresh = match kinds {
            TokenKinds::Access | TokenKinds::Sliding => None,
            TokenKinds::Pair => Some(app.tokens.mint_refresh(&id, &handle, now)?),
        };
        let user = user.id;
        let access_expires = match kinds {
            TokenKinds::Sliding => app.tokens.sliding_end(now),
            TokenKinds::Access | TokenKinds::Pair => app.tokens.access_expiry(now),
        };
        let expires_at = refresh.as_ref().map_or(access_expires, |refresh| {
            access_expires.max(Timestamp::from_seconds(refresh.record.expires_at))
        });
        Ok(Self { user, handle, expires_at, most: app.limits.sessions(), access, refresh })
    }

    /// Begins the session: from the commit on its tokens are valid.
    pub(crate) fn begin(&self, tx: &mut Tx<'_>, by: &Actor, now: Timestamp) -> Result<(), StoreError> {
        let new = NewSession {
            user: self.user,
            handle: &self.handle,
            started_at: now,
            expires_at: self.expires_at,
            client: by.client(),
        };
        let session = insert_within(tx, &new, self.most, now)?;
        if let Some(refresh) = &self.refresh {
            refresh_tokens::insert(tx, session, &refresh.record)?;
        }
        Ok(())
    }
}

/// Inserts a session. Beyond `most` sessions of its user, the one that was not used for longest ends.
pub(super) fn insert_within(
    tx: &mut Tx<'_>,
    new: &NewSession<'_>,
    most: Option<u32>,
    now: Timestamp,
) -> Result<SessionId, StoreError> {
    let session = sessions::insert(tx, new, now)?;
    if let Some(most) = most {
        sessions::trim(tx, new.user, session.id, most, now)?;
    }
    Ok(session.id)
}
