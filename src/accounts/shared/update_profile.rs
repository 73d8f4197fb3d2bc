//! A new name or address for a user, by the user or by an administrator: the same rules, locks, mails and
//! audit entries for both; [`UpdatePolicy`] holds what differs.

use thiserror::Error;

use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::change_user;
use crate::accounts::shared::enumeration::ExistencePolicy;
use crate::accounts::shared::refusal::Refusal;
use crate::accounts::shared::user_ref::UserRef;
use crate::accounts::shared::{link_keys, notices, taken};
use crate::store::tables::audit::Action;
use crate::store::tables::one_time_keys;
use crate::store::tables::users;
use crate::store::tables::users::{Clash, UserUpdate};
use crate::store::{StoreError, Tx, Unique};
use crate::types::{Email, Link, Timestamp, User};

/// What differs between an update by the user and one by an administrator.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UpdatePolicy {
    /// What a refusal may reveal about other accounts.
    pub existence: ExistencePolicy,
    /// Whether the audit entries contain the old and the new value.
    pub records_values: bool,
    /// Whether the old address may undo the change, and set the password until the new one is confirmed.
    pub may_undo: bool,
}

/// A user after an update.
#[derive(Debug)]
pub(crate) struct UpdatedUser {
    /// The account as it is now.
    pub user: User,
    /// Whether the update changed anything.
    pub is_changed: bool,
}

/// Why nothing was updated.
#[derive(Debug, Error)]
pub(crate) enum UpdateProfileError {
    /// Another user has this name or address, as name or as address.
    #[error("another user has this name or address")]
    Taken(Vec<Unique>),
    /// The user is gone, does not match the precondition, or the store failed.
    #[error(transparent)]
    Account(#[from] AccountError),
}

impl From<StoreError> for UpdateProfileError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken(unique) => Self::Taken(vec![unique]),
            other => Self::Account(other.into()),
        }
    }
}

/// Writes what differs and nothing else: a change of another column at the same time stays.
///
/// A new mailbox is not confirmed, and is asked to confirm. An address that differs only in the case of
/// ASCII letters is the same mailbox. The caller wakes the mailer.
pub(crate) fn update_profile(
    tx: &mut Tx<'_>,
    user: &UserRef,
    update: UserUpdate,
    policy: UpdatePolicy,
    by: &Actor,
    now: Timestamp,
) -> Result<UpdatedUser, Refusal<UpdateProfileError>> {
    let user = lock(tx, user, &update)?;
    let taken = find_taken(tx, &user, &update, policy.existence, now)?;
    if !taken.is_empty() {
        return Err(Refusal::Committed(UpdateProfileError::Taken(taken)));
    }
    let update = update.without_unchanged(&user);
    if update.is_empty() {
        return Ok(UpdatedUser { user, is_changed: false });
    }
    users::update(tx, &user, &update, recovery_email(&user, policy), now)?;
    let updated = users::by_id(tx, user.id)?.ok_or_else(not_found)?;
    record(tx, &user, &updated, policy, by, now)?;
    if update.new_mailbox(&user.email).is_some() {
        send_mails(tx, &user, &updated, policy, by, now)?;
    }
    Ok(UpdatedUser { user: updated, is_changed: true })
}

/// The recovery address beside a new address: the last one that was confirmed, since the new one may be an
/// attacker's. The address that an administrator enters needs none, and the old mailbox may be the reason of
/// the change.
fn recovery_email(old: &User, policy: UpdatePolicy) -> Option<&Email> {
    match policy.may_undo {
        true if old.is_email_confirmed && !old.email.is_blank() => Some(&old.email),
        true => old.recovery_email.as_ref(),
        false => None,
    }
}

/// Locks in the order that all transactions keep: the identifiers, the addresses, the user. An undo of an
/// address change locks the address before the user, too.
fn lock(tx: &mut Tx<'_>, user: &UserRef, update: &UserUpdate) -> Result<User, Refusal<UpdateProfileError>> {
    users::lock_identifiers(tx, update.username.as_ref(), update.email.as_ref())?;
    if let Some(email) = &update.email {
        let current = users::by_id(tx, user.id)?.ok_or_else(not_found)?;
        one_time_keys::lock_addresses(tx, &[email, &current.email])?;
    }
    change_user::lock(tx, user).map_err(|error| Refusal::RolledBack(error.into()))
}

fn not_found() -> Refusal<UpdateProfileError> {
    Refusal::RolledBack(AccountError::NotFound.into())
}

/// Which of the new values another user has.
fn find_taken(
    tx: &mut Tx<'_>,
    user: &User,
    update: &UserUpdate,
    policy: ExistencePolicy,
    now: Timestamp,
) -> Result<Vec<Unique>, StoreError> {
    let (username, email) = (update.username.as_ref(), update.email.as_ref());
    let clashes = taken::find_clashes(tx, username, email, Some(user.id), now)?;
    let mut taken: Vec<Unique> = clashes.into_iter().map(Clash::column).collect();
    if !taken.contains(&Unique::Username)
        && username.is_some_and(|name| policy.refuses_name(name, email.or(Some(&user.email))))
    {
        taken.insert(0, Unique::Username);
    }
    Ok(taken)
}

fn record(
    tx: &mut Tx<'_>,
    old: &User,
    new: &User,
    policy: UpdatePolicy,
    by: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    let changes = [
        (Action::Renamed, old.username.as_str(), new.username.as_str()),
        (Action::EmailChanged, old.email.as_str(), new.email.as_str()),
    ];
    for (action, old, value) in changes.into_iter().filter(|(_, old, new)| old != new) {
        // An imported user may have no address.
        let shown = |value: &str| if value.is_empty() { "–".to_owned() } else { value.to_owned() };
        let values = policy.records_values.then(|| format!("{} → {}", shown(old), shown(value)));
        by.record(tx, action, new, values.as_deref(), now)?;
    }
    Ok(())
}

/// Removes the keys that were sent to the old address and open the account, and asks the new address to
/// confirm. The old address can take the account back, but only if it was confirmed: otherwise it may have
/// been mistyped and be a stranger's. After a change by an administrator no earlier address can.
fn send_mails(
    tx: &mut Tx<'_>,
    old: &User,
    new: &User,
    policy: UpdatePolicy,
    by: &Actor,
    now: Timestamp,
) -> Result<(), StoreError> {
    for purpose in [Link::ConfirmEmail, Link::ResetPassword] {
        link_keys::remove_all(tx, old.id, purpose)?;
    }
    notices::confirm_email(tx, new, by.mail_cause(), now)?;
    match policy.may_undo {
        true if old.is_email_confirmed && !old.email.is_blank() => {
            notices::email_changed(tx, old, &new.email, now)
        }
        true => Ok(()),
        false => {
            link_keys::remove_all(tx, old.id, Link::UndoEmail)?;
            if old.is_email_confirmed {
                notices::email_changed_by_administrator(tx, old, &new.email, now)?;
            }
            Ok(())
        }
    }
}
