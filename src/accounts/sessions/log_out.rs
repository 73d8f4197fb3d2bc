//! Ending the session of a request, or all sessions of its user. Called by `api`.

use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::record_sparingly::record_sparingly;
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::audit::Action;
use crate::store::tables::sessions;
use crate::store::tables::sessions::ExceptSession;
use crate::types::CurrentSession;

/// Which sessions end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The session of the request.
    This,
    /// Every session and every token of the user.
    All,
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
