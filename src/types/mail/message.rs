//! Mails before they are rendered: a message, a new mail with its recipient, and a mail as the outbox
//! stores it. Made by `accounts`, stored by `store`, rendered and sent by `mail`.

use std::net::IpAddr;

use super::cause::{AccountChange, MailCause};
use super::params::{DUE, GREETED_AS, LANGUAGE, Params, USER_AGENT};
use crate::types::{Email, Lang, Link, OneTimeKey, Timestamp, UserId, Username};

/// A mail to put into the outbox. It is sent once the transaction is committed.
#[derive(Debug)]
pub struct NewMail {
    /// The user that it is about, if there is one.
    pub user: Option<UserId>,
    /// The recipient.
    pub to: Email,
    /// The message and what it needs.
    pub message: Message,
    /// Whether the recipient has confirmed the address. Otherwise a stranger may have entered it, and chosen the
    /// username.
    pub is_confirmed: bool,
    /// The language of the reader, if it is known.
    pub language: Option<Lang>,
}

impl NewMail {
    /// The variables of its templates, without the key.
    #[must_use]
    pub(crate) fn params(&self) -> Params {
        let mut params = self.message.params();
        if let (false, Some(name)) = (self.is_confirmed, params.get("username")) {
            params.insert(GREETED_AS.to_owned(), harmless(name));
        }
        if let Some(lang) = self.language {
            params.insert(LANGUAGE.to_owned(), lang.tag().to_owned());
        }
        params
    }
}

/// The longest part of a username in a mail to an address that is not confirmed, in characters.
const MAX_GREETING: usize = 30;

/// A username that no mail program makes a link of: `www…` for `www.example.com`. Its owner recognises it.
fn harmless(username: &str) -> String {
    let is_plain = |c: &char| c.is_alphanumeric() || matches!(c, '-' | '_' | '+');
    let plain: String = username.chars().take_while(is_plain).take(MAX_GREETING).collect();
    if plain == username { plain } else { format!("{plain}…") }
}

/// The content of a mail: which message, with its variables.
#[derive(Debug)]
pub enum Message {
    /// Asks the user to confirm an address.
    ConfirmEmail {
        /// The username, for the greeting.
        username: Username,
        /// The key of [`Link::ConfirmEmail`].
        key: OneTimeKey,
        /// Whose request it answers.
        cause: MailCause,
    },
    /// Tells the old address that the account has another one now.
    EmailChanged {
        /// The username, for the greeting.
        username: Username,
        /// The new address. The mail shows it masked.
        new_email: Email,
        /// The key of [`Link::UndoEmail`].
        key: OneTimeKey,
    },
    /// Tells the old address that an administrator entered another one.
    EmailChangedByAdministrator {
        /// The username, for the greeting.
        username: Username,
        /// The new address. The mail shows it masked.
        new_email: Email,
    },
    /// A link for a new password.
    ResetPassword {
        /// The username, for the greeting.
        username: Username,
        /// The key of [`Link::ResetPassword`].
        key: OneTimeKey,
        /// Whose request it answers.
        cause: MailCause,
    },
    /// Tells that the password was changed or reset.
    PasswordChanged {
        /// The username, for the greeting.
        username: Username,
    },
    /// Tells that an administrator or operator changed the account.
    ChangedByAdministrator {
        /// The username, for the greeting.
        username: Username,
        /// The change.
        change: AccountChange,
    },
    /// Tells that the account was deleted, or when it will be.
    AccountDeleted {
        /// The username, for the greeting.
        username: Username,
        /// Who deleted it.
        cause: MailCause,
        /// When it will be deleted; `None` if it is deleted already.
        due: Option<Timestamp>,
    },
    /// Answers a registration with the address of an account that exists.
    AlreadyRegistered {
        /// The user with that address.
        username: Username,
    },
    /// Tells that a login came from a network that the account does not know.
    NewPlace {
        /// The username, for the greeting.
        username: Username,
        /// The IP address of the client.
        address: IpAddr,
        /// The `User-Agent` of the client.
        user_agent: Option<String>,
        /// The key of [`Link::NotMe`].
        key: OneTimeKey,
    },
    /// Invites to register.
    Invite {
        /// The key of [`Link::Invite`].
        key: OneTimeKey,
    },
    /// A test that mail arrives.
    Test,
}

/// Which message, without its variables.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MessageKind {
    /// [`Message::ConfirmEmail`].
    ConfirmEmail,
    /// [`Message::EmailChanged`].
    EmailChanged,
    /// [`Message::EmailChangedByAdministrator`].
    EmailChangedByAdministrator,
    /// [`Message::ResetPassword`].
    ResetPassword,
    /// [`Message::PasswordChanged`].
    PasswordChanged,
    /// [`Message::ChangedByAdministrator`].
    ChangedByAdministrator,
    /// [`Message::AccountDeleted`].
    AccountDeleted,
    /// [`Message::AlreadyRegistered`].
    AlreadyRegistered,
    /// [`Message::NewPlace`].
    NewPlace,
    /// [`Message::Invite`].
    Invite,
    /// [`Message::Test`].
    Test,
}

