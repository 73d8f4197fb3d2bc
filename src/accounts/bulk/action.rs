//! The actions on many users: their words in the table, and whom each of them skips.

use crate::accounts::email::request_mail::MailRequest;
use crate::accounts::shared::eligibility::{RequiredState, SkipReason, UserState};
use crate::store::queries::user_list::ListedUser;
use crate::store::tables::bulk_users::BulkUser;
use crate::types::UserId;

/// An action on many users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BulkAction {
    /// As `confirm_email`.
    Confirm,
    /// As `send_mail`, of a mail that asks to confirm the address.
    AskConfirmation,
    /// As `activate`.
    Activate,
    /// As `deactivate`.
    Deactivate,
    /// As `end_all_sessions`.
    EndSessions,
    /// As `request_deletion`.
    Delete,
    /// As `cancel_deletion`.
    Restore,
}

impl BulkAction {
    /// Every action with its word, in URLs and in the table.
    pub(crate) const WORDS: [(&'static str, Self); 7] = [
        ("confirm", Self::Confirm),
        ("resend", Self::AskConfirmation),
        ("activate", Self::Activate),
        ("deactivate", Self::Deactivate),
        ("end-sessions", Self::EndSessions),
        ("delete", Self::Delete),
        ("restore", Self::Restore),
    ];

    /// The action with this word.
    pub(crate) fn named(word: &str) -> Option<Self> {
        Self::WORDS.iter().find(|(known, _)| *known == word).map(|(_, action)| *action)
    }

    /// The word.
    pub(crate) fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, action)| *action == self).map_or("", |(word, _)| word)
    }

    /// Whether it can be undone. An email cannot be taken back, sessions that ended are not begun again, and a
    /// deletion that waits has an action of its own that takes it back.
    pub(crate) const fn can_be_undone(self) -> bool {
        matches!(self, Self::Confirm | Self::Activate | Self::Deactivate)
    }

    /// Whether a reason can be given.
    pub(crate) const fn takes_reason(self) -> bool {
        matches!(self, Self::Deactivate)
    }

    /// The state in which the action has an effect on a user.
    pub(crate) const fn required_state(self) -> RequiredState {
        let (is_email_confirmed, is_active, is_to_be_deleted) = match self {
            Self::Confirm => (Some(false), None, None),
            Self::AskConfirmation => return MailRequest::ConfirmEmail.required_state(),
            Self::Activate => (None, Some(false), Some(false)),
            Self::Deactivate => (None, Some(true), None),
            Self::EndSessions => (None, None, None),
            Self::Delete => (None, None, Some(false)),
            Self::Restore => (None, None, Some(true)),
        };
        RequiredState { is_email_confirmed, is_active, is_to_be_deleted, has_email: false }
    }

    /// Why the action would skip the user; `None` if it would not. Administrators cannot remove themselves
    /// by a bulk action.
    pub(crate) fn skip_reason(
        self,
        id: UserId,
        state: impl Into<UserState>,
        administrator: Option<UserId>,
    ) -> Option<SkipReason> {
        if self.removes_administrator() && administrator == Some(id) {
            return Some(SkipReason::Oneself);
        }
        self.required_state().skip_reason(state)
    }

    /// The listed user for the action: one whose address it is about is only meant with that address.
    pub(crate) fn user(self, user: &ListedUser) -> BulkUser {
        let email = matches!(self, Self::Confirm | Self::AskConfirmation).then(|| user.email());
        BulkUser { email, ..user.id().into() }
    }

    /// Whether the action could take an administrator away.
    pub(crate) const fn removes_administrator(self) -> bool {
        matches!(self, Self::Deactivate | Self::Delete)
    }
}
