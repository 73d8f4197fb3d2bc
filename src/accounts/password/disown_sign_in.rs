//! "This was not me": ending all sessions with the key from the mail about a login from a new place. Called by the page.

use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::link_keys;
use crate::accounts::shared::link_keys::{KeyError, ValidLink};
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::known_addresses;
use crate::store::tables::sessions;
use crate::store::tables::sessions::ExceptSession;
use crate::store::{StoreError, Tx};
use crate::types::{Link, OneTimeKey, Timestamp};

/// Ends all sessions. Another person knows the password, so it answers a key for setting a new one. Until that is
/// set, the next login comes from a new place again, wherever it comes from.
pub(crate) async fn disown_sign_in(app: &App, key: OneTimeKey, by: &Actor) -> Result<OneTimeKey, KeyError> {
    link_keys::redeem(app, key, Link::NotMe, by, disown).await
}

fn disown(tx: &mut Tx<'_>, link: ValidLink, by: &Actor, now: Timestamp) -> Result<OneTimeKey, StoreError> {
    let ValidLink { user, email, .. } = link;
    sessions::end_all(tx, user.id, ExceptSession::None, now)?;
    known_addresses::expire_all(tx, user.id)?;
    for purpose in [Link::NotMe, Link::ResetPassword] {
        link_keys::remove_all(tx, user.id, purpose)?;
    }
    by.record(tx, Action::SignInDisowned, &user, None, now)?;
    link_keys::issue(tx, Link::ResetPassword, user.id, &email, now)
}
