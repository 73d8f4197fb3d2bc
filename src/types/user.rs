//! A user as the store holds one. Read by every floor; made and changed by `store` only.

use crate::types::{Email, PasswordHash, Timestamp, UserId, Username};

/// One account.
#[derive(Clone, Debug)]
pub struct User {
    /// The id that tokens carry.
    pub id: UserId,
    /// The name, as registered.
    pub username: Username,
    /// The address, as registered (domain in lower case).
    pub email: Email,
    /// The stored password, in Django's encoding.
    pub password_hash: PasswordHash,
    /// Whether the owner has shown that the address is theirs.
    pub is_email_confirmed: bool,
    /// An inactive user cannot log in, and none of their tokens is good.
    pub is_active: bool,
    /// Whether this user may enter the admin.
    pub is_admin: bool,
    /// Seconds since 1970. Of the tokens that no session knows, those that were issued earlier are not
    /// good any more ([`User::has_cut`]).
    pub tokens_valid_from: i64,
    /// When the account was made.
    pub created_at: Timestamp,
    /// When the account last changed (a login is no change).
    pub updated_at: Timestamp,
    /// The last login that worked.
    pub last_login_at: Option<Timestamp>,
}

impl User {
    /// Whether a token that no session knows, issued at this second at the earliest, is not good any
    /// more. One that does not say when it was issued may be as old as the account.
    #[must_use]
    pub fn has_cut(&self, issued_at: Option<i64>) -> bool {
        issued_at.unwrap_or(0).max(0) < self.tokens_valid_from
    }
}
