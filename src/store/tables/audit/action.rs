//! The actions of the audit log: each a name here and a word in the table.

/// Declares [`Action`] and its words.
macro_rules! actions {
    ($($(#[doc = $doc:literal])+ $name:ident = $word:literal,)*) => {
        /// An action.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Action {
            $($(#[doc = $doc])+ $name,)*
        }

        impl Action {
            /// All actions.
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
    /// A successful login.
    LoggedIn = "logged-in",
    /// A failed login.
    LoginFailed = "login-failed",
    /// A right password that is known from a breach.
    BreachedPassword = "breached-password",
    /// The hash of a password was replaced by one of the current format after a login.
    PasswordRehashed = "password-rehashed",
    /// bcrypt was put around a weak digest of a password.
    PasswordWrapped = "password-wrapped",
    /// A refresh token was used.
    Refreshed = "refreshed",
    /// A replaced refresh token was used again, and its session ended.
    RefreshReused = "refresh-reused",
    /// A refresh token was blacklisted, and its session ended.
    Blacklisted = "blacklisted",
    /// A session ended itself.
    LoggedOut = "logged-out",
    /// A session ended all sessions of its user.
    LoggedOutEverywhere = "logged-out-everywhere",
    /// A session ended another session of its user.
    SessionEnded = "session-ended",
    /// An administrator or the command line ended all sessions of a user.
    SessionsEnded = "sessions-ended",
    /// A session ended all other sessions of its user.
    OtherSessionsEnded = "other-sessions-ended",
    /// An administrator or the command line created an account.
    Created = "created",
    /// An import from another program created or changed an account.
    Imported = "imported",
    /// An import from another program began; its page has the rows.
    ImportStarted = "import-started",
    /// A person registered.
    Registered = "registered",
    /// A registration with the email of this account, which the response did not reveal.
    RegisteredAgain = "registered-again",
    /// The username was changed.
    Renamed = "renamed",
    /// The email was changed.
    EmailChanged = "email-changed",
    /// The groups of the user were changed.
    GroupsChanged = "groups-changed",
    /// A group was deleted.
    GroupDeleted = "group-deleted",
    /// The user changed the password with the old one.
    PasswordChanged = "password-changed",
    /// A change of the password with a wrong old password.
    OldPasswordWrong = "old-password-wrong",
    /// An administrator or the command line set the password.
    PasswordSet = "password-set",
    /// The email was confirmed.
    EmailConfirmed = "email-confirmed",
    /// The account was activated.
    Activated = "activated",
    /// The account was deactivated, and its sessions ended.
    Deactivated = "deactivated",
    /// The user became an administrator.
    MadeAdmin = "made-admin",
    /// The user is no longer an administrator.
    AdminRevoked = "admin-revoked",
    /// The confirmation of the email was revoked.
    EmailUnconfirmed = "email-unconfirmed",
    /// An administrator signed in to the admin.
    SignedIn = "signed-in",
    /// An administrator signed out of the admin.
    SignedOut = "signed-out",
    /// A user who is no administrator tried to sign in to the admin, with the right password.
    AdminRefused = "admin-refused",
    /// An administrator re-authenticated for a dangerous action.
    Reauthenticated = "password-proven",
    /// A list was exported as a file.
    Exported = "exported",
    /// A backup of the database was made.
    BackedUp = "backed-up",
    /// The key that signs tokens was handed out.
    KeyExported = "key-exported",
    /// A key that will sign tokens was published.
    KeyPublished = "key-published",
    /// A key was imported from a file.
    KeyImported = "key-imported",
    /// A key began to sign tokens in place of another.
    KeyActivated = "key-activated",
    /// The last token of a key has expired, or a published key is not needed.
    KeyEnded = "key-ended",
    /// A key was revoked, and its tokens with it.
    KeyRevoked = "key-revoked",
    /// An API key was made.
    ApiKeyCreated = "api-key-created",
    /// An API key was revoked.
    ApiKeyRevoked = "api-key-revoked",
    /// The account was deleted.
    Deleted = "deleted",
    /// The deletion of the account was requested, and waits.
    DeletionRequested = "deletion-requested",
    /// A requested deletion was cancelled before it was due.
    DeletionCancelled = "deletion-cancelled",
    /// A bulk action was undone; the entries of the undo name each user.
    BulkUndone = "bulk-undone",
    /// A bulk action was stopped before its end.
    BulkStopped = "bulk-stopped",
    /// The rate limits of a user or an IP address were cleared.
    Unblocked = "unblocked",
    /// A mail about the user was retried.
    MailRetried = "mail-retried",
    /// A mail about the user was dropped.
    MailDropped = "mail-dropped",
    /// The words of a mail were edited.
    MailTextEdited = "mail-text-edited",
    /// The words of a mail are the original ones again.
    MailTextReset = "mail-text-reset",
    /// The owner did not make a login from a new place, and ended all sessions.
    SignInDisowned = "sign-in-disowned",
    /// The link of an invitation was handed out.
    InviteLinkMade = "invite-link-made",
    /// A test mail was sent, or failed.
    MailTested = "mail-tested",
    /// A deletion of the own account with a wrong password.
    OwnDeletionFailed = "leaving-failed",
    /// A mail with a confirmation link was requested.
    ConfirmationRequested = "confirmation-asked",
    /// A mail with a password reset link was requested.
    ResetRequested = "reset-asked",
    /// An operator got a password reset link.
    ResetLinkMade = "reset-link-made",
    /// The password was reset by a link in a mail.
    PasswordReset = "password-reset",
    /// A change of the email was undone by a link in a mail to the old address.
    EmailRestored = "email-restored",
    /// An address was invited to create an account.
    Invited = "invited",
    /// An invitation was withdrawn.
    InviteWithdrawn = "invite-withdrawn",
    /// A setting was changed in the admin, or set back on the command line.
    SettingChanged = "setting-changed",
    /// A step of the set-up list was dismissed.
    StepDismissed = "step-dismissed",
    /// An administrator began to view the account pages of a user.
    ViewBegun = "view-begun",
    /// An administrator ended the view.
    ViewEnded = "view-ended",
    /// Entries older than `audit.keep` were let go.
    Trimmed = "trimmed",
}

/// The kind of an action, by which lists are skimmed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActionKind {
    /// The change of an account, an email, a setting or the server.
    Change,
    /// Beginning, going on with and ending sessions.
    SignIn,
    /// [`Action::is_refusal`].
    Failure,
}

impl Action {
    /// Its kind.
    #[must_use]
    pub const fn kind(self) -> ActionKind {
        match self {
            Self::LoggedIn
            | Self::LoggedOut
            | Self::LoggedOutEverywhere
            | Self::SessionEnded
            | Self::SignedIn
            | Self::SignedOut
            | Self::Refreshed
            | Self::Blacklisted
            | Self::PasswordRehashed
            | Self::Reauthenticated => ActionKind::SignIn,
            action if action.is_refusal() => ActionKind::Failure,
            _ => ActionKind::Change,
        }
    }

    /// Whether the action is a refusal or a sign of an attack, which lists highlight.
    #[must_use]
    pub const fn is_refusal(self) -> bool {
        matches!(
            self,
            Self::LoginFailed
                | Self::BreachedPassword
                | Self::AdminRefused
                | Self::RefreshReused
                | Self::OldPasswordWrong
                | Self::OwnDeletionFailed
        )
    }

    /// The action with this word.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|action| action.as_str() == word)
    }
}

#[cfg(test)]
mod tests {
    use super::Action;

    #[test]
    fn refusals_and_signs_of_an_attack_are_highlighted_and_nothing_else_is() {
        assert!([Action::LoginFailed, Action::RefreshReused].into_iter().all(Action::is_refusal));
        assert!(![Action::Created, Action::SignedIn, Action::Invited].into_iter().any(Action::is_refusal));
    }
}
