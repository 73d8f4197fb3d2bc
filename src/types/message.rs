//! `Message`: what a mail says, and `NewMail`: to whom. Made by the verbs of `accounts`, kept by
//! `store`, worded by `mail` (which offers both under its own name). Knows no words and no headers.

use std::collections::BTreeMap;

use super::{Email, Link, OneTimeKey, UserId, Username};

/// What a mail's templates are told, by name: everything but the one-time key.
pub(crate) type Params = BTreeMap<String, String>;

/// A mail to send, once the transaction that queues it is committed.
#[derive(Debug)]
pub struct NewMail {
    /// Whom it is about, if that is a user.
    pub user: Option<UserId>,
    /// Where it goes.
    pub to: Email,
    /// What it says.
    pub message: Message,
}

/// What a mail says.
#[derive(Debug)]
pub enum Message {
    /// Asks whether this address is the user's. The key is good for three days.
    ConfirmEmail {
        /// Whose address it would be.
        username: Username,
        /// For the link that confirms it.
        key: OneTimeKey,
    },
    /// To the old address: the account has another one now.
    EmailChanged {
        /// Whose address was changed.
        username: Username,
        /// The new one; the mail shows no more of it than its owner needs to know it.
        new_email: Email,
        /// For the link that takes the change back.
        key: OneTimeKey,
    },
    /// Somebody asked for a new password. The key is good for an hour.
    ResetPassword {
        /// Whose password.
        username: Username,
        /// For the link that sets it.
        key: OneTimeKey,
    },
    /// The password was changed or reset.
    PasswordChanged {
        /// Whose password.
        username: Username,
    },
    /// The account is gone.
    AccountDeleted {
        /// Whose account it was.
        username: Username,
    },
    /// Somebody tried to register with the address of an account.
    AlreadyRegistered {
        /// Whose address it is.
        username: Username,
    },
    /// May register.
    Invite {
        /// For the link that registers.
        key: OneTimeKey,
    },
    /// Shows that mail arrives.
    Test,
}

/// Which message, without what it is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// [`Message::ConfirmEmail`].
    ConfirmEmail,
    /// [`Message::EmailChanged`].
    EmailChanged,
    /// [`Message::ResetPassword`].
    ResetPassword,
    /// [`Message::PasswordChanged`].
    PasswordChanged,
    /// [`Message::AccountDeleted`].
    AccountDeleted,
    /// [`Message::AlreadyRegistered`].
    AlreadyRegistered,
    /// [`Message::Invite`].
    Invite,
    /// [`Message::Test`].
    Test,
}

impl Message {
    /// Which message it is.
    #[must_use]
    pub const fn kind(&self) -> MessageKind {
        match self {
            Self::ConfirmEmail { .. } => MessageKind::ConfirmEmail,
            Self::EmailChanged { .. } => MessageKind::EmailChanged,
            Self::ResetPassword { .. } => MessageKind::ResetPassword,
            Self::PasswordChanged { .. } => MessageKind::PasswordChanged,
            Self::AccountDeleted { .. } => MessageKind::AccountDeleted,
            Self::AlreadyRegistered { .. } => MessageKind::AlreadyRegistered,
            Self::Invite { .. } => MessageKind::Invite,
            Self::Test => MessageKind::Test,
        }
    }

    /// The one-time key, if it has one: the only secret in a mail.
    #[must_use]
    pub const fn key(&self) -> Option<&OneTimeKey> {
        match self {
            Self::ConfirmEmail { key, .. }
            | Self::EmailChanged { key, .. }
            | Self::ResetPassword { key, .. }
            | Self::Invite { key } => Some(key),
            Self::PasswordChanged { .. }
            | Self::AccountDeleted { .. }
            | Self::AlreadyRegistered { .. }
            | Self::Test => None,
        }
    }

    /// The same, for keeps.
    #[must_use]
    pub fn into_key(self) -> Option<OneTimeKey> {
        match self {
            Self::ConfirmEmail { key, .. }
            | Self::EmailChanged { key, .. }
            | Self::ResetPassword { key, .. }
            | Self::Invite { key } => Some(key),
            _ => None,
        }
    }

