//! A session in the admin, from the password to its end. Called by `admin`.
//!
//! Each request reads the session and its user again. The session ends after its lifetime, after idle time,
//! when the user loses the right to enter the admin, and with all other sessions of the user
//! (`store::tables::sessions::end_all`).

use std::time::Duration;

use crate::accounts::email::request_mail::start_sending;
use crate::accounts::login::log_in::{Credentials, LogInError, complete, verify_credentials};
use crate::accounts::shared::actor::{Actor, ActorKind};
use crate::accounts::shared::verify_password::verify_own_password;
use crate::accounts::shared::{known_address, new_place};
use crate::app::App;
use crate::store::tables::admin_sessions;
use crate::store::tables::admin_sessions::AdminSession;
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::store::{StoreError, Tx};
use crate::types::{BrowserKey, Password, Timestamp, User};

/// The time of the last request is written at most this often: a write for each is not worth it.
const LAST_SEEN_PRECISION: Duration = Duration::from_secs(60);

/// It is written more often where the idle timeout is short: each time this part of it has passed.
const IDLE_TIMEOUT_PARTS: u32 = 10;

/// What right credentials lead to.
#[derive(Debug)]
pub(crate) enum SignIn {
    /// A session in the admin has begun, with this key.
    Entered(BrowserKey),
    /// The user is no administrator.
    NotAdministrator,
}

/// Signs an administrator in, with the check, limits and timing of any login. A session that the browser had
/// before (`earlier`) ends.
pub(crate) async fn sign_in(
    app: &App,
    credentials: Credentials,
    earlier: Option<BrowserKey>,
    by: &Actor,
) -> Result<SignIn, LogInError> {
    let lifetime = app.config.admin.session_lifetime;
    let verified = verify_credentials(app, credentials, by).await?;
    let now = app.clock.now();
    let by = by.with_kind(ActorKind::User(verified.user.id));
    let tells_place = app.config.account.new_place_mail;
    let signed_in = complete(app, verified, now, move |tx, user| {
        if !user.is_admin {
            by.record(tx, Action::AdminRefused, &user, None, now)?;
            return Ok((SignIn::NotAdministrator, false));
        }
        admin_sessions::sweep(tx, now.minus(lifetime))?;
        let is_new_place = new_place::record_login(tx, &user, tells_place, &by, now)?;
        Ok((SignIn::Entered(begin(tx, &user, earlier, &by, now)?), is_new_place))
    });
    let (outcome, is_new_place) = signed_in.await?;
    if is_new_place {
        start_sending(app);
    }
    Ok(outcome)
}

/// Begins a session of an administrator, who has just shown who they are. A session that the browser had before
/// (`earlier`) ends: its key may be known to others.
pub(crate) fn begin(
    tx: &mut Tx<'_>,
    user: &User,
    earlier: Option<BrowserKey>,
    by: &Actor,
    now: Timestamp,
) -> Result<BrowserKey, StoreError> {
    let key = BrowserKey::random();
    if let Some(earlier) = earlier {
        admin_sessions::remove(tx, &earlier)?;
    }
    admin_sessions::insert(tx, &key, &new_session(user, by, now))?;
    users::record_login(tx, user.id, by.language, now)?;
    known_address::record(tx, user.id, by.address, now)?;
    by.record(tx, Action::SignedIn, user, None, now)?;
    Ok(key)
}

fn new_session(user: &User, by: &Actor, now: Timestamp) -> AdminSession {
    AdminSession {
        user: user.id,
        created_at: now,
        last_seen_at: now,
        authenticated_at: now,
        address: by.address.map(|address| address.to_string()),
        user_agent: by.user_agent.clone(),
        view: None,
    }
}

/// The administrator whose session has this key, with the session; `None` if it is not valid (any more).
pub(crate) async fn administrator(
    app: &App,
    key: &BrowserKey,
) -> Result<Option<(User, AdminSession)>, StoreError> {
    let now = app.clock.now();
    let Some((user, session)) = valid_session(app, key, now).await? else { return Ok(None) };
    let precision = LAST_SEEN_PRECISION.min(app.config.admin.session_idle_timeout / IDLE_TIMEOUT_PARTS);
    if now.since(session.last_seen_at) > precision {
        let key = key.clone();
        match app.store.write(move |tx| admin_sessions::touch(tx, &key, now)).await {
            // The request goes on: with a full disk or a locked database the admin shows what is wrong.
            Err(error) if !error.is_logged() => {
                tracing::warn!(%error, "could not record when an administrator was last seen");
            }
            _ => {}
        }
    }
    Ok(Some((user, session)))
}

/// Whether a session in the admin has this key. Asking does not use the session.
pub(crate) async fn is_administrator(app: &App, key: &BrowserKey) -> Result<bool, StoreError> {
    Ok(valid_session(app, key, app.clock.now()).await?.is_some())
}

async fn valid_session(
    app: &App,
    key: &BrowserKey,
    now: Timestamp,
) -> Result<Option<(User, AdminSession)>, StoreError> {
    let key = key.clone();
    let row = app.store.read(move |conn| {
        let Some(session) = admin_sessions::by_key(conn, &key)? else { return Ok(None) };
        Ok(users::by_id(conn, session.user)?.map(|user| (user, session)))
    });
    Ok(row.await?.filter(|(user, session)| is_valid(app, user, session, now)))
}

fn is_valid(app: &App, user: &User, session: &AdminSession, now: Timestamp) -> bool {
    let limits = &app.config.admin;
    user.is_active
        && user.is_admin
        && now.since(session.created_at) < limits.session_lifetime
        && now.since(session.last_seen_at) < limits.session_idle_timeout
}

/// Checks the password of a signed-in administrator again, before a dangerous action. `by` is the administrator.
pub(crate) async fn reauthenticate_administrator(
    app: &App,
    user: &User,
    key: &BrowserKey,
    password: Password,
    by: &Actor,
) -> Result<(), LogInError> {
    let key = key.clone();
    reauthenticate(app, user, password, by, move |tx, now| {
        admin_sessions::record_authentication(tx, &key, now)
    })
    .await
}

/// Checks the password of a signed-in user again, and records it with `record`. A wrong password counts for this
/// user alone, so that failed logins of strangers do not keep the user from it.
pub(super) async fn reauthenticate(
    app: &App,
    user: &User,
    password: Password,
    by: &Actor,
    record: impl FnOnce(&mut Tx<'_>, Timestamp) -> Result<(), StoreError> + Send + 'static,
) -> Result<(), LogInError> {
    let verified = verify_own_password(app, user, password, Action::LoginFailed, by).await?;
    let now = app.clock.now();
    let by = by.with_kind(ActorKind::User(user.id));
    complete(app, verified, now, move |tx, user| {
        record(tx, now)?;
        by.record(tx, Action::Reauthenticated, &user, None, now)
    })
    .await
}

/// Ends the session with this key, if there is one.
pub(crate) async fn sign_out(app: &App, key: BrowserKey, by: &Actor) -> Result<(), StoreError> {
    let (now, by) = (app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            let Some(id) = admin_sessions::remove(tx, &key)? else { return Ok(()) };
            let Some(user) = users::by_id(tx, id)? else { return Ok(()) };
            by.with_kind(ActorKind::Administrator(id)).record(tx, Action::SignedOut, &user, None, now)
        })
        .await
}
