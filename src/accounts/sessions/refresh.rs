//! Renewing an access token with a refresh token. Called by `api`.
//!
//! With `tokens.rotate_refresh` the refresh token is replaced, too. One that was replaced and is used
//! again has been stolen, or its answer was lost: shortly after, it answers the same successor, and
//! later it ends its session (RFC 9700 §4.14.2).

use crate::accounts::sessions::authenticate::{AuthenticationError, session_of};
use crate::accounts::sessions::presented_token::{PresentedTokenError, limited};
use crate::accounts::shared::actor::{Actor, ActorKind};
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::refresh_tokens;
use crate::store::tables::refresh_tokens::StoredRefreshToken;
use crate::store::tables::sessions;
use crate::store::tables::sessions::Session;
use crate::store::{StoreError, Tx};
use crate::tokens::{ClaimedUser, RefreshClaims, TokenError};
use crate::types::{AccessToken, RefreshToken, RefreshTokenRecord, Timestamp, User, UserId};

/// What a refresh token was good for.
#[derive(Debug)]
pub(crate) struct Refreshed {
    /// The new access token.
    pub access: AccessToken,
    /// What takes the place of the refresh token, if anything does.
    pub refresh: Option<RefreshToken>,
}

/// Renews.
///
/// # Errors
/// What is wrong with the token, or with its user.
pub(crate) async fn refresh(app: &App, token: &[u8], by: &Actor) -> Result<Refreshed, PresentedTokenError> {
    limited(app, by, renew(app, token, by)).await
}

async fn renew(app: &App, token: &[u8], by: &Actor) -> Result<Refreshed, PresentedTokenError> {
    let now = app.clock.now();
    let claims = app.tokens.check_refresh(token, now)?;
    let user = match claims.claims.user {
        ClaimedUser::Id(id) => id,
        ClaimedUser::Invalid => return Err(PresentedTokenError::NoActiveAccount),
        ClaimedUser::Missing => return Err(AuthenticationError::NoUser.into()),
    };
    let renewal = Renewal {
        user,
        used: claims.record(),
        next: app.tokens.successor_record(&claims, now)?,
        access_ends: app.tokens.access_expiry(now),
        app: app.clone(),
        by: Actor { who: ActorKind::User(user), ..by.clone() },
        claims: claims.clone(),
    };
    let settled = app.store.write(move |tx| renewal.settle(tx, now)).await?;
    let next = settled.inspect_err(|_| {
        tracing::warn!(%user, "a refresh token that was replaced was used again; its session was ended");
    })?;
    let refresh = next.map(|next| app.tokens.mint_successor(&claims, &next)).transpose()?;
    Ok(Refreshed { access: app.tokens.mint_access_from(&claims, now)?, refresh })
}

/// All that one write needs to know.
struct Renewal {
    app: App,
    user: UserId,
    claims: RefreshClaims,
    used: RefreshTokenRecord,
    next: RefreshTokenRecord,
    access_ends: Timestamp,
    by: Actor,
}

/// What takes the place of the token that was used, if anything does.
type Successor = Option<RefreshTokenRecord>;

impl Renewal {
    /// Decides and writes. An inner error is a reuse, and is written down; an outer one rolls back.
    fn settle(
        self,
        tx: &mut Tx<'_>,
        now: Timestamp,
    ) -> Result<Result<Successor, PresentedTokenError>, PresentedTokenError> {
        let current = session_of(self.user, &self.claims.claims, None);
        let held = sessions::hold(tx, &current, self.by.origin(), now)?;
        let (user, session) =
            held.filter(|(user, _)| user.is_active).ok_or(PresentedTokenError::NoActiveAccount)?;
        let session = session.ok_or(TokenError::Blacklisted)?;
        let Some(successor) = self.successor(tx, &session, now)? else {
            sessions::end(tx, user.id, session.id, now)?;
            self.record(tx, Action::RefreshReused, &user, now)?;
            return Ok(Err(TokenError::Blacklisted.into()));
        };
        let last = successor.map_or(0, |next| next.expires_at);
        sessions::renew(tx, &session, self.access_ends.max(Timestamp::from_seconds(last)), now)?;
        self.record(tx, Action::Refreshed, &user, now)?;
        Ok(Ok(successor))
    }

    /// What follows the token; `None` if it was replaced too long ago to be used once more.
    fn successor(
        &self,
        tx: &mut Tx<'_>,
        session: &Session,
        now: Timestamp,
    ) -> Result<Option<Successor>, PresentedTokenError> {
        let settings = &self.app.config.tokens;
        let known = refresh_tokens::find(tx, session.id, self.used.hash)?;
        if let Some(StoredRefreshToken { replaced_at: Some(then), .. }) = known {
            if now.since(then) >= settings.reuse_grace {
                return Ok(None);
            }
            // A successor that was made with another successor key is not found, and not made again. That
            // is no theft: this request is refused, and the session goes on with the successor.
            let next = refresh_tokens::find(tx, session.id, self.next.hash)?;
            return Ok(Some(Some(next.ok_or(TokenError::Blacklisted)?.record)));
        }
        if known.is_none() {
            refresh_tokens::insert(tx, session.id, &self.used)?;
        }
        if !settings.rotate_refresh {
            return Ok(Some(None));
        }
        refresh_tokens::replace(tx, session.id, self.used.hash, now)?;
        refresh_tokens::insert(tx, session.id, &self.next)?;
        Ok(Some(Some(self.next)))
    }

    fn record(&self, tx: &mut Tx<'_>, action: Action, user: &User, now: Timestamp) -> Result<(), StoreError> {
        self.by.record(tx, action, Some((user.id, user.username.as_str())), now)
    }
}
