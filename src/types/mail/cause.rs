//! What caused a mail, where its text depends on it.

use super::params::Params;

/// What caused a mail, as far as its text depends on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailCause {
    /// The owner of the account, or a client that may be the owner.
    Owner,
    /// An administrator or operator.
    Administrator,
}

impl MailCause {
    /// The parameter with the cause, where it is an administrator.
    const PARAM: &str = "cause";

    /// The cause of a mail with these parameters.
    #[must_use]
    pub fn of(params: &Params) -> Self {
        match params.get(Self::PARAM) {
            Some(_) => Self::Administrator,
            None => Self::Owner,
        }
    }

    pub(super) fn insert_into(self, params: &mut Params) {
        if self == Self::Administrator {
            params.insert(Self::PARAM.to_owned(), "administrator".to_owned());
        }
    }
}

/// A change that an administrator or operator made to an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AccountChange {
    /// A new password.
    PasswordSet,
    /// A link that sets a new password was handed out.
    ResetLinkMade,
    /// The right to enter the admin was granted.
    AdminGranted,
    /// The right to enter the admin was revoked.
    AdminRevoked,
    /// A requested deletion was taken back.
    DeletionCancelled,
}

impl AccountChange {
    /// Every change.
    pub const ALL: [Self; 5] = [
        Self::PasswordSet,
        Self::ResetLinkMade,
        Self::AdminGranted,
        Self::AdminRevoked,
        Self::DeletionCancelled,
    ];

    /// The change that a mail with these parameters tells.
    #[must_use]
    pub fn of(params: &Params) -> Self {
        let word = params.get("change").map_or("", String::as_str);
        Self::ALL.into_iter().find(|change| change.as_str() == word).unwrap_or(Self::AdminRevoked)
    }

    /// The value of `change` in templates.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PasswordSet => "password-set",
            Self::ResetLinkMade => "reset-link-made",
            Self::AdminGranted => "admin-granted",
            Self::AdminRevoked => "admin-revoked",
            Self::DeletionCancelled => "deletion-cancelled",
        }
    }
}
