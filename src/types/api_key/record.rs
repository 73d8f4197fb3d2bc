//! What is stored of an API key, without its secret.

use std::net::IpAddr;

use ipnet::IpNet;

use super::{ApiKeyId, ApiScopes};
use crate::types::{Timestamp, trimmed};

/// The name that an administrator gives a key, to know what it is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiKeyName(String);

impl ApiKeyName {
    /// The most characters.
    pub const MAX_CHARS: usize = 100;

    /// Reads a name, without the white space at its ends. `None` if it is blank, too long, or has a control character.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let name = trimmed(typed);
        let is_name = !name.is_empty()
            && name.chars().count() <= Self::MAX_CHARS
            && !name.chars().any(char::is_control);
        is_name.then(|| Self(name.to_owned()))
    }

    /// The name.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A key in the database.
#[derive(Clone, Debug)]
pub struct ApiKeyRecord {
    /// Its public part.
    pub id: ApiKeyId,
    /// Its name.
    pub name: String,
    /// What it may do.
    pub scopes: ApiScopes,
    /// The networks that it may come from; empty for any.
    pub networks: Vec<IpNet>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is refused, if ever.
    pub expires_at: Option<Timestamp>,
    /// When it was used last, to a minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
}

/// Whether a key is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ApiKeyState {
    /// It is.
    Active,
    /// Its time is over.
    Expired,
    /// It was revoked.
    Revoked,
}

impl ApiKeyState {
    /// The word on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Expired => "expired",
            Self::Revoked => "revoked",
        }
    }
}

impl ApiKeyRecord {
    /// The state at a moment.
    #[must_use]
    pub fn state(&self, now: Timestamp) -> ApiKeyState {
        match (self.revoked_at, self.expires_at) {
            (Some(_), _) => ApiKeyState::Revoked,
            (None, Some(end)) if end <= now => ApiKeyState::Expired,
            (None, _) => ApiKeyState::Active,
        }
    }

    /// Whether the key may come from an address. An unknown one is in no network.
    #[must_use]
    pub fn admits(&self, address: Option<IpAddr>) -> bool {
        self.networks.is_empty()
            || address.is_some_and(|address| self.networks.iter().any(|network| network.contains(&address)))
    }

    /// The networks as text.
    #[must_use]
    pub fn networks_text(&self) -> String {
        self.networks.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_000_000);

    fn key(networks: &[&str]) -> ApiKeyRecord {
        ApiKeyRecord {
            id: ApiKeyId::random(),
            name: "billing".to_owned(),
            scopes: ApiScopes::default(),
            networks: networks.iter().map(|network| network.parse().unwrap()).collect(),
            created_at: NOW,
            expires_at: None,
            last_used_at: None,
            revoked_at: None,
        }
    }

    #[test]
    fn a_key_is_refused_from_its_last_moment_on_and_once_it_is_revoked() {
        let expiring = ApiKeyRecord { expires_at: Some(NOW), ..key(&[]) };
        assert_eq!(expiring.state(Timestamp::from_seconds(999_999)), ApiKeyState::Active);
        assert_eq!(expiring.state(NOW), ApiKeyState::Expired);
        let revoked = ApiKeyRecord { revoked_at: Some(NOW), ..expiring };
        assert_eq!(revoked.state(Timestamp::from_seconds(0)), ApiKeyState::Revoked);
    }

    #[test]
    fn networks_admit_their_addresses_and_no_unknown_one() {
        let at = |text: &str| Some(text.parse().unwrap());
        assert!(key(&[]).admits(at("203.0.113.7")) && key(&[]).admits(None));
        let limited = key(&["10.0.0.0/8", "2001:db8::/32"]);
        assert!(limited.admits(at("10.1.2.3")) && limited.admits(at("2001:db8::1")));
        assert!(
            !limited.admits(at("11.0.0.1")) && !limited.admits(at("2001:db9::1")) && !limited.admits(None)
        );
        assert_eq!(limited.networks_text(), "10.0.0.0/8, 2001:db8::/32");
    }

    #[test]
    fn a_name_is_one_line() {
        assert_eq!(ApiKeyName::parse(" billing \n").unwrap().as_str(), "billing");
        for name in ["", "  ", "a\nb", "a\u{7}b", &"é".repeat(101)] {
            assert_eq!(ApiKeyName::parse(name), None, "{name:?}");
        }
    }
}
