//! Ending the session of a refresh token, access tokens included. Called by `api`.

use crate::accounts::sessions::authenticate::{AuthenticationError, claimed_session};
use crate::accounts::sessions::presented_token::{PresentedTokenError, with_rate_limit};
use crate::accounts::shared::actor::{Actor, ActorKind};
use crate::accounts::shared::record_sparingly::record_sparingly;
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::{sessions, users};
use crate::tokens::{ClaimedUser, TokenError};

/// Ends the session of the refresh token; also for an inactive user, and for a token of another issuer.
///
/// # Errors
/// Why the token is rejected; as blacklisted if its session has ended or its user is gone.
pub(crate) async fn blacklist(app: &App, token: &[u8], by: &Actor) -> Result<(), PresentedTokenError> {
    with_rate_limit(app, by, end_session(app, token, by)).await
}

async fn end_session(app: &App, token: &[u8], by: &Actor) -> Result<(), PresentedTokenError> {
    app.refresh_keys().await?;
    let now = app.clock.now();
    let refresh = app.tokens.check_refresh(token, now)?;
    let claimed = match &refresh.claims.user {
        ClaimedUser::Id(id) => id.clone(),
        ClaimedUser::Invalid => return Err(TokenError::Blacklisted.into()),
        ClaimedUser::Missing => return Err(AuthenticationError::NoUser.into()),
    };
    let (limits, by) = (app.limits, by.clone());
    app.store
        .write(move |tx| {
            let id = users::id_of(tx, &claimed)?.ok_or(TokenError::Blacklisted)?;
            let by = by.with_kind(ActorKind::User(id));
            let current = claimed_session(id, &refresh.claims);
            let Some((user, Some(session))) = sessions::lock_or_adopt(tx, &current, by.client(), now)? else {
                return Err(TokenError::Blacklisted.into());
            };
            sessions::end(tx, id, session.id, now)?;
            Ok(record_sparingly(tx, &limits, &by, Action::Blacklisted, &user, now)?)
        })
        .await
}
