//! Changes of an account that its owner or an operator makes.

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::users;
use crate::store::engine::schema::users::dsl;
use crate::store::tables::users::search_key::update_search_key;
use crate::store::tables::users::unique::refuse_other_keys;
use crate::store::tables::{admin_sessions, known_addresses};
use crate::types::{Email, PasswordHash, Timestamp, User, UserId, Username};

/// A change of one property of an account.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    /// A new password.
    Password(PasswordHash),
    /// [`User::is_email_confirmed`].
    EmailConfirmed(bool),
    /// [`User::is_active`].
    Active(bool),
    /// [`User::is_admin`].
    Admin(bool),
    /// A new address, which its owner has confirmed.
    ConfirmedEmail(Email),
    /// The account is deleted at this moment ([`User::deletion_due_at`]).
    DeletionDue(Timestamp),
    /// The account is not deleted, and as active as it was before.
    DeletionCancelled,
}

impl Change {
    /// Whether the user is like that already.
    pub(crate) const fn is_in_effect(&self, user: &User) -> bool {
        match self {
            Self::EmailConfirmed(is) => user.is_email_confirmed == *is,
            Self::Active(is) => user.is_active == *is,
            Self::Admin(is) => user.is_admin == *is,
            Self::DeletionDue(_) => user.deletion_due_at.is_some(),
            Self::DeletionCancelled => user.deletion_due_at.is_none(),
            Self::Password(_) | Self::ConfirmedEmail(_) => false,
        }
    }

    /// Whether the change could take an administrator away.
    pub(crate) const fn removes_administrator(&self) -> bool {
        matches!(self, Self::Active(false) | Self::Admin(false) | Self::DeletionDue(_))
    }
}

/// Changes a user. A deactivation and the loss of the admin right end the user's sessions in the admin. With a new
/// password no network is known any more; the caller ends the sessions, but for the one that set it.
///
/// # Errors
/// [`StoreError::Taken`] if the address is another user's.
pub(crate) fn change(tx: &mut Tx<'_>, id: UserId, change: &Change, now: Timestamp) -> Result<(), StoreError> {
    if change.removes_administrator() {
        admin_sessions::remove_all_but(tx, id, None)?;
    }
    if matches!(change, Change::Password(_)) {
        known_addresses::remove_all(tx, id)?;
    }
    if let Change::ConfirmedEmail(email) = change {
        refuse_other_keys(tx, None, Some(email), Some(id))?;
    }
    let user = dsl::users.find(id.get());
    let updated_at = dsl::updated_at.eq(now.micros());
    match change {
        Change::Password(hash) => {
            diesel::update(user).set((dsl::password_hash.eq(hash.as_stored()), updated_at)).execute(&mut **tx)
        }
        Change::EmailConfirmed(true) => {
            diesel::update(user).set((ConfirmedColumns::default(), updated_at)).execute(&mut **tx)
        }
        Change::EmailConfirmed(false) => {
            diesel::update(user).set((dsl::is_email_confirmed.eq(false), updated_at)).execute(&mut **tx)
        }
        Change::Active(active) => {
            diesel::update(user).set((dsl::is_active.eq(*active), updated_at)).execute(&mut **tx)
        }
        Change::Admin(admin) => {
            diesel::update(user).set((dsl::is_admin.eq(*admin), updated_at)).execute(&mut **tx)
        }
        Change::ConfirmedEmail(email) => {
            let columns = (dsl::email.eq(email.as_str()), dsl::email_key.eq(email.key().as_str().to_owned()));
            diesel::update(user).set((columns, ConfirmedColumns::default(), updated_at)).execute(&mut **tx)
        }
        Change::DeletionDue(due) => {
            let before = dsl::active_before_deletion.eq(dsl::is_active);
            let columns = (dsl::deletion_due_at.eq(due.micros()), before, dsl::is_active.eq(false));
            diesel::update(user).set((columns, updated_at)).execute(&mut **tx)
        }
        Change::DeletionCancelled => {
            let before = dsl::is_active.eq(dsl::active_before_deletion);
            let columns =
                (dsl::deletion_due_at.eq(None::<i64>), before, dsl::active_before_deletion.eq(false));
            diesel::update(user).set((columns, updated_at)).execute(&mut **tx)
        }
    }?;
    if matches!(change, Change::ConfirmedEmail(_)) {
        update_search_key(tx, id)?;
    }
    Ok(())
}

/// The columns of a confirmed address: no older one is needed any more.
#[derive(AsChangeset)]
#[diesel(table_name = users)]
#[diesel(treat_none_as_null = true)]
struct ConfirmedColumns {
    is_email_confirmed: bool,
    recovery_email: Option<String>,
    recovery_email_key: Option<String>,
}

