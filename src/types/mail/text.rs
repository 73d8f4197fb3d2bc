//! The texts of emails. A kind of email whose cause matters to its reader has one for each cause.

use super::{AccountChange, DUE, MailCause, MessageKind, Params};

/// Declares the texts: `Text: "name", its kind, the placeholders besides those of every text`.
macro_rules! mail_texts {
    ($($(#[$doc:meta])* $text:ident: $name:literal, $kind:ident, [$($placeholder:literal),*];)*) => {
        /// A text of an email, in any language.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum MailText {
            $($(#[$doc])* $text,)*
        }

        impl MailText {
            /// Every text.
            pub const ALL: &[Self] = &[$(Self::$text),*];

            /// Its name in the database, in file names and on the command line.
            #[must_use]
            pub(crate) const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$text => $name,)*
                }
            }

            /// The kind of email that has it.
            #[must_use]
            pub(crate) const fn kind(self) -> MessageKind {
                match self {
                    $(Self::$text => MessageKind::$kind,)*
                }
            }

            /// What its words can stand for besides [`SITE_PLACEHOLDERS`].
            const fn own_placeholders(self) -> &'static [&'static str] {
                match self {
                    $(Self::$text => &[$($placeholder),*],)*
                }
            }
        }
    };
}

/// A text as it is written: with placeholders such as `{{ site }}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailTextSource {
    /// One line.
    pub subject: String,
    /// Paragraphs with a blank line between them. A line `[label]({{ link }})` is a button.
    pub body: String,
}

/// The placeholders of every text.
const SITE_PLACEHOLDERS: [&str; 3] = ["site", "url", "when"];

mail_texts! {
    /// Asks for the confirmation of an address that its owner entered.
    ConfirmEmail: "confirm_email", ConfirmEmail, ["username", "link", "valid_for"];
    /// Asks for the confirmation because an administrator wants it.
    ConfirmEmailByAdministrator: "confirm_email_by_administrator", ConfirmEmail, ["username", "link", "valid_for"];
    /// Tells the old address about the new one.
    EmailChanged: "email_changed", EmailChanged, ["username", "new_email", "link", "valid_for"];
    /// Tells the old address about the new one that an administrator entered.
    EmailChangedByAdministrator: "email_changed_by_administrator", EmailChangedByAdministrator, ["username", "new_email"];
    /// A link for a new password that the reader requested.
    ResetPassword: "reset_password", ResetPassword, ["username", "link", "valid_for"];
    /// A link for a new password that an administrator sent.
    ResetPasswordByAdministrator: "reset_password_by_administrator", ResetPassword, ["username", "link", "valid_for"];
    /// The password was changed or reset.
    PasswordChanged: "password_changed", PasswordChanged, ["username"];
    /// An administrator set a password.
    PasswordSet: "password_set", ChangedByAdministrator, ["username"];
    /// An administrator created a link that sets a password.
    ResetLinkMade: "reset_link_made", ChangedByAdministrator, ["username"];
    /// Administrator rights were granted.
    AdminGranted: "admin_granted", ChangedByAdministrator, ["username"];
    /// Administrator rights were revoked.
    AdminRevoked: "admin_revoked", ChangedByAdministrator, ["username"];
    /// The reader deleted the account.
    AccountDeleted: "account_deleted", AccountDeleted, ["username"];
    /// An administrator deleted the account.
    AccountDeletedByAdministrator: "account_deleted_by_administrator", AccountDeleted, ["username"];
    /// The reader requested the deletion of the account, which waits.
    DeletionRequested: "deletion_requested", AccountDeleted, ["username", "due"];
    /// An administrator requested the deletion of the account, which waits.
    DeletionRequestedByAdministrator: "deletion_requested_by_administrator", AccountDeleted, ["username", "due"];
    /// An administrator took a requested deletion back.
    DeletionCancelled: "deletion_cancelled", ChangedByAdministrator, ["username"];
    /// A registration used the address of an account.
    AlreadyRegistered: "already_registered", AlreadyRegistered, ["username"];
    /// A login came from a network that the account does not know.
    NewPlace: "new_place", NewPlace, ["username", "device", "address", "link", "valid_for"];
    /// An invitation.
    Invite: "invite", Invite, ["link", "valid_for"];
    /// A test.
    Test: "test", Test, [];
}

impl MailText {
    /// The text of a mail, by its kind and its parameters.
    #[must_use]
    pub(crate) fn of(kind: MessageKind, params: &Params) -> Self {
        let is_by_administrator = MailCause::of(params) == MailCause::Administrator;
        match kind {
            MessageKind::ConfirmEmail if is_by_administrator => Self::ConfirmEmailByAdministrator,
            MessageKind::ConfirmEmail => Self::ConfirmEmail,
            MessageKind::EmailChanged => Self::EmailChanged,
            MessageKind::EmailChangedByAdministrator => Self::EmailChangedByAdministrator,
            MessageKind::ResetPassword if is_by_administrator => Self::ResetPasswordByAdministrator,
            MessageKind::ResetPassword => Self::ResetPassword,
            MessageKind::PasswordChanged => Self::PasswordChanged,
            MessageKind::ChangedByAdministrator => match AccountChange::of(params) {
                AccountChange::PasswordSet => Self::PasswordSet,
                AccountChange::ResetLinkMade => Self::ResetLinkMade,
                AccountChange::AdminGranted => Self::AdminGranted,
                AccountChange::AdminRevoked => Self::AdminRevoked,
                AccountChange::DeletionCancelled => Self::DeletionCancelled,
            },
            MessageKind::AccountDeleted if params.contains_key(DUE) => match is_by_administrator {
                true => Self::DeletionRequestedByAdministrator,
                false => Self::DeletionRequested,
            },
            MessageKind::AccountDeleted if is_by_administrator => Self::AccountDeletedByAdministrator,
            MessageKind::AccountDeleted => Self::AccountDeleted,
            MessageKind::AlreadyRegistered => Self::AlreadyRegistered,
            MessageKind::NewPlace => Self::NewPlace,
            MessageKind::Invite => Self::Invite,
            MessageKind::Test => Self::Test,
        }
    }

    /// The text with this name.
    #[must_use]
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|text| text.as_str() == name)
    }

    /// What its words can stand for, such as `{{ site }}`.
    pub fn placeholders(self) -> impl Iterator<Item = &'static str> {
        SITE_PLACEHOLDERS.into_iter().chain(self.own_placeholders().iter().copied())
    }

    /// Whether a mail with this text is useless without its link.
    #[must_use]
    pub const fn needs_link(self) -> bool {
        self.kind().needs_key()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_text_is_read_by_its_name_and_names_its_link_exactly_if_it_has_one() {
        for text in MailText::ALL {
            assert_eq!(MailText::named(text.as_str()), Some(*text));
            assert_eq!(text.placeholders().any(|name| name == "link"), text.needs_link(), "{text:?}");
        }
        assert_eq!(MailText::named("spam"), None);
    }

    #[test]
    fn every_kind_has_a_text() {
        for kind in MessageKind::ALL {
            assert_eq!(MailText::of(kind, &Params::new()).kind(), kind);
        }
    }

    #[test]
    fn the_cause_decides_the_text() {
        let by_administrator = Params::from([("cause".to_owned(), "administrator".to_owned())]);
        assert_eq!(
            MailText::of(MessageKind::ResetPassword, &by_administrator),
            MailText::ResetPasswordByAdministrator
        );
        assert_eq!(MailText::of(MessageKind::ResetPassword, &Params::new()), MailText::ResetPassword);
    }
}
