//! Ending the session of a request, or all sessions of its user. Called by `api`.

use crate::accounts::shared::actor::{Actor, ActorKind};
use crate::accounts::shared::record_sparingly::record_sparingly;
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::audit::Action;
use crate::store::tables::sessions;
use crate::store::tables::sessions::ExceptSession;
use crate::store::tables::users;
use crate::tokens::ClaimedUser;
use crate::types::CurrentSession;

/// Which sessions end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The session of the request.
    This,
    /// Every session and every token of the user.
    All,
}

/// Ends the live sessions that tokens name, whether the tokens are still valid or not: only their signatures are
/// checked. For a browser that logs out with cookies that came to their end; a session whose tokens have expired
/// may have a refresh token that has not.
pub(crate) async fn log_out_with_expired(
    app: &App,
    tokens: &[Vec<u8>],
    by: &Actor,
) -> Result<(), StoreError> {
    app.refresh_keys().await?;
    for token in tokens {
        let now = app.clock.now();
        let Ok(claims) = app.tokens.check_signature(token, now) else { continue };
        let ClaimedUser::Id(claimed) = claims.user else { continue };
        let by = by.clone();
        app.store
            .write(move |tx| {
                let Some(id) = users::id_of(tx, &claimed)? else { return Ok::<_, StoreError>(()) };
                let Some(user) = users::lock(tx, id)? else { return Ok(()) };
                let by = by.with_kind(ActorKind::User(id));
                let session =
                    sessions::load_with_user(tx, id, &claims.session)?.and_then(|(_, session)| session);
                match session.filter(|session| session.ended_at.is_none()) {
                    Some(session) => {
                        sessions::end(tx, id, session.id, now)?;
                        by.record(tx, Action::LoggedOut, &user, None, now)
                    }
                    None => Ok(()),
                }
            })
            .await?;
    }
    Ok(())
}

/// Ends the session, or all. Succeeds as well if the session has ended in the meantime.
pub(crate) async fn log_out(
    app: &App,
    current: &CurrentSession,
    scope: Scope,
    by: &Actor,
) -> Result<(), StoreError> {
    let (now, limits, current, by) = (app.clock.now(), app.limits, current.clone(), by.clone());
    app.store
        .write(move |tx| {
            let Some((user, session)) = sessions::lock_or_adopt(tx, &current, by.client(), now)? else {
                return Ok(());
            };
            let action = match (scope, session) {
                (Scope::All, _) => {
                    sessions::end_all(tx, user.id, ExceptSession::None, now)?;
                    Action::LoggedOutEverywhere
                }
                (Scope::This, Some(session)) => {
                    sessions::end(tx, user.id, session.id, now)?;
                    Action::LoggedOut
                }
                (Scope::This, None) => return Ok(()),
            };
            record_sparingly(tx, &limits, &by, action, &user, now)
        })
        .await
}
