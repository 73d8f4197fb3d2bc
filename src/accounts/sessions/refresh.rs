//! Refreshing an access token with a refresh token. Called by `api`.
//!
//! With `tokens.rotate_refresh` the refresh token is replaced, too. If a replaced token is used again, it was
//! stolen, or its response was lost: within `tokens.reuse_grace` it gets the same successor, and later it
//! ends its session (RFC 9700 §4.14.2).

use std::time::Duration;

use serde_json::{Map, Value};

use crate::accounts::sessions::authenticate::{AuthenticationError, claimed_session, is_over};
use crate::accounts::sessions::presented_token::{PresentedTokenError, with_rate_limit};
use crate::accounts::shared::actor::{Actor, ActorKind};
use crate::accounts::shared::record_sparingly::record_sparingly;
use crate::accounts::shared::refusal;
use crate::accounts::shared::refusal::Refusal;
use crate::accounts::shared::throttle;
use crate::accounts::shared::token_claims;
use crate::app::App;
use crate::config::TokensConfig;
use crate::limits::Limits;
use crate::store::tables::audit::{Action, detail};
use crate::store::tables::refresh_tokens;
use crate::store::tables::refresh_tokens::StoredRefreshToken;
use crate::store::tables::session_refreshes;
use crate::store::tables::session_refreshes::SessionRefreshes;
use crate::store::tables::sessions;
use crate::store::tables::sessions::Session;
use crate::store::tables::users;
use crate::store::{StoreError, Tx};
use crate::tokens::{ClaimedUser, Claims, TokenError};
use crate::types::{AccessToken, PublicId, RefreshToken, RefreshTokenRecord, Timestamp, User};

/// The new tokens.
#[derive(Debug)]
pub(crate) struct Refreshed {
    /// The new access token.
    pub access: AccessToken,
    /// The successor of the refresh token, if it is replaced.
    pub refresh: Option<RefreshToken>,
}

/// Issues a new access token, and a new refresh token where refresh tokens rotate.
///
/// # Errors
/// Why the token, or its user, is rejected.
pub(crate) async fn refresh(app: &App, token: &[u8], by: &Actor) -> Result<Refreshed, PresentedTokenError> {
    with_rate_limit(app, by, exchange(app, token, by)).await
}

async fn exchange(app: &App, token: &[u8], by: &Actor) -> Result<Refreshed, PresentedTokenError> {
    app.refresh_keys().await?;
    let now = app.clock.now();
    let claims = app.tokens.check_refresh(token, now)?;
    let rotation = RotatedRecords { used: claims.record(), next: app.tokens.successor_record(&claims, now)? };
    let exchange = TokenExchange::new(
        app,
        &claims.claims,
        Refreshing::Refresh(rotation),
        app.tokens.access_expiry(now),
        by,
    )?;
    let ExchangedToken { successor, claims: further } =
        refusal::write(app, move |tx| exchange.run(tx, now)).await?;
    let refresh = successor.map(|next| app.tokens.mint_successor(&claims, &next)).transpose()?;
    Ok(Refreshed { access: app.tokens.mint_access_from(&claims, further, now)?, refresh })
}

/// Issues a sliding token with new times for one that may still be refreshed. It belongs to the same session.
///
/// # Errors
/// Why the token, or its user, is rejected.
pub(crate) async fn refresh_sliding(
    app: &App,
    token: &[u8],
    by: &Actor,
) -> Result<AccessToken, PresentedTokenError> {
    with_rate_limit(app, by, exchange_sliding(app, token, by)).await
}

async fn exchange_sliding(app: &App, token: &[u8], by: &Actor) -> Result<AccessToken, PresentedTokenError> {
    app.refresh_keys().await?;
    let now = app.clock.now();
    let claims = app.tokens.check_sliding(token, now)?;
    let refreshing = Refreshing::Sliding(claims.record());
    let exchange = TokenExchange::new(app, &claims.claims, refreshing, app.tokens.sliding_expiry(now), by)?;
    let ExchangedToken { claims: further, .. } = refusal::write(app, move |tx| exchange.run(tx, now)).await?;
    Ok(app.tokens.mint_sliding_from(&claims, further, now)?)
}

