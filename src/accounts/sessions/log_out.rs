//! Ending the session that asks, or all of its user. Called by `api`.

use crate::accounts::shared::actor::Actor;
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::audit::Action;
use crate::store::tables::{sessions, users};
use crate::types::CurrentSession;

/// How much ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The session that asks.
    This,
    /// Every session and every token of the user.
    All,
}

/// Ends the session, or all. If something else ended it meanwhile, that is as good.
pub(crate) async fn log_out(
    app: &App,
    current: &CurrentSession,
    scope: Scope,
    by: &Actor,
) -> Result<(), StoreError> {
    let (now, current, by) = (app.clock.now(), current.clone(), by.clone());
    app.store
        .write(move |tx| {
            let Some((user, session)) = sessions::hold(tx, &current, by.origin(), now)? else {
                return Ok(());
            };
            let action = match (scope, session) {
                (Scope::All, _) => {
                    users::end_tokens(tx, user.id, now)?;
                    Action::LoggedOutEverywhere
                }
                (Scope::This, Some(session)) => {
                    sessions::end(tx, user.id, session.id, now)?;
                    Action::LoggedOut
                }
                (Scope::This, None) => return Ok(()),
            };
            by.record(tx, action, Some((user.id, user.username.as_str())), now)
        })
        .await
}
