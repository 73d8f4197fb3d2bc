//! What the last action did, said once on the next page. Travels in a cookie as a code and what it
//! was done to; the words are the catalogue's.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::texts::Lang;

/// The longest that is taken from a cookie, in bytes.
const LONGEST: usize = 1000;

/// What was done to users, and to mails.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    Added,
    Saved,
    Confirmed,
    Unconfirmed,
    Activated,
    Deactivated,
    MadeAdmin,
    AdminRevoked,
    PasswordSet,
    Deleted,
    SessionEnded,
    SessionsEnded,
    /// All but the one that asked for it.
    OtherSessionsEnded,
    /// The mails: on their way, or waiting until there is one.
    ConfirmationSent,
    ConfirmationWaits,
    ResetSent,
    ResetWaits,
    Invited,
    InviteWaits,
    InviteWithdrawn,
    MailRetried,
    MailRetriedLater,
    MailDropped,
    MailTested,
}

const CODES: [(Done, &str); 24] = [
    (Done::Added, "added"),
    (Done::Saved, "saved"),
    (Done::Confirmed, "confirmed"),
    (Done::Unconfirmed, "unconfirmed"),
    (Done::Activated, "activated"),
    (Done::Deactivated, "deactivated"),
    (Done::MadeAdmin, "made-admin"),
    (Done::AdminRevoked, "admin-revoked"),
    (Done::PasswordSet, "password-set"),
    (Done::Deleted, "deleted"),
    (Done::SessionEnded, "session-ended"),
    (Done::SessionsEnded, "sessions-ended"),
    (Done::OtherSessionsEnded, "other-sessions-ended"),
    (Done::ConfirmationSent, "confirmation-sent"),
    (Done::ConfirmationWaits, "confirmation-waits"),
    (Done::ResetSent, "reset-sent"),
    (Done::ResetWaits, "reset-waits"),
    (Done::Invited, "invited"),
    (Done::InviteWaits, "invite-waits"),
    (Done::InviteWithdrawn, "invite-withdrawn"),
    (Done::MailRetried, "mail-retried"),
    (Done::MailRetriedLater, "mail-retried-later"),
    (Done::MailDropped, "mail-dropped"),
    (Done::MailTested, "mail-tested"),
];

/// Why nothing was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Undone {
    /// The account was changed since it was seen.
    Changed,
    /// There is nothing to confirm.
    Confirmed,
    /// A link would not work.
    Inactive,
    /// The session had ended.
    SessionGone,
    /// The invitation was not open any more.
    InviteGone,
    /// Who was invited has an account.
    Registered,
}

const REASONS: [(Undone, &str); 6] = [
    (Undone::Changed, "changed"),
    (Undone::Confirmed, "confirmed"),
    (Undone::Inactive, "inactive"),
    (Undone::SessionGone, "session-gone"),
    (Undone::InviteGone, "invite-gone"),
    (Undone::Registered, "registered"),
];

/// What was done, and to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flash {
    /// To the user of this name, or to the mail to this address.
    One(Done, String),
    /// To so many; so many were left alone.
    Many(Done, u64, u64),
    /// Nothing.
    Not(Undone),
}

impl Flash {
    /// For the cookie.
    pub fn encode(&self) -> String {
        let code = |done: &Done| CODES.iter().find(|(known, _)| known == done).map_or("", |(_, code)| code);
        match self {
            Self::One(done, name) => format!("{}.{}", code(done), URL_SAFE_NO_PAD.encode(name)),
            Self::Many(done, count, left) => format!("{}*{count}*{left}", code(done)),
            Self::Not(why) => {
                let word = REASONS.iter().find(|(known, _)| known == why).map_or("", |(_, word)| word);
                format!("!{word}")
            }
        }
    }

    /// From the cookie; `None` for what no page of ours wrote.
    pub fn decode(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let done = |code: &str| CODES.iter().find(|(_, known)| *known == code).map(|(done, _)| *done);
        if let Some(word) = text.strip_prefix('!') {
            return REASONS.iter().find(|(_, known)| *known == word).map(|(why, _)| Self::Not(*why));
        }
        if let Some((code, counts)) = text.split_once('*') {
            let (count, left) = counts.split_once('*')?;
            return Some(Self::Many(done(code)?, count.parse().ok()?, left.parse().ok()?));
        }
        let (code, name) = text.split_once('.')?;
        Some(Self::One(done(code)?, String::from_utf8(URL_SAFE_NO_PAD.decode(name).ok()?).ok()?))
    }

    /// In words.
    pub fn text(&self, t: Lang) -> String {
        match self {
            Self::One(done, name) => one(*done, t, name),
            Self::Many(done, count, 0) => many(*done, t, *count),
            Self::Many(done, count, left) => format!("{} {}", many(*done, t, *count), t.left_alone(left)),
            Self::Not(why) => not(*why, t).to_owned(),
        }
    }

    /// Whether it is no success, or not the whole of one.
    pub const fn is_bad(&self) -> bool {
        use Done::{ConfirmationWaits, InviteWaits, ResetWaits};
        matches!(
            self,
            Self::Not(_)
                | Self::One(ConfirmationWaits | ResetWaits | InviteWaits, _)
                | Self::Many(ConfirmationWaits | InviteWaits, ..)
        )
    }
}

fn one(done: Done, t: Lang, name: &str) -> String {
    match done {
        Done::Added => t.user_added(name),
        Done::Saved => t.user_saved(name),
        Done::Confirmed => t.user_confirmed(name),
        Done::Unconfirmed => t.user_unconfirmed(name),
        Done::Activated => t.user_activated(name),
        Done::Deactivated => t.user_deactivated(name),
        Done::MadeAdmin => t.user_made_admin(name),
        Done::AdminRevoked => t.user_admin_revoked(name),
        Done::PasswordSet => t.user_password_set(name),
        Done::Deleted => t.user_deleted(name),
        Done::SessionEnded => t.user_session_ended(name),
        Done::SessionsEnded => t.user_sessions_ended(name),
        Done::OtherSessionsEnded => t.own_sessions_ended(name),
        Done::ConfirmationSent => t.user_confirmation_sent(name),
        Done::ConfirmationWaits => t.user_confirmation_waits(name),
        Done::ResetSent => t.user_reset_sent(name),
        Done::ResetWaits => t.user_reset_waits(name),
        Done::Invited => t.user_invited(name),
        Done::InviteWaits => t.user_invite_waits(name),
        Done::InviteWithdrawn => t.user_invite_withdrawn(name),
        Done::MailRetried => t.mail_retried(name),
        Done::MailRetriedLater => t.mail_retried_later(name),
        Done::MailDropped => t.mail_dropped(name),
        Done::MailTested => t.mail_tested(name),
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

const fn not(why: Undone, t: Lang) -> &'static str {
    match why {
        Undone::Changed => t.changed_meanwhile(),
        Undone::Confirmed => t.not_sent_confirmed(),
        Undone::Inactive => t.not_sent_inactive(),
        Undone::SessionGone => t.session_gone(),
        Undone::InviteGone => t.invite_gone(),
        Undone::Registered => t.invite_registered(),
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
                CODES.iter().map(|(done, _)| Flash::One(*done, "alice".to_owned()).text(t)).collect();
            assert_eq!(texts.len(), CODES.len());
            assert!(texts.iter().all(|text| text.contains("alice")), "{texts:?}");
        }
    }
}