impl Message {
    /// The kind of message, which selects its templates.
    #[must_use]
    pub const fn kind(&self) -> MessageKind {
        match self {
            Self::ConfirmEmail { .. } => MessageKind::ConfirmEmail,
            Self::EmailChanged { .. } => MessageKind::EmailChanged,
            Self::EmailChangedByAdministrator { .. } => MessageKind::EmailChangedByAdministrator,
            Self::ResetPassword { .. } => MessageKind::ResetPassword,
            Self::PasswordChanged { .. } => MessageKind::PasswordChanged,
            Self::ChangedByAdministrator { .. } => MessageKind::ChangedByAdministrator,
            Self::AccountDeleted { .. } => MessageKind::AccountDeleted,
            Self::AlreadyRegistered { .. } => MessageKind::AlreadyRegistered,
            Self::NewPlace { .. } => MessageKind::NewPlace,
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
            | Self::NewPlace { key, .. }
            | Self::Invite { key } => Some(key),
            Self::EmailChangedByAdministrator { .. }
            | Self::ChangedByAdministrator { .. }
            | Self::PasswordChanged { .. }
            | Self::AccountDeleted { .. }
            | Self::AlreadyRegistered { .. }
            | Self::Test => None,
        }
    }

    /// Takes the one-time key out, if it has one.
    #[must_use]
    pub fn into_key(self) -> Option<OneTimeKey> {
        match self {
            Self::ConfirmEmail { key, .. }
            | Self::EmailChanged { key, .. }
            | Self::ResetPassword { key, .. }
            | Self::NewPlace { key, .. }
            | Self::Invite { key } => Some(key),
            Self::EmailChangedByAdministrator { .. }
            | Self::ChangedByAdministrator { .. }
            | Self::PasswordChanged { .. }
            | Self::AccountDeleted { .. }
            | Self::AlreadyRegistered { .. }
            | Self::Test => None,
        }
    }

    /// The variables of its templates, without the key.
    #[must_use]
    pub fn params(&self) -> Params {
        let mut params = Params::new();
        match self {
            Self::ConfirmEmail { username, .. }
            | Self::EmailChanged { username, .. }
            | Self::EmailChangedByAdministrator { username, .. }
            | Self::ResetPassword { username, .. }
            | Self::NewPlace { username, .. }
            | Self::PasswordChanged { username }
            | Self::ChangedByAdministrator { username, .. }
            | Self::AccountDeleted { username, .. }
            | Self::AlreadyRegistered { username } => {
                params.insert("username".to_owned(), username.as_str().to_owned());
            }
            Self::Invite { .. } | Self::Test => {}
        }
        if let Self::ConfirmEmail { cause, .. }
        | Self::ResetPassword { cause, .. }
        | Self::AccountDeleted { cause, .. } = self
        {
            cause.insert_into(&mut params);
        }
        if let Self::AccountDeleted { due: Some(due), .. } = self {
            params.insert(DUE.to_owned(), due.micros().to_string());
        }
        if let Self::NewPlace { address, user_agent, .. } = self {
            params.insert("address".to_owned(), address.to_string());
            params.extend(user_agent.clone().map(|words| (USER_AGENT.to_owned(), words)));
        }
        if let Self::ChangedByAdministrator { change, .. } = self {
            params.insert("change".to_owned(), change.as_str().to_owned());
        }
        if let Self::EmailChanged { new_email, .. } | Self::EmailChangedByAdministrator { new_email, .. } =
            self
        {
            params.insert("new_email".to_owned(), new_email.masked());
        }
        params
    }
}

