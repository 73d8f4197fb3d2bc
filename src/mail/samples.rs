//! A sample mail of each text, for trying templates and for previews.

use std::net::IpAddr;
use std::time::Duration;

use crate::texts::Lang;
use crate::types::{
    AccountChange, Email, MailCause, MailText, Message, NewMail, OneTimeKey, OutboxMail, Timestamp, Username,
};

/// A Firefox on Linux.
const USER_AGENT: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0";

/// How long a deletion waits.
const TWO_WEEKS: Duration = Duration::from_secs(14 * 24 * 3600);

/// 15 January 2027.
const WRITTEN_AT: i64 = 1_800_000_000;

/// A sample of a text in a language, or in that of `mail.language`.
pub(crate) fn sample(text: MailText, language: Option<Lang>) -> OutboxMail {
    let username = Username::from_stored("alice".to_owned());
    let key = OneTimeKey::random();
    let new_email = Email::from_stored("alice@example.org".to_owned());
    let (owner, administrator) = (MailCause::Owner, MailCause::Administrator);
    let due = Some(Timestamp::from_seconds(WRITTEN_AT).plus(TWO_WEEKS));
    let changed = |username, change| Message::ChangedByAdministrator { username, change };
    let message = match text {
        MailText::ConfirmEmail => Message::ConfirmEmail { username, key, cause: owner },
        MailText::ConfirmEmailByAdministrator => {
            Message::ConfirmEmail { username, key, cause: administrator }
        }
        MailText::EmailChanged => Message::EmailChanged { username, new_email, key },
        MailText::EmailChangedByAdministrator => Message::EmailChangedByAdministrator { username, new_email },
        MailText::ResetPassword => Message::ResetPassword { username, key, cause: owner },
        MailText::ResetPasswordByAdministrator => {
            Message::ResetPassword { username, key, cause: administrator }
        }
        MailText::PasswordChanged => Message::PasswordChanged { username },
        MailText::PasswordSet => changed(username, AccountChange::PasswordSet),
        MailText::ResetLinkMade => changed(username, AccountChange::ResetLinkMade),
        MailText::AdminGranted => changed(username, AccountChange::AdminGranted),
        MailText::AdminRevoked => changed(username, AccountChange::AdminRevoked),
        MailText::AccountDeleted => Message::AccountDeleted { username, cause: owner, due: None },
        MailText::AccountDeletedByAdministrator => {
            Message::AccountDeleted { username, cause: administrator, due: None }
        }
        MailText::DeletionRequested => Message::AccountDeleted { username, cause: owner, due },
        MailText::DeletionRequestedByAdministrator => {
            Message::AccountDeleted { username, cause: administrator, due }
        }
        MailText::DeletionCancelled => changed(username, AccountChange::DeletionCancelled),
        MailText::AlreadyRegistered => Message::AlreadyRegistered { username },
        MailText::NewPlace => {
            let (address, user_agent) = (IpAddr::from([192, 0, 2, 7]), Some(USER_AGENT.to_owned()));
            Message::NewPlace { username, address, user_agent, key }
        }
        MailText::Invite => Message::Invite { key },
        MailText::Test => Message::Test,
    };
    let to = Email::from_stored("alice@example.com".to_owned());
    let mail = NewMail { user: None, to, message, is_confirmed: true, language };
    OutboxMail::new(mail, Timestamp::from_seconds(WRITTEN_AT))
}
