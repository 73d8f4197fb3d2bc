//! Ending the session of a refresh token, access tokens included. Called by `api`.

use crate::accounts::sessions::authenticate::{AuthenticationError, session_of};
use crate::accounts::sessions::presented_token::{PresentedTokenError, limited};
use crate::accounts::shared::actor::{Actor, ActorKind};
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::sessions;
use crate::tokens::{ClaimedUser, TokenError};

/// Ends the session of the refresh token; also that of an inactive user, and of a token that was issued
/// elsewhere.
///
/// # Errors
/// What is wrong with the token; it is blacklisted already if its session has ended, or its user is
/// gone.
pub(crate) async fn blacklist(app: &App, token: &[u8], by: &Actor) -> Result<(), PresentedTokenError> {
    limited(app, by, end(app, token, by)).await
}

async fn end(app: &App, token: &[u8], by: &Actor) -> Result<(), PresentedTokenError> {
    let now = app.clock.now();
    let refresh = app.tokens.check_refresh(token, now)?;
    let id = match refresh.claims.user {
        ClaimedUser::Id(id) => id,
        ClaimedUser::Invalid => return Err(TokenError::Blacklisted.into()),
        ClaimedUser::Missing => return Err(AuthenticationError::NoUser.into()),
    };
    let by = Actor { who: ActorKind::User(id), ..by.clone() };
    app.store
        .write(move |tx| {
            let current = session_of(id, &refresh.claims, None);
            let Some((user, Some(session))) = sessions::hold(tx, &current, by.origin(), now)? else {
                return Err(TokenError::Blacklisted.into());
            };
            sessions::end(tx, id, session.id, now)?;
            Ok(by.record(tx, Action::Blacklisted, Some((id, user.username.as_str())), now)?)
        })
        .await
}