impl MessageKind {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::ConfirmEmail,
        Self::EmailChanged,
        Self::EmailChangedByAdministrator,
        Self::ResetPassword,
        Self::PasswordChanged,
        Self::ChangedByAdministrator,
        Self::AccountDeleted,
        Self::AlreadyRegistered,
        Self::NewPlace,
        Self::Invite,
        Self::Test,
    ];

    /// Its name in the database, and the name of its templates.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ConfirmEmail => "confirm_email",
            Self::EmailChanged => "email_changed",
            Self::EmailChangedByAdministrator => "email_changed_by_administrator",
            Self::ResetPassword => "reset_password",
            Self::PasswordChanged => "password_changed",
            Self::ChangedByAdministrator => "changed_by_administrator",
            Self::AccountDeleted => "account_deleted",
            Self::AlreadyRegistered => "already_registered",
            Self::NewPlace => "new_place",
            Self::Invite => "invite",
            Self::Test => "test",
        }
    }

    /// The kind with this name in the database.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == name)
    }

    /// The link in a mail of this kind, if it has one.
    #[must_use]
    pub const fn link(self) -> Option<Link> {
        match self {
            Self::ConfirmEmail => Some(Link::ConfirmEmail),
            Self::EmailChanged => Some(Link::UndoEmail),
            Self::ResetPassword => Some(Link::ResetPassword),
            Self::NewPlace => Some(Link::NotMe),
            Self::Invite => Some(Link::Invite),
            Self::EmailChangedByAdministrator
            | Self::ChangedByAdministrator
            | Self::PasswordChanged
            | Self::AccountDeleted
            | Self::AlreadyRegistered
            | Self::Test => None,
        }
    }

    /// Whether a mail of this kind is useless without its key.
    #[must_use]
    pub const fn needs_key(self) -> bool {
        self.link().is_some()
    }
}

/// A mail as the outbox stores it, with all that rendering needs.
#[derive(Debug)]
pub struct OutboxMail {
    /// The kind of message, which selects its templates.
    pub kind: MessageKind,
    /// The recipient.
    pub to: Email,
    /// The variables of its templates.
    pub params: Params,
    /// The one-time key; `None` for a message without one, and after sending.
    pub key: Option<OneTimeKey>,
    /// The part of its Message-ID before the `@`. The same at each attempt to send it.
    pub message_id: String,
    /// When it was queued.
    pub written_at: Timestamp,
}

impl OutboxMail {
    /// A mail that is in no outbox.
    #[must_use]
    pub fn new(mail: NewMail, now: Timestamp) -> Self {
        let (kind, params, message_id) = (mail.message.kind(), mail.params(), Self::new_message_id());
        Self { kind, to: mail.to, params, key: mail.message.into_key(), message_id, written_at: now }
    }

    /// The language of the reader, if it is known.
    #[must_use]
    pub fn language(&self) -> Option<Lang> {
        self.params.get(LANGUAGE).and_then(|tag| Lang::of_tag(tag))
    }

    /// A new unique part of a Message-ID before the `@` (RFC 5322 §3.6.4).
    #[must_use]
    pub fn new_message_id() -> String {
        format!("{:032x}", rand::random::<u128>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alice() -> Username {
        Username::parse("alice").unwrap()
    }

    #[test]
    fn the_params_of_a_message_do_not_contain_its_key() {
        let key = OneTimeKey::random();
        let text = key.expose().to_owned();
        let new_email = Email::parse("robert@example.com").unwrap();
        let message = Message::EmailChanged { username: alice(), new_email, key };
        assert!(message.params().values().all(|value| !value.contains(&text)));
        assert_eq!(message.key().map(OneTimeKey::expose), Some(text.as_str()));
        assert!(!format!("{message:?}").contains(&text));
    }

    #[test]
    fn a_username_that_could_become_a_link_is_cut_in_mails_to_unconfirmed_addresses() {
        for (name, greeting) in [
            ("alice", "alice"),
            ("Ünal_7-x+y", "Ünal_7-x+y"),
            ("www.free-money.example.com", "www…"),
            ("bob@example.com", "bob…"),
            ("http://x", "http…"),
            (".", "…"),
        ] {
            assert_eq!(harmless(name), greeting);
        }
        assert_eq!(harmless(&"x".repeat(150)), format!("{}…", "x".repeat(30)));
        let mail = |is_confirmed| {
            let username = Username::parse("www.example.com").unwrap();
            let to = Email::parse("bob@example.com").unwrap();
            NewMail {
                user: None,
                to,
                message: Message::PasswordChanged { username },
                is_confirmed,
                language: Some(Lang::German),
            }
        };
        assert_eq!(mail(false).params()[GREETED_AS], "www…");
        assert_eq!(mail(true).params().get(GREETED_AS), None);
        assert_eq!(mail(true).params()[LANGUAGE], "de");
        assert_eq!(mail(false).params()["username"], "www.example.com", "the admin names the user");
    }

    #[test]
    fn every_kind_is_read_by_its_name() {
        for kind in MessageKind::ALL {
            assert_eq!(MessageKind::named(kind.as_str()), Some(kind));
        }
        assert_eq!(MessageKind::named("spam"), None);
    }

    #[test]
    fn a_message_has_a_key_exactly_if_its_kind_needs_one() {
        let (username, key) = (alice(), OneTimeKey::random());
        let with = Message::ConfirmEmail { username: username.clone(), key, cause: MailCause::Owner };
        let without = Message::PasswordChanged { username };
        for message in [with, without, Message::Test] {
            assert_eq!(message.key().is_some(), message.kind().needs_key());
        }
    }
}
