//! Being signed in to the admin: from the password to the end of the session. Called by `admin`.
//!
//! A session lives in the store, and each request looks at it and at its user anew: it ends with
//! its time, with the user's right to be there, and with everything that ends their tokens
//! (`store::users::end_tokens`).

use std::time::Duration;

use crate::accounts::login::log_in::{Credentials, LogInError, check};
use crate::accounts::shared::actor::{Actor, ActorKind};
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::admin_sessions;
use crate::store::tables::admin_sessions::AdminSession;
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::types::{AdminKey, Identifier, Password, Timestamp, User};

/// How exactly the last request is noted, at most: not each of them is worth a write.
const SEEN_WITHIN: Duration = Duration::from_secs(60);

/// The last request is noted more exactly where a session ends soon without one: to this part of that time.
const SEEN_PART: u32 = 10;

/// What a right password led to.
#[derive(Debug)]
pub(crate) enum SignIn {
    /// Into the admin, with this key.
    Entered(AdminKey),
    /// Nowhere: the account is no administrator's.
    NotAdministrator,
}

/// Signs an administrator in: the same check, limits and timing as any login. A session that the
/// browser had before (`earlier`) ends.
pub(crate) async fn sign_in(
    app: &App,
    credentials: Credentials,
    earlier: Option<AdminKey>,
    by: &Actor,
) -> Result<SignIn, LogInError> {
    let lifetime = app.config.admin.session_lifetime;
    let prepare = |_: &User, _| Ok(AdminKey::random());
    let (_, outcome) = check(app, credentials, by, prepare, move |tx, user, key, by, now| {
        let subject = Some((user.id, user.username.as_str()));
        if !user.is_admin {
            by.record(tx, Action::AdminRefused, subject, now)?;
            return Ok(SignIn::NotAdministrator);
        }
        if let Some(earlier) = earlier {
            admin_sessions::remove(tx, &earlier)?;
        }
        admin_sessions::sweep(tx, now.minus(lifetime))?;
        admin_sessions::insert(tx, &key, &session_of(user, by, now))?;
        users::record_login(tx, user.id, now)?;
        by.record(tx, Action::SignedIn, subject, now)?;
        Ok(SignIn::Entered(key))
    })
    .await?;
    Ok(outcome)
}

fn session_of(user: &User, by: &Actor, now: Timestamp) -> AdminSession {
    AdminSession {
        user: user.id,
        created_at: now,
        last_seen_at: now,
        authenticated_at: now,
        address: by.address.map(|address| address.to_string()),
        user_agent: by.user_agent.clone(),
    }
}

/// The administrator whose session this key opens, as they are at this moment; `None` if it opens
/// nothing (any more).
pub(crate) async fn administrator(
    app: &App,
    key: &AdminKey,
) -> Result<Option<(User, AdminSession)>, StoreError> {
    let now = app.clock.now();
    let opened = key.clone();
    let found = app
        .store
        .read(move |conn| {
            let Some(session) = admin_sessions::by_key(conn, &opened)? else { return Ok(None) };
            Ok(users::by_id(conn, session.user)?.map(|user| (user, session)))
        })
        .await?;
    let Some((user, session)) = found.filter(|(user, session)| is_good(app, user, session, now)) else {
        return Ok(None);
    };
    let exactness = SEEN_WITHIN.min(app.config.admin.session_idle_timeout / SEEN_PART);
    if now.since(session.last_seen_at) > exactness {
        let key = key.clone();
        match app.store.write(move |tx| admin_sessions::touch(tx, &key, now)).await {
            // Whoever is in sees then what is wrong: a full disk, a locked database.
            Err(error) if !error.is_logged() => {
                tracing::warn!(%error, "could not note that an administrator is still there");
            }
            _ => {}
        }
    }
    Ok(Some((user, session)))
}

fn is_good(app: &App, user: &User, session: &AdminSession, now: Timestamp) -> bool {
    let limits = &app.config.admin;
    user.is_active
        && user.is_admin
        && now.since(session.created_at) < limits.session_lifetime
        && now.since(session.last_seen_at) < limits.session_idle_timeout
}

/// Checks the password of somebody who is signed in once more, before something dangerous;
/// answers whether it is theirs. `by` is they, as an administrator.
///
/// # Errors
/// As `log_in`: a wrong password counts as a failed login.
pub(crate) async fn reauthenticate(
    app: &App,
    user: &User,
    key: &AdminKey,
    password: Password,
    by: &Actor,
) -> Result<bool, LogInError> {
    let identifier = Identifier::new(user.username.as_str());
    let (id, key) = (user.id, key.clone());
    let (_, is_theirs) = check(
        app,
        Credentials { identifier, password },
        by,
        |_, _| Ok(()),
        move |tx, found, (), by, now| {
            // Another user's email may be this one's name: their password proves nothing here.
            if found.id != id {
                return Ok(false);
            }
            admin_sessions::record_authentication(tx, &key, now)?;
            by.record(tx, Action::Reauthenticated, Some((id, found.username.as_str())), now)?;
            Ok(true)
        },
    )
    .await?;
    Ok(is_theirs)
}

/// Ends the session of a key, if there is one.
pub(crate) async fn sign_out(app: &App, key: AdminKey, by: &Actor) -> Result<(), StoreError> {
    let (now, by) = (app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            let Some(id) = admin_sessions::remove(tx, &key)? else { return Ok(()) };
            let Some(user) = users::by_id(tx, id)? else { return Ok(()) };
            let by = Actor { who: ActorKind::Administrator(id), ..by };
            by.record(tx, Action::SignedOut, Some((id, user.username.as_str())), now)
        })
        .await
}
