//! A user account. The password hash is not part of it: only a check of a password loads that
//! (`store::tables::users::UserWithHash`).

use crate::types::{Email, Lang, Timestamp, UserId, Username};

/// One account.
#[derive(Clone, Debug)]
pub struct User {
    /// The id that tokens carry.
    pub id: UserId,
    /// The name, as registered.
    pub username: Username,
    /// The address, as registered (domain in lower case).
    pub email: Email,
    /// Whether the owner of the address has confirmed it.
    pub is_email_confirmed: bool,
    /// The last address that was confirmed, while `email` is a newer one that is not: see
    /// [`User::recovery_address`].
    pub recovery_email: Option<Email>,
    /// An inactive user cannot log in, and all of their tokens are rejected.
    pub is_active: bool,
    /// When the account is deleted, if that was requested and waits (`account.delete_after`). Until then it is
    /// inactive.
    pub deletion_due_at: Option<Timestamp>,
    /// Whether this user may enter the admin.
    pub is_admin: bool,
    /// Seconds since 1970. A token without a session that was issued earlier is revoked
    /// ([`User::has_revoked`]).
    pub tokens_valid_from: i64,
    /// When the account was created.
    pub created_at: Timestamp,
    /// When the account last changed (a login is no change).
    pub updated_at: Timestamp,
    /// The last successful login.
    pub last_login_at: Option<Timestamp>,
    /// The language that the user chose.
    pub chosen_language: Option<Lang>,
    /// The language that the client of the registration or of the last login asked for.
    pub client_language: Option<Lang>,
}

impl User {
    /// Whether the deletion of the account was requested.
    #[must_use]
    pub const fn is_to_be_deleted(&self) -> bool {
        self.deletion_due_at.is_some()
    }

    /// The address that may set a new password. A new address that its owner changed to cannot before it is
    /// confirmed: otherwise an access token would be enough to take the account over.
    #[must_use]
    pub fn recovery_address(&self) -> &Email {
        self.recovery_email.as_ref().unwrap_or(&self.email)
    }

    /// The language of mails to the user, if it is known.
    #[must_use]
    pub fn language(&self) -> Option<Lang> {
        self.chosen_language.or(self.client_language)
    }

    /// Whether a token without a session, issued at this second at the earliest, is revoked. A token
    /// without an issue time may be as old as the account.
    #[must_use]
    pub fn has_revoked(&self, issued_at: Option<i64>) -> bool {
        issued_at.unwrap_or(0).max(0) < self.tokens_valid_from
    }
}
