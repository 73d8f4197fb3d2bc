//! `Link`: the kinds of one-time links, each declared once. Routes, mails, log redaction, pages, the
//! command line, the admin and the table `one_time_keys` take everything about a kind from here.

use std::time::Duration;

use super::OneTimeKey;

/// Declares the kinds of links: `Kind: name, path before the key, lifetime`. The enum, [`Link::ALL`] and
/// the accessors come from the same lines, so that no list of kinds can be incomplete.
macro_rules! links {
    ($($(#[$doc:meta])* $kind:ident: $name:literal, $path:literal, $lifetime:expr;)*) => {
        /// A kind of one-time link: what its key is good for.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Link {
            $($(#[$doc])* $kind,)*
        }

        impl Link {
            /// Every kind.
            pub(crate) const ALL: &[Self] = &[$(Self::$kind),*];

            /// The value of the column `purpose`, and the label in names of locks and rate limits.
            pub(crate) const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$kind => $name,)*
                }
            }

            /// The path of the link's page, up to the key. Begins and ends with a slash.
            pub(crate) const fn path(self) -> &'static str {
                match self {
                    $(Self::$kind => $path,)*
                }
            }

            /// How long a link works after it was made.
            pub(crate) const fn lifetime(self) -> Duration {
                Duration::from_secs(HOUR * match self {
                    $(Self::$kind => $lifetime,)*
                })
            }
        }
    };
}

const HOUR: u64 = 3600;
const HOURS_A_DAY: u64 = 24;

links! {
    /// Creates the first administrator. Bound to no user and no address. A restart makes a new one.
    Setup: "setup", "/admin/setup/", HOURS_A_DAY;
    /// Confirms a user's email address.
    ConfirmEmail: "confirm-email", "/confirm-email/", 3 * HOURS_A_DAY;
    /// Gives a user back the address that the link was sent to. Made for confirmed addresses only:
    /// an unconfirmed one may belong to a stranger.
    UndoEmail: "undo-email", "/undo-email/", 7 * HOURS_A_DAY;
    /// Sets a new password.
    ResetPassword: "reset-password", "/reset-password/", 1;
    /// Ends all sessions of a user who did not sign in, and leads to a new password.
    NotMe: "not-me", "/not-me/", 7 * HOURS_A_DAY;
    /// Registers an account with the address that the link was sent to. Bound to no user.
    Invite: "invite", "/accept-invite/", 7 * HOURS_A_DAY;
}

impl Link {
    /// Whether its page, once the link is gone, advises to request a new password.
    pub(crate) const fn advises_reset(self) -> bool {
        matches!(self, Self::UndoEmail | Self::ResetPassword | Self::NotMe)
    }

    /// How many links of this kind work at once for one user and address; a newer one ends the oldest. Any client
    /// may request a confirmation or a new password, and must not end the link that the owner is about to open.
    pub(crate) const fn most_at_once(self) -> usize {
        match self {
            Self::ConfirmEmail | Self::ResetPassword | Self::NotMe => 3,
            Self::Setup | Self::UndoEmail | Self::Invite => 1,
        }
    }

    /// The kind with this name in the database; `None` for a name of a later version.
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|link| link.as_str() == name)
    }

    /// The whole link. `origin` is the public one, without a slash at its end.
    pub(crate) fn url(self, origin: &str, key: &OneTimeKey) -> String {
        format!("{origin}{}{}", self.path(), key.expose())
    }

    /// The page after success. It stands where the key would, and no key is spelled like it.
    pub(crate) fn done_path(self) -> String {
        format!("{}done", self.path())
    }

    /// A request's path as it may be logged: a link without its key, any other path as it is.
    pub(crate) fn redact_path(path: &str) -> &str {
        Self::ALL.iter().map(|link| link.path()).find(|link| path.starts_with(link)).unwrap_or(path)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_kind_has_a_name_and_a_path_of_its_own() {
        let names: HashSet<_> = Link::ALL.iter().map(|link| link.as_str()).collect();
        assert_eq!(names.len(), Link::ALL.len());
        for link in Link::ALL {
            assert_eq!(Link::named(link.as_str()), Some(*link));
            assert!(link.path().starts_with('/') && link.path().ends_with('/'), "{link:?}");
            let same = Link::ALL.iter().filter(|other| other.path().starts_with(link.path()));
            assert_eq!(same.count(), 1, "{link:?}");
        }
        assert_eq!(Link::named("spam"), None);
    }

    #[test]
    fn the_key_of_no_link_is_logged() {
        let key = OneTimeKey::random();
        for link in Link::ALL {
            let path = link.url("", &key);
            assert!(path.ends_with(key.expose()));
            assert_eq!(Link::redact_path(&path), link.path());
            assert_eq!(Link::redact_path(&format!("{path}/")), link.path());
        }
        assert_eq!(Link::redact_path("/api/login/"), "/api/login/");
    }

    #[test]
    fn the_page_after_success_is_not_spelled_like_a_key() {
        for link in Link::ALL {
            let done = link.done_path();
            assert!(OneTimeKey::parse(done.strip_prefix(link.path()).unwrap()).is_none());
        }
    }
}
