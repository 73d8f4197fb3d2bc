//! A session of the account pages, from the password to its end. Called by `account`.
//!
//! Each request reads the session and its user again. The session ends when it was not used for
//! `refresh_token_lifetime`, `tokens.session_lifetime` after its beginning, and as any session of its user
//! (`store::tables::sessions`).

use std::time::Duration;

use crate::accounts::email::request_mail::start_sending;
use crate::accounts::login::admin_session::reauthenticate;
use crate::accounts::login::log_in::{Credentials, LogInError, complete, verify_credentials};
use crate::accounts::login::prepared_session::insert_within;
use crate::accounts::sessions::authenticate::is_over;
use crate::accounts::shared::actor::{Actor, ActorKind};
use crate::accounts::shared::new_place;
use crate::accounts::shared::record_sparingly::record_sparingly;
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::audit::Action;
use crate::store::tables::browser_sessions;
use crate::store::tables::browser_sessions::BrowserSession;
use crate::store::tables::sessions;
use crate::store::tables::sessions::NewSession;
use crate::store::tables::users;
use crate::types::{BrowserKey, Password, SessionHandle, Timestamp, User};

/// The end of the session is written again after this part of its lifetime: a write for each request is not worth
/// it.
const LIFETIME_PARTS: u32 = 20;

/// Begins a session of the account pages, with the check, limits and timing of any login. A session that the
/// browser had before (`earlier`) ends.
pub(crate) async fn log_in_browser(
    app: &App,
    credentials: Credentials,
    earlier: Option<BrowserKey>,
    by: &Actor,
) -> Result<BrowserKey, LogInError> {
    let verified = verify_credentials(app, credentials, by).await?;
    if let Some(earlier) = earlier {
        // In a transaction of its own: it may be another user's, and no transaction locks two users.
        log_out_browser(app, earlier, by).await?;
    }
    let (now, key) = (app.clock.now(), BrowserKey::random());
    let by = by.with_kind(ActorKind::User(verified.user.id));
    let (limits, tells_place) = (app.limits, app.config.account.new_place_mail);
    let expires_at = now.plus(app.config.refresh_token_lifetime);
    let logged_in = complete(app, verified, now, move |tx, user| {
        users::record_login(tx, user.id, by.language, now)?;
        let is_new_place = new_place::record_login(tx, &user, tells_place, &by, now)?;
        let handle = SessionHandle::random();
        let new =
            NewSession { user: user.id, handle: &handle, started_at: now, expires_at, client: by.client() };
        let session = insert_within(tx, &new, limits.sessions(), now)?;
        browser_sessions::insert(tx, &key, session, now)?;
        record_sparingly(tx, &limits, &by, Action::LoggedIn, &user, now)?;
        Ok((key, is_new_place))
    });
    let (key, is_new_place) = logged_in.await?;
    if is_new_place {
        start_sending(app);
    }
    Ok(key)
}

/// The user whose session has this key, with the session; `None` if it is not live (any more).
pub(crate) async fn browser_session(
    app: &App,
    key: &BrowserKey,
) -> Result<Option<(User, BrowserSession)>, StoreError> {
    let (now, look_up) = (app.clock.now(), key.clone());
    let row = app.store.read(move |conn| browser_sessions::by_key(conn, &look_up)).await?;
    let Some((user, browser)) = row.filter(|(user, browser)| is_live(app, user, browser, now)) else {
        return Ok(None);
    };
    let (session, lifetime) = (&browser.session, app.config.refresh_token_lifetime);
    app.last_seen.note(session.id, session.last_seen_at, now);
    let expires_at = now.plus(lifetime);
    if expires_at.since(session.expires_at) > lifetime / LIFETIME_PARTS {
        let (id, handle) = (user.id, session.handle.clone());
        let extended = app.store.write(move |tx| {
            users::lock(tx, id)?;
            match sessions::load_with_user(tx, id, &handle)? {
                Some((_, Some(session))) if session.ended_at.is_none() => {
                    sessions::extend(tx, &session, expires_at, now)
                }
                _ => Ok(()),
            }
        });
        match extended.await {
            // The request goes on: the session lasts as long as before.
            Err(error) if !error.is_logged() => {
                tracing::warn!(%error, "could not record that a session was used");
            }
            _ => {}
        }
    }
    Ok(Some((user, browser)))
}

/// A stored end that a clock ahead of this one has written does not count: the last use is corrected
/// (`accounts::jobs::correct_moments`).
fn is_live(app: &App, user: &User, browser: &BrowserSession, now: Timestamp) -> bool {
    let (session, tokens) = (&browser.session, &app.config.tokens);
    let idle: Duration = now.since(session.last_seen_at);
    user.is_active
        && session.ended_at.is_none()
        && session.expires_at > now
        && idle < app.config.refresh_token_lifetime
        && !is_over(session, tokens.session_lifetime, now)
}

/// Checks the password of a user with a session again, before a dangerous action.
pub(crate) async fn reauthenticate_browser(
    app: &App,
    user: &User,
    key: &BrowserKey,
    password: Password,
    by: &Actor,
) -> Result<(), LogInError> {
    let key = key.clone();
    reauthenticate(app, user, password, by, move |tx, now| {
        browser_sessions::record_authentication(tx, &key, now)
    })
    .await
}

/// Ends the session with this key, if there is a live one.
pub(crate) async fn log_out_browser(app: &App, key: BrowserKey, by: &Actor) -> Result<(), StoreError> {
    let (now, limits, by) = (app.clock.now(), app.limits, by.clone());
    app.store
        .write(move |tx| {
            let Some((user, browser)) = browser_sessions::by_key(tx, &key)? else { return Ok(()) };
            let Some(user) = users::lock(tx, user.id)? else { return Ok(()) };
            if !sessions::end(tx, user.id, browser.session.id, now)? {
                return Ok(());
            }
            let by = by.with_kind(ActorKind::User(user.id));
            record_sparingly(tx, &limits, &by, Action::LoggedOut, &user, now)
        })
        .await
}