    /// Everything else its templates are told.
    #[must_use]
    pub fn params(&self) -> Params {
        let mut params = Params::new();
        match self {
            Self::ConfirmEmail { username, .. }
            | Self::EmailChanged { username, .. }
            | Self::ResetPassword { username, .. }
            | Self::PasswordChanged { username }
            | Self::AccountDeleted { username }
            | Self::AlreadyRegistered { username } => {
                params.insert("username".to_owned(), username.as_str().to_owned());
            }
            Self::Invite { .. } | Self::Test => {}
        }
        if let Self::EmailChanged { new_email, .. } = self {
            params.insert("new_email".to_owned(), masked(new_email));
        }
        params
    }
}

impl MessageKind {
    /// Every kind there is.
    pub const ALL: [Self; 8] = [
        Self::ConfirmEmail,
        Self::EmailChanged,
        Self::ResetPassword,
        Self::PasswordChanged,
        Self::AccountDeleted,
        Self::AlreadyRegistered,
        Self::Invite,
        Self::Test,
    ];

    /// The word in the table, and the name of its templates.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConfirmEmail => "confirm_email",
            Self::EmailChanged => "email_changed",
            Self::ResetPassword => "reset_password",
            Self::PasswordChanged => "password_changed",
            Self::AccountDeleted => "account_deleted",
            Self::AlreadyRegistered => "already_registered",
            Self::Invite => "invite",
            Self::Test => "test",
        }
    }

    /// The kind of this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == word)
    }

    /// The link in a mail of this kind, if it has one.
    #[must_use]
    pub const fn link(self) -> Option<Link> {
        match self {
            Self::ConfirmEmail => Some(Link::ConfirmEmail),
            Self::EmailChanged => Some(Link::UndoEmail),
            Self::ResetPassword => Some(Link::ResetPassword),
            Self::Invite => Some(Link::Invite),
            Self::PasswordChanged | Self::AccountDeleted | Self::AlreadyRegistered | Self::Test => None,
        }
    }

    /// Whether a mail of this kind is of no use without its key.
    #[must_use]
    pub const fn needs_key(self) -> bool {
        self.link().is_some()
    }
}

/// `r…@example.com`: enough for its owner. The old mailbox may be somebody else's by now.
fn masked(email: &Email) -> String {
    match email.as_str().rsplit_once('@') {
        Some((user, domain)) => format!("{}…@{domain}", user.chars().take(1).collect::<String>()),
        None => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alice() -> Username {
        Username::parse("alice").unwrap()
    }

    #[test]
    fn the_params_of_no_message_hold_its_key() {
        let key = OneTimeKey::random();
        let text = key.expose().to_owned();
        let new_email = Email::parse("robert@example.com").unwrap();
        let message = Message::EmailChanged { username: alice(), new_email, key };
        assert!(message.params().values().all(|value| !value.contains(&text)));
        assert_eq!(message.key().map(OneTimeKey::expose), Some(text.as_str()));
        assert!(!format!("{message:?}").contains(&text));
    }

    #[test]
    fn the_old_address_is_told_no_more_of_the_new_one_than_its_owner_needs() {
        let masked = |text| masked(&Email::parse(text).unwrap());
        assert_eq!(masked("robert@example.com"), "r…@example.com");
        assert_eq!(masked("r@example.com"), "r…@example.com");
    }

    #[test]
    fn every_kind_is_found_by_its_word() {
        for kind in MessageKind::ALL {
            assert_eq!(MessageKind::named(kind.as_str()), Some(kind));
        }
        assert_eq!(MessageKind::named("spam"), None);
    }

    #[test]
    fn a_message_has_a_key_exactly_if_its_kind_needs_one() {
        let (username, key) = (alice(), OneTimeKey::random());
        let with = Message::ConfirmEmail { username: username.clone(), key };
        let without = Message::PasswordChanged { username };
        for message in [with, without, Message::Test] {
            assert_eq!(message.key().is_some(), message.kind().needs_key());
        }
    }
}