/// The records of a refresh token and of its successor.
struct RotatedRecords {
    used: RefreshTokenRecord,
    next: RefreshTokenRecord,
}

/// What is refreshed.
enum Refreshing {
    /// An access token, by a refresh token.
    Refresh(RotatedRecords),
    /// A sliding token, with the record that it had before.
    Sliding(RefreshTokenRecord),
}

/// The use of a refresh token, or of a sliding token to refresh it.
struct TokenExchange {
    /// The user that the token names.
    user: PublicId,
    claims: Claims,
    refreshing: Refreshing,
    access_expires: Timestamp,
    settings: TokensConfig,
    limits: Limits,
    by: Actor,
}

/// How often the audit log records refreshes of one session. What happened in between is counted.
const RECORD_INTERVAL: Duration = Duration::from_secs(3600);

/// What the use of a refresh token leads to.
enum Rotation {
    /// The token stays valid: it slides, or refresh tokens do not rotate.
    Off,
    /// The token has this successor.
    Successor(RefreshTokenRecord),
    /// The token was replaced too long ago to be used again.
    Reused,
    /// The successor was derived with an earlier successor key, so it is not found and not issued again. That is
    /// no theft: the request is refused, and the session continues with the successor.
    Unknown,
}

/// What comes of the use of a refresh token.
struct ExchangedToken {
    /// Its successor, if it is replaced.
    successor: Option<RefreshTokenRecord>,
    /// The claims of `tokens.claims`.
    claims: Map<String, Value>,
}

impl TokenExchange {
    fn new(
        app: &App,
        claims: &Claims,
        refreshing: Refreshing,
        access_expires: Timestamp,
        by: &Actor,
    ) -> Result<Self, PresentedTokenError> {
        let user = match &claims.user {
            ClaimedUser::Id(id) => id.clone(),
            ClaimedUser::Invalid => return Err(PresentedTokenError::NoActiveAccount),
            ClaimedUser::Missing => return Err(AuthenticationError::NoUser.into()),
        };
        let (settings, limits, by) = (app.config.tokens.clone(), app.limits, by.clone());
        Ok(Self { user, claims: claims.clone(), refreshing, access_expires, settings, limits, by })
    }

    /// Checks the token and its user, and replaces it where refresh tokens rotate.
    fn run(
        mut self,
        tx: &mut Tx<'_>,
        now: Timestamp,
    ) -> Result<ExchangedToken, Refusal<PresentedTokenError>> {
        let id =
            users::id_of(tx, &self.user)?.ok_or(Refusal::RolledBack(PresentedTokenError::NoActiveAccount))?;
        self.by = self.by.with_kind(ActorKind::User(id));
        let current = claimed_session(id, &self.claims);
        let row = sessions::lock_or_adopt(tx, &current, self.by.client(), now)?;
        let (user, session) = row
            .filter(|(user, _)| user.is_active)
            .ok_or(Refusal::RolledBack(PresentedTokenError::NoActiveAccount))?;
        let session = session
            .filter(|session| !is_over(session, self.settings.session_lifetime, now))
            .ok_or_else(|| Refusal::RolledBack(TokenError::Blacklisted.into()))?;
        let mut refreshes = session_refreshes::load(tx, session.id)?;
        if let Some(bucket) = self.limits.refresh() {
            let level = bucket.plausible(refreshes.empty_at, now);
            if let Some(wait) = bucket.wait(level, now) {
                return Err(Refusal::RolledBack(PresentedTokenError::Throttled(wait)));
            }
            refreshes.empty_at = Some(bucket.after_one_more(level, now));
        }
        let rotation = match &self.refreshing {
            Refreshing::Refresh(records) => self.rotate(tx, records, &session, now)?,
            Refreshing::Sliding(used) => self.renew(tx, used, &session, now)?,
        };
        let successor = match rotation {
            Rotation::Off => None,
            Rotation::Successor(next) => Some(next),
            Rotation::Unknown => return Err(Refusal::RolledBack(TokenError::Blacklisted.into())),
            Rotation::Reused => {
                tracing::warn!(user = %user.id, "a replaced refresh token was used again; its session ends");
                sessions::end(tx, user.id, session.id, now)?;
                self.by.record(tx, Action::RefreshReused, &user, None, now)?;
                return Err(Refusal::Committed(TokenError::Blacklisted.into()));
            }
        };
        // After the look at the token: a reused one ends its session, however many refreshes there were.
        let account = self.limits.refresh_of_account(user.id);
        if let Some(wait) = throttle::check(tx, &account, now)? {
            return Err(Refusal::RolledBack(PresentedTokenError::Throttled(wait)));
        }
        let refresh_expires = Timestamp::from_seconds(successor.map_or(0, |next| next.expires_at));
        sessions::extend(tx, &session, self.access_expires.max(refresh_expires), now)?;
        self.record(tx, &user, &mut refreshes, now)?;
        session_refreshes::store(tx, session.id, &refreshes)?;
        Ok(ExchangedToken { successor, claims: token_claims::of_user(tx, &user, &self.settings.claims)? })
    }

