//! The messages about the last action in the admin. The cookie has a code and the name of the user or mail; the
//! texts are in `texts`.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::admin::users::user_path::{VERSION, path_of};
use crate::texts::Lang;
use crate::types::{BulkId, Timestamp, User, UserId};
use crate::web::flash::{FlashMessage, SessionNotice, UndoForm};

/// The longest accepted cookie value, in bytes.
const MAX_LENGTH: usize = 1000;

/// Defines an enum from lines of a name, the code in the cookie and the text.
macro_rules! codes {
    ($(#[$about:meta])* $kind:ident { $($(#[doc = $doc:literal])* $name:ident = $code:literal, $text:expr;)* } as $text_type:ty) => {
        $(#[$about])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(crate) enum $kind {
            $($(#[doc = $doc])* $name,)*
        }

        impl $kind {
            const ALL: &[Self] = &[$(Self::$name),*];

            const fn code(self) -> &'static str {
                match self {
                    $(Self::$name => $code,)*
                }
            }

            fn decode(code: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.code() == code)
            }

            const fn text_in(self) -> $text_type {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

codes! {
    /// An action that was done.
    Done {
        Added = "added", |t, name| t.user_added(name);
        Saved = "saved", |t, name| t.user_saved(name);
        /// The form had no change.
        Unchanged = "unchanged", |t, name| t.user_unchanged(name);
        Confirmed = "confirmed", |t, name| t.user_confirmed(name);
        Unconfirmed = "unconfirmed", |t, name| t.user_unconfirmed(name);
        Activated = "activated", |t, name| t.user_activated(name);
        Deactivated = "deactivated", |t, name| t.user_deactivated(name);
        MadeAdmin = "made-admin", |t, name| t.user_made_admin(name);
        AdminRevoked = "admin-revoked", |t, name| t.user_admin_revoked(name);
        PasswordSet = "password-set", |t, name| t.user_password_set(name);
        Deleted = "deleted", |t, name| t.user_deleted(name);
        DeletionRequested = "deletion-requested", |t, name| t.user_deletion_requested(name);
        DeletionCancelled = "deletion-cancelled", |t, name| t.user_deletion_cancelled(name);
        SessionEnded = "session-ended", |t, name| t.user_session_ended(name);
        SessionsEnded = "sessions-ended", |t, name| t.user_sessions_ended(name);
        /// All sessions but the one that asked for it.
        OtherSessionsEnded = "other-sessions-ended", |t, name| t.own_sessions_ended(name);
        /// "Waits" until a mail server is set up.
        ConfirmationSent = "confirmation-sent", |t, name| t.user_confirmation_sent(name);
        ConfirmationWaits = "confirmation-waits", |t, name| t.user_confirmation_waits(name);
        ResetSent = "reset-sent", |t, name| t.user_reset_sent(name);
        ResetWaits = "reset-waits", |t, name| t.user_reset_waits(name);
        Invited = "invited", |t, name| t.user_invited(name);
        InviteWaits = "invite-waits", |t, name| t.user_invite_waits(name);
        InviteWithdrawn = "invite-withdrawn", |t, name| t.user_invite_withdrawn(name);
        Unblocked = "unblocked", |t, name| t.user_unblocked(name);
        MailRetried = "mail-retried", |t, name| t.mail_retried(name);
        MailRetriedLater = "mail-retried-later", |t, name| t.mail_retried_later(name);
        MailDropped = "mail-dropped", |t, name| t.mail_dropped(name);
        MailTextSaved = "mail-text-saved", |t, name| t.mail_text_saved(name);
        MailTextReset = "mail-text-reset", |t, name| t.mail_text_was_reset(name);
        MailTested = "mail-tested", |t, name| t.mail_tested(name);
        SettingsSaved = "settings-saved", |t, name| t.settings_saved(name);
        /// The server accepted a test email first.
        SettingsTested = "settings-tested", |t, name| t.settings_tested(name);
        SettingsUnchanged = "settings-unchanged", |t, name| t.settings_unchanged(name);
        ApiKeyRevoked = "api-key-revoked", |t, name| t.api_key_was_revoked(name);
        StepDismissed = "step-dismissed", |t, name| t.step_dismissed(name);
        ViewSaved = "view-saved", |t, name| t.view_saved(name);
        ViewDeleted = "view-deleted", |t, name| t.view_deleted(name);
    } as fn(Lang, &str) -> String
}

codes! {
    /// Why an action was not done.
    Undone {
        /// The account was changed after the form was displayed.
        Changed = "changed", |t| t.changed_since_loaded();
        /// The email is confirmed already.
        Confirmed = "confirmed", |t| t.not_sent_confirmed();
        /// The user is inactive, so a link would not work.
        Inactive = "inactive", |t| t.not_sent_inactive();
        /// The session to end had ended before.
        SessionGone = "session-gone", |t| t.session_gone();
        /// See [`SessionNotice::Retype`].
        Retype = "retype", |t| t.not_saved_password();
        /// See [`SessionNotice::TooLong`].
        TooLong = "too-long", |t| t.reauthenticate_not_saved();
        /// The session had ended before the form was sent.
        SessionOver = "session-over", |t| t.not_saved_session_over();
        /// The invitation is not open any more.
        InviteGone = "invite-gone", |t| t.invite_gone();
        /// A bulk action that would change no user of its selection.
        NoneAffected = "none-affected", |t| t.nothing_to_change();
        /// The account is to be deleted, so it cannot be activated.
        ToBeDeleted = "to-be-deleted", |t| t.not_activated_deletion();
        /// The bulk action ended too long ago to be undone.
        BulkTooLate = "bulk-too-late", |t| t.bulk_too_late();
        /// The bulk action cannot be undone.
        BulkNotUndoable = "bulk-not-undoable", |t| t.bulk_not_undoable();
        /// The rest of a bulk action is not done.
        BulkStopped = "bulk-stopped", |t| t.bulk_stopped_now();
        /// The email belongs to an account by now.
        Registered = "registered", |t| t.invite_registered();
        /// More users are ticked than the address of the list can have.
        TooManySelected = "too-many-selected", |t| t.too_many_selected();
        /// The form for a new API key was sent twice.
        ApiKeyMade = "api-key-made", |t| t.api_key_made_before();
        /// The API key was revoked before.
        ApiKeyGone = "api-key-gone", |t| t.api_key_gone();
        ViewName = "view-name", |t| t.view_bad_name();
        TooManyViews = "too-many-views", |t| t.view_too_many();
    } as fn(Lang) -> &'static str
}

impl Done {
    /// The action on a user that takes this one back: the last segment of its path.
    const fn opposite(self) -> Option<&'static str> {
        match self {
            Self::Activated => Some("deactivate"),
            Self::Deactivated => Some("activate"),
            Self::MadeAdmin => Some("revoke-admin"),
            Self::AdminRevoked => Some("make-admin"),
            Self::DeletionRequested => Some("restore"),
            _ => None,
        }
    }
}

/// The message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Flash {
    /// Done to the user with this name, or to the mail to this address.
    One(Done, String),
    /// Done to the user with this name and id. The opposite action undoes it, if the account still has this version.
    Undoable(Done, String, UserId, Timestamp),
    /// Done to a number of users; a number of others was skipped.
    Many(Done, u64, u64),
    /// Done to a number of users by a bulk action; a number of others was skipped.
    Bulk(Done, u64, u64, BulkId),
    /// Not done.
    Not(Undone),
}

impl Flash {
    /// An action that was done to a user, who is like this now; with its undo, if it has one.
    pub(crate) fn about(done: Done, user: &User) -> Self {
        let name = user.username.to_string();
        match done.opposite() {
            Some(_) => Self::Undoable(done, name, user.id, user.updated_at),
            None => Self::One(done, name),
        }
    }
}

impl FlashMessage for Flash {
    fn encode(&self) -> String {
        match self {
            Self::One(done, name) => format!("{}.{}", done.code(), URL_SAFE_NO_PAD.encode(name)),
            Self::Undoable(done, name, id, version) => {
                format!("{}.{}.{id}.{}", done.code(), URL_SAFE_NO_PAD.encode(name), version.micros())
            }
            Self::Many(done, count, skipped) => format!("{}*{count}*{skipped}", done.code()),
            Self::Bulk(done, count, skipped, id) => format!("{}*{count}*{skipped}*{id}", done.code()),
            Self::Not(why) => format!("!{}", why.code()),
        }
    }

    fn decode(text: &str) -> Option<Self> {
        if text.len() > MAX_LENGTH {
            return None;
        }
        if let Some(word) = text.strip_prefix('!') {
            return Undone::decode(word).map(Self::Not);
        }
        if let Some((code, counts)) = text.split_once('*') {
            let (count, skipped) = counts.split_once('*')?;
            let (done, count) = (Done::decode(code)?, count.parse().ok()?);
            return Some(match skipped.split_once('*') {
                Some((skipped, id)) => {
                    Self::Bulk(done, count, skipped.parse().ok()?, BulkId::new(id.parse().ok()?))
                }
                None => Self::Many(done, count, skipped.parse().ok()?),
            });
        }
        let (code, name) = text.split_once('.')?;
        let done = Done::decode(code)?;
        let (name, state) = name.split_once('.').map_or((name, None), |(name, state)| (name, Some(state)));
        let name = String::from_utf8(URL_SAFE_NO_PAD.decode(name).ok()?).ok()?;
        let Some(state) = state else { return Some(Self::One(done, name)) };
        let (id, version) = state.split_once('.')?;
        let (id, version) = (UserId::new(id.parse().ok()?), Timestamp::from_micros(version.parse().ok()?));
        Some(Self::Undoable(done, name, id, version))
    }

    fn text(&self, t: Lang) -> String {
        match self {
            Self::One(done, name) | Self::Undoable(done, name, ..) => done.text_in()(t, name),
            Self::Many(done, count, 0) | Self::Bulk(done, count, 0, _) => many(*done, t, *count),
            Self::Many(done, count, skipped) | Self::Bulk(done, count, skipped, _) => {
                format!("{} {}", many(*done, t, *count), t.skipped(skipped))
            }
            Self::Not(why) => why.text_in()(t).to_owned(),
        }
    }

    fn undo(&self) -> Option<UndoForm> {
        match self {
            Self::Bulk(Done::Confirmed | Done::Activated | Done::Deactivated, 1.., _, id) => {
                Some(UndoForm { path: format!("/admin/users/bulk/{id}/undo"), state: None })
            }
            Self::Undoable(done, _, id, version) => {
                let path = format!("{}/{}", path_of(*id), done.opposite()?);
                Some(UndoForm { path, state: Some((VERSION, version.micros().to_string())) })
            }
            _ => None,
        }
    }

    /// A second click of a bulk action affects no user, and is no failure.
    fn is_bad(&self) -> bool {
        use Done::{ConfirmationWaits, InviteWaits, ResetWaits, Unchanged};
        match self {
            Self::Not(why) => !matches!(why, Undone::NoneAffected),
            Self::One(done, _) => matches!(done, ConfirmationWaits | ResetWaits | InviteWaits | Unchanged),
            Self::Undoable(..) => false,
            Self::Many(done, ..) | Self::Bulk(done, ..) => matches!(done, ConfirmationWaits | InviteWaits),
        }
    }
}

impl From<SessionNotice> for Flash {
    fn from(notice: SessionNotice) -> Self {
        Self::Not(match notice {
            SessionNotice::Retype => Undone::Retype,
            SessionNotice::TooLong => Undone::TooLong,
        })
    }
}

fn many(done: Done, t: Lang, count: u64) -> String {
    match done {
        Done::Confirmed => t.users_confirmed(count),
        Done::Activated => t.users_activated(count),
        Done::Deactivated => t.users_deactivated(count),
        Done::Deleted => t.users_deleted(count),
        Done::DeletionRequested => t.users_deletion_requested(count),
        Done::DeletionCancelled => t.users_deletion_cancelled(count),
        Done::SessionsEnded => t.users_sessions_ended(count),
        Done::ConfirmationSent => t.users_confirmation_sent(count),
        Done::ConfirmationWaits => t.users_confirmation_waits(count),
        Done::Invited => t.users_invited(count),
        Done::InviteWaits => t.users_invite_waits(count),
        _ => t.users_saved(count),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_survives_its_cookie_and_invalid_cookies_are_ignored() {
        let flash = Flash::One(Done::MadeAdmin, "Zoë.*".to_owned());
        assert_eq!(Flash::decode(&flash.encode()), Some(flash));
        assert_eq!(Flash::decode("deleted*3*1"), Some(Flash::Many(Done::Deleted, 3, 1)));
        let bulk = Flash::Bulk(Done::Activated, 3, 1, BulkId::new(7));
        assert_eq!(Flash::decode(&bulk.encode()), Some(bulk));
        let undoable =
            Flash::Undoable(Done::Deactivated, "Zoë.*".to_owned(), UserId::new(7), Timestamp::from_micros(5));
        assert_eq!(Flash::decode(&undoable.encode()), Some(undoable));
        let not = Flash::Not(Undone::InviteGone);
        assert_eq!(Flash::decode(&not.encode()), Some(not));
        for invalid in [
            "",
            "deleted",
            "stolen.YQ",
            "deleted*x",
            "deleted*3",
            "deleted*3*1*x",
            "!stolen",
            "deleted.%%",
            "activated.YQ.7",
            "activated.YQ.7.x",
        ] {
            assert_eq!(Flash::decode(invalid), None, "{invalid}");
        }
    }

    #[test]
    fn every_action_has_its_own_text_in_every_language() {
        for t in Lang::ALL {
            let texts: std::collections::BTreeSet<_> =
                Done::ALL.iter().map(|done| Flash::One(*done, "alice".to_owned()).text(t)).collect();
            assert_eq!(texts.len(), Done::ALL.len());
            assert!(texts.iter().all(|text| text.contains("alice")), "{texts:?}");
        }
    }
}
