//! What can happen, in one list: the name here, the word in the table. Used by every verb.

/// Makes [`Action`] out of its lines.
macro_rules! actions {
    ($($(#[doc = $doc:literal])+ $name:ident = $word:literal,)*) => {
        /// What happened.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action {
            $($(#[doc = $doc])+ $name,)*
        }

        impl Action {
            /// All of them.
            pub const ALL: &[Self] = &[$(Self::$name),*];

            /// The word in the table.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $word,)*
                }
            }
        }
    };
}

actions! {
    /// A login that worked.
    LoggedIn = "logged-in",
    /// A login that did not.
    LoginFailed = "login-failed",
    /// A refresh token was used.
    Refreshed = "refreshed",
    /// A refresh token that had been replaced was used again, and its session ended.
    RefreshReused = "refresh-reused",
    /// A refresh token was blacklisted, and its session ended.
    Blacklisted = "blacklisted",
    /// The session ended that asked for it.
    LoggedOut = "logged-out",
    /// All sessions ended, on the word of one of them.
    LoggedOutEverywhere = "logged-out-everywhere",
    /// Another session of the same user was ended.
    SessionEnded = "session-ended",
    /// All sessions were ended by somebody else.
    SessionsEnded = "sessions-ended",
    /// An account was made.
    Created = "created",
    /// Somebody made an account of their own.
    Registered = "registered",
    /// Somebody wanted to make an account with the address of this one, and was not told.
    RegisteredAgain = "registered-again",
    /// The owner changed the name.
    Renamed = "renamed",
    /// The owner changed the email.
    EmailChanged = "email-changed",
    /// The owner changed the password, knowing the old one.
    PasswordChanged = "password-changed",
    /// Somebody with the account's token did not know its password.
    OldPasswordWrong = "old-password-wrong",
    /// The password was set by somebody who did not need the old one.
    PasswordSet = "password-set",
    /// The email was marked as confirmed.
    EmailConfirmed = "email-confirmed",
    /// The account may log in again.
    Activated = "activated",
    /// The account may not log in, and its tokens ended.
    Deactivated = "deactivated",
    /// The account may enter the admin.
    MadeAdmin = "made-admin",
    /// The account may not enter the admin any more.
    AdminRevoked = "admin-revoked",
    /// The email was marked as not confirmed.
    EmailUnconfirmed = "email-unconfirmed",
    /// An administrator came into the admin.
    SignedIn = "signed-in",
    /// An administrator left the admin.
    SignedOut = "signed-out",
    /// The password was right, but the admin is for administrators.
    AdminRefused = "admin-refused",
    /// An administrator typed the password again, for a dangerous action.
    Reauthenticated = "password-proven",
    /// A list of users was taken away as a file.
    Exported = "exported",
    /// A backup of the database was made.
    BackedUp = "backed-up",
    /// The account is gone.
    Deleted = "deleted",
    /// A mail to the user is tried again at once.
    MailRetried = "mail-retried",
    /// A mail to the user is not sent.
    MailDropped = "mail-dropped",
    /// A test mail was sent, or tried to be.
    MailTested = "mail-tested",
    /// Somebody wanted to remove their account and did not know its password.
    LeavingFailed = "leaving-failed",
    /// Somebody asked for a mail that confirms the email.
    ConfirmationAsked = "confirmation-asked",
    /// Somebody asked for a mail that sets another password.
    ResetAsked = "reset-asked",
    /// A link that sets another password was given to an operator.
    ResetLinkMade = "reset-link-made",
    /// The password was set by whoever has the mailbox.
    PasswordReset = "password-reset",
    /// A change of the email was taken back by whoever has the old mailbox.
    EmailRestored = "email-restored",
    /// Somebody was invited to make an account.
    Invited = "invited",
    /// An invitation was taken back.
    InviteWithdrawn = "invite-withdrawn",
}

impl Action {
    /// Whether somebody was refused, or was where they should not be.
    #[must_use]
    pub const fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::LoginFailed
                | Self::AdminRefused
                | Self::RefreshReused
                | Self::OldPasswordWrong
                | Self::LeavingFailed
        )
    }

    /// The action of a word.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == word)
    }
}
