//! What the last action did, said once on the next page. Travels in a cookie as a code and what it
//! was done to; the words are the catalogue's.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::texts::Lang;

/// The longest that is taken from a cookie, in bytes.
const LONGEST: usize = 1000;

/// What was done to users.
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
}

const CODES: [(Done, &str); 10] = [
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
];

/// What was done, and to whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Flash {
    /// To the user of this name.
    One(Done, String),
    /// To so many.
    Many(Done, u64),
}

impl Flash {
    /// For the cookie.
    pub fn encode(&self) -> String {
        let code = |done: &Done| CODES.iter().find(|(known, _)| known == done).map_or("", |(_, code)| code);
        match self {
            Self::One(done, name) => format!("{}.{}", code(done), URL_SAFE_NO_PAD.encode(name)),
            Self::Many(done, count) => format!("{}*{count}", code(done)),
        }
    }

    /// From the cookie; `None` for what no page of ours wrote.
    pub fn decode(text: &str) -> Option<Self> {
        if text.len() > LONGEST {
            return None;
        }
        let done = |code: &str| CODES.iter().find(|(_, known)| *known == code).map(|(done, _)| *done);
        if let Some((code, count)) = text.split_once('*') {
            return Some(Self::Many(done(code)?, count.parse().ok()?));
        }
        let (code, name) = text.split_once('.')?;
        Some(Self::One(done(code)?, String::from_utf8(URL_SAFE_NO_PAD.decode(name).ok()?).ok()?))
    }

    /// In words.
    pub fn text(&self, t: Lang) -> String {
        match self {
            Self::One(done, name) => one(*done, t, name),
            Self::Many(done, count) => many(*done, t, *count),
        }
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
    }
}

fn many(done: Done, t: Lang, count: u64) -> String {
    match done {
        Done::Confirmed => t.users_confirmed(count),
        Done::Activated => t.users_activated(count),
        Done::Deactivated => t.users_deactivated(count),
        Done::Deleted => t.users_deleted(count),
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
        assert_eq!(Flash::decode("deleted*3"), Some(Flash::Many(Done::Deleted, 3)));
        for rubbish in ["", "deleted", "stolen.YQ", "deleted*x", "deleted.%%"] {
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
