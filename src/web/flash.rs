//! What the last action did, said once on the next page. Travels in a cookie as a code and what it
//! was done to; the words are the catalogue's.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::texts::Lang;

/// The longest that is taken from a cookie, in bytes.
const LONGEST: usize = 1000;

/// Makes an enum out of its lines: the name, the code in the cookie, the text of the catalogue.
macro_rules! codes {
    ($(#[$about:meta])* $kind:ident { $($(#[doc = $doc:literal])* $name:ident = $code:literal, $text:expr;)* } in $words:ty) => {
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

            /// What says it in each language.
            const fn words(self) -> $words {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }
    };
}

codes! {
    /// What was done to users, and to mails.
    Done {
        Added = "added", |t, name| t.user_added(name);
        Saved = "saved", |t, name| t.user_saved(name);
        /// There was nothing to save.
        Unchanged = "unchanged", |t, name| t.user_unchanged(name);
        Confirmed = "confirmed", |t, name| t.user_confirmed(name);
        Unconfirmed = "unconfirmed", |t, name| t.user_unconfirmed(name);
        Activated = "activated", |t, name| t.user_activated(name);
        Deactivated = "deactivated", |t, name| t.user_deactivated(name);
        MadeAdmin = "made-admin", |t, name| t.user_made_admin(name);
        AdminRevoked = "admin-revoked", |t, name| t.user_admin_revoked(name);
        PasswordSet = "password-set", |t, name| t.user_password_set(name);
        Deleted = "deleted", |t, name| t.user_deleted(name);
        SessionEnded = "session-ended", |t, name| t.user_session_ended(name);
        SessionsEnded = "sessions-ended", |t, name| t.user_sessions_ended(name);
        /// All but the one that asked for it.
        OtherSessionsEnded = "other-sessions-ended", |t, name| t.own_sessions_ended(name);
        /// The mails: on their way, or waiting until there is one.
        ConfirmationSent = "confirmation-sent", |t, name| t.user_confirmation_sent(name);
        ConfirmationWaits = "confirmation-waits", |t, name| t.user_confirmation_waits(name);
        ResetSent = "reset-sent", |t, name| t.user_reset_sent(name);
        ResetWaits = "reset-waits", |t, name| t.user_reset_waits(name);
        Invited = "invited", |t, name| t.user_invited(name);
        InviteWaits = "invite-waits", |t, name| t.user_invite_waits(name);
        InviteWithdrawn = "invite-withdrawn", |t, name| t.user_invite_withdrawn(name);
        MailRetried = "mail-retried", |t, name| t.mail_retried(name);
        MailRetriedLater = "mail-retried-later", |t, name| t.mail_retried_later(name);
        MailDropped = "mail-dropped", |t, name| t.mail_dropped(name);
        MailTested = "mail-tested", |t, name| t.mail_tested(name);
    } in fn(Lang, &str) -> String
}

codes! {
    /// Why nothing was done.
    Undone {
        /// The account was changed since it was seen.
        Changed = "changed", |t| t.changed_meanwhile();
        /// There is nothing to confirm.
        Confirmed = "confirmed", |t| t.not_sent_confirmed();
        /// A link would not work.
        Inactive = "inactive", |t| t.not_sent_inactive();
        /// The session had ended.
        SessionGone = "session-gone", |t| t.session_gone();
        /// The password was asked for on the way, and the one that was typed into the form is not kept.
        Retype = "retype", |t| t.not_kept_password();
        /// The password was asked for on the way, and all of the form is more than is kept.
        TooLong = "too-long", |t| t.prove_not_kept();
        /// The session had ended before it was sent.
        SessionOver = "session-over", |t| t.not_done_session_over();
        /// The invitation was not open any more.
        InviteGone = "invite-gone", |t| t.invite_gone();
        /// Of many who were chosen there is nobody left whom it would change.
        NobodyLeft = "nobody-left", |t| t.nobody_left();
        /// Who was invited has an account.
        Registered = "registered", |t| t.invite_registered();
    } in fn(Lang) -> &'static str
}

/// What was done, and to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Flash {
    /// To the user of this name, or to the mail to this address.
    One(Done, String),
    /// To so many; so many were left alone.
    Many(Done, u64, u64),
    /// Nothing.
    Not(Undone),
}

impl Flash {
    /// For the cookie.
    pub(crate) fn encode(&self) -> String {
        match self {
            Self::One(done, name) => format!("{}.{}", done.code(), URL_SAFE_NO_PAD.encode(name)),
            Self::Many(done, count, left) => format!("{}*{count}*{left}", done.code()),
            Self::Not(why) => format!("!{}", why.code()),
        }
    }

    /// From the cookie; `None` for what no page of ours wrote.
    pub(crate) fn decode(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        if let Some(word) = text.strip_prefix('!') {
            return Undone::decode(word).map(Self::Not);
        }
        if let Some((code, counts)) = text.split_once('*') {
            let (count, left) = counts.split_once('*')?;
            return Some(Self::Many(Done::decode(code)?, count.parse().ok()?, left.parse().ok()?));
        }
        let (code, name) = text.split_once('.')?;
        Some(Self::One(Done::decode(code)?, String::from_utf8(URL_SAFE_NO_PAD.decode(name).ok()?).ok()?))
    }

    /// In words.
    pub(crate) fn text(&self, t: Lang) -> String {
        match self {
            Self::One(done, name) => done.words()(t, name),
            Self::Many(done, count, 0) => many(*done, t, *count),
            Self::Many(done, count, left) => format!("{} {}", many(*done, t, *count), t.left_alone(left)),
            Self::Not(why) => why.words()(t).to_owned(),
        }
    }

    /// Whether it is no success, or not the whole of one. That nothing was left to do is neither.
    pub(crate) const fn is_bad(&self) -> bool {
        use Done::{ConfirmationWaits, InviteWaits, ResetWaits, Unchanged};
        match self {
            Self::Not(why) => !matches!(why, Undone::NobodyLeft),
            Self::One(done, _) => matches!(done, ConfirmationWaits | ResetWaits | InviteWaits | Unchanged),
            Self::Many(done, ..) => matches!(done, ConfirmationWaits | InviteWaits),
        }
    }
}

fn many(done: Done, t: Lang, count: u64) -> String {
    match done {
        Done::Confirmed => t.users_confirmed(count),
        Done::Activated => t.users_activated(count),
        Done::Deactivated => t.users_deactivated(count),
        Done::Deleted => t.users_deleted(count),
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
    fn it_survives_its_cookie_and_rubbish_is_passed_over() {
        let flash = Flash::One(Done::MadeAdmin, "Zoë.*".to_owned());
        assert_eq!(Flash::decode(&flash.encode()), Some(flash));
        assert_eq!(Flash::decode("deleted*3*1"), Some(Flash::Many(Done::Deleted, 3, 1)));
        let not = Flash::Not(Undone::InviteGone);
        assert_eq!(Flash::decode(&not.encode()), Some(not));
        for rubbish in ["", "deleted", "stolen.YQ", "deleted*x", "deleted*3", "!stolen", "deleted.%%"] {
            assert_eq!(Flash::decode(rubbish), None, "{rubbish}");
        }
    }

    #[test]
    fn every_deed_has_its_words_in_every_language() {
        for t in Lang::ALL {
            let texts: std::collections::BTreeSet<_> =
                Done::ALL.iter().map(|done| Flash::One(*done, "alice".to_owned()).text(t)).collect();
            assert_eq!(texts.len(), Done::ALL.len());
            assert!(texts.iter().all(|text| text.contains("alice")), "{texts:?}");
        }
    }
}
