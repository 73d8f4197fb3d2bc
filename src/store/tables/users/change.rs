//! Changes of an account that its owner or an operator would call one.

use diesel::prelude::*;

use crate::store::engine::connection::Tx;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::users;
use crate::store::engine::schema::users::dsl;
use crate::store::tables::admin_sessions;
use crate::types::{Email, PasswordHash, Timestamp, User, UserId, Username};

/// A change of an account that its owner or an operator would call one.
#[derive(Clone, Debug)]
pub enum Change {
    /// Another password.
    Password(PasswordHash),
    /// [`crate::types::User::is_email_confirmed`].
    EmailConfirmed(bool),
    /// [`crate::types::User::is_active`].
    Active(bool),
    /// [`crate::types::User::is_admin`].
    Admin(bool),
    /// Another address, whose owner has shown that it is theirs.
    ConfirmedEmail(Email),
}

impl Change {
    /// Whether the user is like that already.
    #[must_use]
    pub const fn is_made(&self, user: &User) -> bool {
        match self {
            Self::EmailConfirmed(is) => user.is_email_confirmed == *is,
            Self::Active(is) => user.is_active == *is,
            Self::Admin(is) => user.is_admin == *is,
            Self::Password(_) | Self::ConfirmedEmail(_) => false,
        }
    }
}

/// Changes a user; answers whether there is one. A change after which the user should not be in the
/// admin any more, or should prove who they are, ends their sessions there.
///
/// # Errors
/// [`StoreError::Taken`] if the address is another user's; or if the database fails.
pub fn change(tx: &mut Tx<'_>, id: UserId, change: &Change, now: Timestamp) -> Result<bool, StoreError> {
    if matches!(change, Change::Password(_) | Change::Active(false) | Change::Admin(false)) {
        admin_sessions::remove_all_but(tx, id, None)?;
    }
    let user = dsl::users.find(id.get());
    let updated_at = dsl::updated_at.eq(now.micros());
    let rows = match change {
        Change::Password(hash) => {
            diesel::update(user).set((dsl::password_hash.eq(hash.as_stored()), updated_at)).execute(&mut **tx)
        }
        Change::EmailConfirmed(confirmed) => {
            diesel::update(user).set((dsl::is_email_confirmed.eq(*confirmed), updated_at)).execute(&mut **tx)
        }
        Change::Active(active) => {
            diesel::update(user).set((dsl::is_active.eq(*active), updated_at)).execute(&mut **tx)
        }
        Change::Admin(admin) => {
            diesel::update(user).set((dsl::is_admin.eq(*admin), updated_at)).execute(&mut **tx)
        }
        Change::ConfirmedEmail(email) => {
            let columns = (dsl::email.eq(email.as_str()), dsl::email_key.eq(email.key().as_str().to_owned()));
            diesel::update(user)
                .set((columns, dsl::is_email_confirmed.eq(true), updated_at))
                .execute(&mut **tx)
        }
    }?;
    Ok(rows > 0)
}

/// Counts a user as changed, though no column is.
pub fn touch(tx: &mut Tx<'_>, id: UserId, now: Timestamp) -> Result<(), StoreError> {
    let user = dsl::users.find(id.get());
    diesel::update(user).set(dsl::updated_at.eq(now.micros())).execute(&mut **tx)?;
    Ok(())
}

/// What its owner or an administrator changes about an account; only what is there is written.
#[derive(Clone, Debug, Default)]
pub struct Edit {
    /// Another name.
    pub username: Option<Username>,
    /// Another address.
    pub email: Option<Email>,
    /// [`crate::types::User::is_email_confirmed`].
    pub is_email_confirmed: Option<bool>,
}

impl Edit {
    /// Whether nothing is to change.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.username.is_none() && self.email.is_none() && self.is_email_confirmed.is_none()
    }
}

/// The columns of an [`Edit`].
#[derive(AsChangeset)]
#[diesel(table_name = users)]
struct Columns {
    username: Option<String>,
    username_key: Option<String>,
    email: Option<String>,
    email_key: Option<String>,
    is_email_confirmed: Option<bool>,
    updated_at: i64,
}

/// Edits a user; answers whether there is one.
///
/// # Errors
/// [`StoreError::Taken`] if the name or the address is another user's.
pub fn edit(tx: &mut Tx<'_>, id: UserId, edit: &Edit, now: Timestamp) -> Result<bool, StoreError> {
    let columns = Columns {
        username: edit.username.as_ref().map(|name| name.as_str().to_owned()),
        username_key: edit.username.as_ref().map(|name| name.key().as_str().to_owned()),
        email: edit.email.as_ref().map(|email| email.as_str().to_owned()),
        email_key: edit.email.as_ref().map(|email| email.key().as_str().to_owned()),
        is_email_confirmed: edit.is_email_confirmed,
        updated_at: now.micros(),
    };
    Ok(diesel::update(dsl::users.find(id.get())).set(&columns).execute(&mut **tx)? > 0)
}
