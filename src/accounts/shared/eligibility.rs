//! Which state a user must be in for an action to have an effect. One rule for the action on one user, the
//! bulk action, its preview in the admin and the mail that a client requests.

use crate::store::queries::user_list::ListedUser;
use crate::types::User;

/// Why an action skips a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SkipReason {
    /// It is the administrator's own account.
    Oneself,
    /// The email is confirmed already.
    Confirmed,
    /// The account is active already.
    Active,
    /// The account is inactive (already).
    Inactive,
    /// The account is to be deleted (already).
    ToBeDeleted,
    /// The account is not to be deleted.
    NotToBeDeleted,
    /// The account was changed or deleted in the meantime.
    Changed,
    /// No other administrator who can log in would remain.
    LastAdministrator,
    /// There is no address to send an email to.
    NoEmail,
}

impl SkipReason {
    /// Every reason with its word, which bulk actions store.
    const WORDS: [(&'static str, Self); 9] = [
        ("oneself", Self::Oneself),
        ("confirmed", Self::Confirmed),
        ("active", Self::Active),
        ("inactive", Self::Inactive),
        ("to-be-deleted", Self::ToBeDeleted),
        ("not-to-be-deleted", Self::NotToBeDeleted),
        ("changed-since", Self::Changed),
        ("last-administrator", Self::LastAdministrator),
        ("no-email", Self::NoEmail),
    ];

    /// The word.
    pub(crate) fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, reason)| *reason == self).map_or("", |(word, _)| word)
    }

    /// The reason with this word.
    pub(crate) fn named(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, reason)| *reason)
    }
}

/// The state of a user that the rule looks at.
#[derive(Clone, Copy, Debug)]
pub(crate) struct UserState {
    is_email_confirmed: bool,
    is_active: bool,
    is_to_be_deleted: bool,
    has_email: bool,
}

impl From<&User> for UserState {
    fn from(user: &User) -> Self {
        Self {
            is_email_confirmed: user.is_email_confirmed,
            is_active: user.is_active,
            is_to_be_deleted: user.is_to_be_deleted(),
            has_email: !user.email.is_blank(),
        }
    }
}

impl From<&ListedUser> for UserState {
    fn from(user: &ListedUser) -> Self {
        Self {
            is_email_confirmed: user.is_email_confirmed,
            is_active: user.is_active,
            is_to_be_deleted: user.is_to_be_deleted(),
            has_email: !user.email().is_blank(),
        }
    }
}

/// The state that an action requires; `None` where any will do.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct RequiredState {
    /// [`User::is_email_confirmed`].
    pub is_email_confirmed: Option<bool>,
    /// [`User::is_active`].
    pub is_active: Option<bool>,
    /// [`User::is_to_be_deleted`].
    pub is_to_be_deleted: Option<bool>,
    /// Whether there must be an address.
    pub has_email: bool,
}

impl RequiredState {
    /// Why a user in this state is skipped; `None` if the action has an effect.
    pub(crate) fn skip_reason(self, user: impl Into<UserState>) -> Option<SkipReason> {
        let user = user.into();
        if self.has_email && !user.has_email {
            return Some(SkipReason::NoEmail);
        }
        if self.is_email_confirmed.is_some_and(|required| required != user.is_email_confirmed) {
            return Some(SkipReason::Confirmed);
        }
        if self.is_to_be_deleted.is_some_and(|required| required != user.is_to_be_deleted) {
            return Some(match user.is_to_be_deleted {
                true => SkipReason::ToBeDeleted,
                false => SkipReason::NotToBeDeleted,
            });
        }
        match self.is_active {
            Some(required) if required != user.is_active => {
                Some(if user.is_active { SkipReason::Active } else { SkipReason::Inactive })
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_read_by_its_word() {
        for (word, reason) in SkipReason::WORDS {
            assert_eq!((reason.word(), SkipReason::named(word)), (word, Some(reason)));
        }
    }
}