impl Default for ConfirmedColumns {
    fn default() -> Self {
        Self { is_email_confirmed: true, recovery_email: None, recovery_email_key: None }
    }
}

/// Sets [`User::recovery_email`] of a user whose address is not confirmed any more.
pub(crate) fn set_recovery_email(tx: &mut Tx<'_>, id: UserId, email: &Email) -> Result<(), StoreError> {
    let columns =
        (dsl::recovery_email.eq(email.as_str()), dsl::recovery_email_key.eq(email.key().as_str().to_owned()));
    diesel::update(dsl::users.find(id.get())).set(columns).execute(&mut **tx)?;
    Ok(())
}

/// Sets [`User::updated_at`] and nothing else.
pub(crate) fn touch(tx: &mut Tx<'_>, id: UserId, now: Timestamp) -> Result<(), StoreError> {
    let user = dsl::users.find(id.get());
    diesel::update(user).set(dsl::updated_at.eq(now.micros())).execute(&mut **tx)?;
    Ok(())
}

/// A new name, a new address, or both; what is `None` stays.
#[derive(Clone, Debug, Default)]
pub struct UserUpdate {
    /// The name.
    pub username: Option<Username>,
    /// The address.
    pub email: Option<Email>,
}

impl UserUpdate {
    /// What differs from the user.
    pub(crate) fn without_unchanged(self, user: &User) -> Self {
        Self {
            username: self.username.filter(|username| *username != user.username),
            email: self.email.filter(|email| *email != user.email),
        }
    }

    /// Whether nothing is to change.
    pub(crate) const fn is_empty(&self) -> bool {
        self.username.is_none() && self.email.is_none()
    }

    /// The new address, if it is another mailbox than the user's: not only another spelling.
    pub(crate) fn new_mailbox(&self, old: &Email) -> Option<&Email> {
        self.email.as_ref().filter(|email| !email.is_same_mailbox(old))
    }
}

#[derive(AsChangeset)]
#[diesel(table_name = users)]
struct UpdatedColumns {
    username: Option<String>,
    username_key: Option<String>,
    email: Option<String>,
    email_key: Option<String>,
    is_email_confirmed: Option<bool>,
    /// `None` stays; `Some(None)` is NULL.
    recovery_email: Option<Option<String>>,
    recovery_email_key: Option<Option<String>>,
    updated_at: i64,
}

/// Changes the name and the address of a user. A new mailbox is not confirmed; `recovery` is
/// [`User::recovery_email`] with it.
///
/// # Errors
/// [`StoreError::Taken`] if the name or the address is another user's.
pub(crate) fn update(
    tx: &mut Tx<'_>,
    user: &User,
    update: &UserUpdate,
    recovery: Option<&Email>,
    now: Timestamp,
) -> Result<(), StoreError> {
    let is_new_mailbox = update.new_mailbox(&user.email).is_some();
    refuse_other_keys(tx, update.username.as_ref(), update.email.as_ref(), Some(user.id))?;
    let columns = UpdatedColumns {
        username: update.username.as_ref().map(|name| name.as_str().to_owned()),
        username_key: update.username.as_ref().map(|name| name.key().as_str().to_owned()),
        email: update.email.as_ref().map(|email| email.as_str().to_owned()),
        email_key: update.email.as_ref().map(|email| email.key().as_str().to_owned()),
        is_email_confirmed: is_new_mailbox.then_some(false),
        recovery_email: is_new_mailbox.then(|| recovery.map(|email| email.as_str().to_owned())),
        recovery_email_key: is_new_mailbox.then(|| recovery.map(|email| email.key().as_str().to_owned())),
        updated_at: now.micros(),
    };
    diesel::update(dsl::users.find(user.id.get())).set(&columns).execute(&mut **tx)?;
    update_search_key(tx, user.id)
}

/// Up to `limit` users whose deletion was due at `now`, the earliest first.
pub(crate) fn due_for_deletion(
    conn: &mut Conn,
    now: Timestamp,
    limit: usize,
) -> Result<Vec<UserId>, StoreError> {
    let due = dsl::users.filter(dsl::deletion_due_at.le(now.micros())).order((dsl::deletion_due_at, dsl::id));
    let ids: Vec<i64> = due.select(dsl::id).limit(i64::try_from(limit).unwrap_or(i64::MAX)).load(conn)?;
    Ok(ids.into_iter().map(UserId::new).collect())
}

/// Deletes a user.
pub(crate) fn delete(tx: &mut Tx<'_>, id: UserId) -> Result<(), StoreError> {
    diesel::delete(dsl::users.find(id.get())).execute(&mut **tx)?;
    Ok(())
}
