//! The tokens of a new session. Used by `log_in`: minted before the write that begins the session,
//! handed out after it.

use crate::accounts::shared::actor::Actor;
use crate::app::App;
use crate::store::tables::refresh_tokens;
use crate::store::tables::sessions;
use crate::store::tables::sessions::NewSession;
use crate::store::{StoreError, Tx};
use crate::tokens::{MintedRefresh, TokenError};
use crate::types::{AccessToken, SessionHandle, Timestamp, UserId};

/// Which tokens somebody wants who logs in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum TokenKinds {
    /// An access token, and to log in again when it has expired.
    Access,
    /// A refresh token as well.
    Pair,
}

/// A session that is not in the store yet, and its tokens.
pub(crate) struct PreparedSession {
    user: UserId,
    handle: SessionHandle,
    expires_at: Timestamp,
    pub access: AccessToken,
    pub refresh: Option<MintedRefresh>,
}

impl PreparedSession {
    pub(crate) fn new(
        app: &App,
        user: UserId,
        wanted: TokenKinds,
        now: Timestamp,
    ) -> Result<Self, TokenError> {
        let handle = SessionHandle::random();
        let access = app.tokens.mint_access(user, &handle, now)?;
        let refresh = match wanted {
            TokenKinds::Access => None,
            TokenKinds::Pair => Some(app.tokens.mint_refresh(user, &handle, now)?),
        };
        let access_ends = app.tokens.access_expiry(now);
        let expires_at = refresh.as_ref().map_or(access_ends, |refresh| {
            access_ends.max(Timestamp::from_seconds(refresh.record.expires_at))
        });
        Ok(Self { user, handle, expires_at, access, refresh })
    }

    /// Begins the session: from here on its tokens are good.
    pub(crate) fn begin(&self, tx: &mut Tx<'_>, by: &Actor, now: Timestamp) -> Result<(), StoreError> {
        let new = NewSession {
            user: self.user,
            handle: &self.handle,
            started_at: now,
            expires_at: self.expires_at,
            origin: by.origin(),
        };
        let session = sessions::insert(tx, &new, now)?;
        match &self.refresh {
            Some(refresh) => refresh_tokens::insert(tx, session.id, &refresh.record),
            None => Ok(()),
        }
    }
}