    /// Records the refresh, or counts it if one was recorded within [`RECORD_INTERVAL`].
    fn record(
        &self,
        tx: &mut Tx<'_>,
        user: &User,
        refreshes: &mut SessionRefreshes,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        // A moment ahead of now is of a clock that was wrong.
        let is_recent = |at: &Timestamp| *at <= now && now.since(*at) < RECORD_INTERVAL;
        if refreshes.recorded_at.as_ref().is_some_and(is_recent) {
            refreshes.unrecorded += 1;
            return Ok(());
        }
        match refreshes.unrecorded {
            // The first of a session: an account may begin as many as it likes.
            0 => record_sparingly(tx, &self.limits, &self.by, Action::Refreshed, user, now)?,
            count => {
                let detail = detail::repeated(count);
                self.by.record(tx, Action::Refreshed, user, Some(&detail), now)?;
            }
        }
        (refreshes.recorded_at, refreshes.unrecorded) = (Some(now), 0);
        Ok(())
    }

    /// Stores when the sliding token was signed: the revocation of a key counts by it. The row stays as long as the
    /// session.
    fn renew(
        &self,
        tx: &mut Tx<'_>,
        used: &RefreshTokenRecord,
        session: &Session,
        now: Timestamp,
    ) -> Result<Rotation, StoreError> {
        let expires_at = session.expires_at.max(self.access_expires).seconds();
        let record = RefreshTokenRecord { hash: used.hash, issued_at: now.seconds(), expires_at };
        refresh_tokens::renew(tx, session.id, &record)?;
        Ok(Rotation::Off)
    }

    fn rotate(
        &self,
        tx: &mut Tx<'_>,
        records: &RotatedRecords,
        session: &Session,
        now: Timestamp,
    ) -> Result<Rotation, StoreError> {
        let stored = refresh_tokens::find(tx, session.id, records.used.hash)?;
        if let Some(StoredRefreshToken { replaced_at: Some(replaced_at), .. }) = stored {
            // A replacement long in the future was recorded by a clock that was ahead.
            if now.distance(replaced_at) >= self.settings.reuse_grace {
                return Ok(Rotation::Reused);
            }
            let next = refresh_tokens::find(tx, session.id, records.next.hash)?;
            return Ok(next.map_or(Rotation::Unknown, |next| Rotation::Successor(next.record)));
        }
        if stored.is_none() {
            // Of those that were replaced longer ago, no row is left.
            if refresh_tokens::has_replaced(tx, session.id)? {
                return Ok(Rotation::Reused);
            }
            refresh_tokens::insert(tx, session.id, &records.used)?;
        }
        if !self.settings.rotate_refresh {
            return Ok(Rotation::Off);
        }
        refresh_tokens::replace(tx, session.id, records.used.hash, now)?;
        refresh_tokens::insert(tx, session.id, &records.next)?;
        let grace = self.settings.reuse_grace;
        refresh_tokens::delete_replaced(tx, session.id, now.minus(grace), now.plus(grace))?;
        Ok(Rotation::Successor(records.next))
    }
}
