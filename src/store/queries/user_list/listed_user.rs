//! A user as lists have it: no password hash, and the folded keys that the list is ordered by.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Nullable, Text};

use crate::store::engine::stored_text::StoredText;
use crate::types::{Email, PublicId, Timestamp, UserId};

/// A user in a list.
#[derive(Clone, Debug, QueryableByName)]
pub(crate) struct ListedUser {
    #[diesel(sql_type = BigInt)]
    pub(super) id: i64,
    /// The name.
    #[diesel(sql_type = Text, deserialize_as = StoredText)]
    pub username: String,
    #[diesel(sql_type = Text)]
    pub(super) username_key: String,
    /// The address.
    #[diesel(sql_type = Text, deserialize_as = StoredText)]
    pub email: String,
    #[diesel(sql_type = Text)]
    pub(super) email_key: String,
    /// See [`crate::types::User::is_email_confirmed`].
    #[diesel(sql_type = Bool)]
    pub is_email_confirmed: bool,
    /// See [`crate::types::User::is_active`].
    #[diesel(sql_type = Bool)]
    pub is_active: bool,
    /// See [`crate::types::User::is_admin`].
    #[diesel(sql_type = Bool)]
    pub is_admin: bool,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub(super) deletion_due_at: Option<i64>,
    #[diesel(sql_type = BigInt)]
    pub(super) created_at: i64,
    #[diesel(sql_type = Nullable<BigInt>)]
    pub(super) last_login_at: Option<i64>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) search_key: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    pub(super) public_id: Option<String>,
}

/// The columns of [`ListedUser`].
pub(super) const COLUMNS: &str = "id, username, username_key, email, email_key, is_email_confirmed, \
                                  is_active, is_admin, deletion_due_at, created_at, last_login_at, search_key, \
                                  public_id";

impl ListedUser {
    /// The id.
    #[must_use]
    pub(crate) const fn id(&self) -> UserId {
        UserId::new(self.id)
    }

    /// The id that clients know.
    #[must_use]
    pub(crate) fn public_id(&self) -> PublicId {
        self.public_id.clone().map_or(PublicId::Integer(self.id()), PublicId::Text)
    }

    /// The address.
    #[must_use]
    pub(crate) fn email(&self) -> Email {
        Email::from_stored(self.email.clone())
    }

    /// See [`crate::types::User::is_to_be_deleted`].
    #[must_use]
    pub(crate) const fn is_to_be_deleted(&self) -> bool {
        self.deletion_due_at.is_some()
    }

    /// See [`crate::types::User::deletion_due_at`].
    #[must_use]
    pub(crate) fn deletion_due_at(&self) -> Option<Timestamp> {
        self.deletion_due_at.map(Timestamp::from_micros)
    }

    /// When the account was created.
    #[must_use]
    pub(crate) const fn created_at(&self) -> Timestamp {
        Timestamp::from_micros(self.created_at)
    }

    /// The last successful login.
    #[must_use]
    pub(crate) fn last_login_at(&self) -> Option<Timestamp> {
        self.last_login_at.map(Timestamp::from_micros)
    }
}
