//! Changing another user's name, email and what is known of it. Called by the admin.

use thiserror::Error;

use crate::accounts::profile::update_user;
use crate::accounts::shared::actor::Actor;
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::one_time_keys;
use crate::store::tables::users;
use crate::store::tables::users::Edit;
use crate::store::{StoreError, Tx, Unique};
use crate::types::{Email, Timestamp, User, UserId, Username};

/// The account as an administrator wants it.
#[derive(Clone, Debug)]
pub(crate) struct Edited {
    /// The name.
    pub username: Username,
    /// The address.
    pub email: Email,
    /// The account's [`User::updated_at`] when the administrator saw it.
    pub seen: Timestamp,
}

/// What became of it.
#[derive(Debug)]
pub(crate) struct Saved {
    /// The account as it is now.
    pub user: User,
    /// Whether it is another one than before.
    pub is_changed: bool,
}

/// Why nothing was changed.
#[derive(Debug, Error)]
pub(crate) enum EditUserError {
    /// Somebody else has this name or address, be it as name or as address.
    #[error("somebody else has this name or address")]
    Taken(Vec<Unique>),
    /// Somebody else changed the account since it was seen.
    #[error("the account was changed meanwhile")]
    Changed,
    /// The user is gone.
    #[error("there is no such user")]
    NotFound,
    /// The store could not do it.
    #[error(transparent)]
    Store(StoreError),
}

impl From<StoreError> for EditUserError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken(unique) => Self::Taken(vec![unique]),
            other => Self::Store(other),
        }
    }
}

/// Changes the name and the email, by the rules that hold for the user, too: another address is not
/// confirmed and is asked for it, and the old one, if it was confirmed, is told and can take it back.
pub(crate) async fn edit_user(
    app: &App,
    id: UserId,
    edited: Edited,
    by: &Actor,
) -> Result<Saved, EditUserError> {
    let (now, by) = (app.clock.now(), by.clone());
    let saved = app.store.write(move |tx| settle(tx, id, edited, &by, now)).await?;
    if saved.is_changed {
        app.mailer.wake();
    }
    Ok(saved)
}

fn settle(
    tx: &mut Tx<'_>,
    id: UserId,
    edited: Edited,
    by: &Actor,
    now: Timestamp,
) -> Result<Saved, EditUserError> {
    let Edited { username, email, seen } = edited;
    users::lock_meanings(tx, Some(&username), Some(&email))?;
    let old_email = users::by_id(tx, id)?.ok_or(EditUserError::NotFound)?.email;
    // Before the user: who takes an address back holds the address first, too.
    one_time_keys::lock_addresses(tx, &[&email, &old_email])?;
    let user = users::hold(tx, id)?.ok_or(EditUserError::NotFound)?;
    if user.updated_at != seen {
        return Err(EditUserError::Changed);
    }
    let mut taken = users::taken(tx, Some(&username), Some(&email), Some(id))?;
    if taken.is_empty() && one_time_keys::is_reserved(tx, &email, Some(id), now)? {
        taken.push(Unique::Email);
    }
    if !taken.is_empty() {
        return Err(EditUserError::Taken(taken));
    }
    let moves = !email.is_same_mailbox(&user.email);
    let edit = Edit {
        username: (username != user.username).then_some(username),
        email: (email != user.email).then_some(email),
        is_email_confirmed: moves.then_some(false),
    };
    if edit.is_empty() {
        return Ok(Saved { user, is_changed: false });
    }
    users::edit(tx, id, &edit, now)?;
    let after = users::by_id(tx, id)?.ok_or(EditUserError::NotFound)?;
    let subject = Some((id, after.username.as_str()));
    if edit.username.is_some() {
        let detail = format!("{} → {}", user.username, after.username);
        by.record_with(tx, Action::Renamed, subject, Some(&detail), now)?;
    }
    if edit.email.is_some() {
        let detail = format!("{} → {}", user.email, after.email);
        by.record_with(tx, Action::EmailChanged, subject, Some(&detail), now)?;
    }
    if moves {
        update_user::send_mails(tx, &user, &after.username, &after.email, now)?;
    }
    Ok(Saved { user: after, is_changed: true })
}
