//! Setting a password with the key that was sent to the account's address. Called by the API and the
//! page; the operator's command makes such a key by hand.

use thiserror::Error;

use crate::accounts::email::confirm_email;
use crate::accounts::password::policy;
use crate::accounts::password::policy::{About, PolicyViolation};
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::change_user::AccountError;
use crate::accounts::shared::link_keys;
use crate::accounts::shared::link_keys::{KeyError, Opened};
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::limits;
use crate::mail::{Message, NewMail};
use crate::passwords::{EngineError, Requester};
use crate::store::tables::audit::Action;
use crate::store::tables::mails;
use crate::store::tables::one_time_keys::Purpose;
use crate::store::tables::users;
use crate::store::tables::users::Change;
use crate::store::{StoreError, Tx};
use crate::types::{OneTimeKey, Password, PasswordHash, Timestamp, User};

/// Why a password was not reset.
#[derive(Debug, Error)]
pub(crate) enum ResetPasswordError {
    /// The link did nothing.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The password breaks the password rules. The key stays good.
    #[error("{}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "))]
    Weak(Vec<PolicyViolation>),
    /// It could not be hashed now. The key stays good.
    #[error(transparent)]
    Engine(#[from] EngineError),
}

/// Sets the password of whoever the key was sent to. Whoever has it, has the mailbox: so the address
/// counts as confirmed, too. All sessions end, and the owner is told by mail.
///
/// The key is looked at before the password is, so that nobody without one makes us hash.
///
/// # Errors
/// If the key is not good, the password breaks the rules, or it could not be hashed or stored.
pub(crate) async fn reset_password(
    app: &App,
    key: OneTimeKey,
    password: Password,
    by: &Actor,
) -> Result<(), ResetPasswordError> {
    let Opened { user, .. } = link_keys::look_first(app, &key, Purpose::ResetPassword, by).await?;
    let about = About::user(&user.username, &user.email);
    policy::check(password.expose(), &about).map_err(ResetPasswordError::Weak)?;
    let origin = Requester { account: None, address: by.address.map(limits::subscriber) };
    let hash = app.passwords.hash_from(origin, &password.into()).await?;
    let set = move |tx: &mut Tx<'_>, opened: Opened, by: &Actor, now| set(tx, &opened.user, hash, by, now);
    link_keys::open(app, key, Purpose::ResetPassword, by, set).await?;
    app.mailer.wake();
    Ok(())
}

/// Keys that give an earlier address back stay good: whoever took over an account and its address
/// could else be rid of them.
fn set(
    tx: &mut Tx<'_>,
    user: &User,
    hash: PasswordHash,
    by: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    users::change(tx, user.id, &Change::Password(hash), now)?;
    users::end_tokens(tx, user.id, now)?;
    link_keys::drop_resets(tx, user.id)?;
    by.record(tx, Action::PasswordReset, Some((user.id, user.username.as_str())), now)?;
    confirm_email::mark(tx, user, by, now)?;
    let message = Message::PasswordChanged { username: user.username.clone() };
    mails::insert(tx, &NewMail { user: Some(user.id), to: user.email.clone(), message }, now)
}

/// A key for setting another password, for an operator to hand on. Nothing is mailed. The account counts
/// as changed, so that of two forms for a link, sent once more or by two administrators, the second does
/// not end the first one's link unseen.
///
/// # Errors
/// If there is no such user, or not as they were seen, or the store fails.
pub(crate) async fn make_reset_key(
    app: &App,
    target: impl Into<UserRef>,
    by: &Actor,
) -> Result<OneTimeKey, AccountError> {
    let (target, now, by) = (target.into(), app.clock.now(), by.clone());
    app.store
        .write(move |tx| {
            let user = users::hold(tx, target.id)?.ok_or(AccountError::NotFound)?;
            target.check(&user)?;
            users::touch(tx, user.id, now)?;
            by.record(tx, Action::ResetLinkMade, Some((user.id, user.username.as_str())), now)?;
            Ok(link_keys::issue(tx, Purpose::ResetPassword, &user, now)?)
        })
        .await
}
