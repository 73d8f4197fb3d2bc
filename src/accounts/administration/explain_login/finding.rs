//! What `explain_login` finds, and how it is said.

use std::time::Duration;

use crate::accounts::administration::deactivation::Deactivation;
use crate::accounts::password::hash_words::{hash_in_words, unreadable_hash};
use crate::passwords::formats::{Encoding, Unreadable};
use crate::store::tables::mails::DeliveryState;
use crate::texts::Lang;
use crate::types::{Timestamp, UserId};

/// One fact that matters for a login.
#[derive(Clone, Debug)]
pub(crate) enum LoginFinding {
    /// No user has this identifier.
    UnknownUser,
    /// The identifier is this user's name but for letter case.
    WrongCase(UserId, String),
    /// The identifier is this user's without the invisible characters in it.
    InvisibleCharacters(UserId, String),
    /// The identifier is the name of this user.
    ByName(String),
    /// The identifier is the address of this user.
    ByEmail(String),
    /// The identifier means two users.
    TwoUsers,
    /// This user is inactive, with what the audit log has about the deactivation.
    Inactive(String, Option<Deactivation>),
    /// This user is to be deleted at this moment, as requested.
    ToBeDeleted(String, Timestamp),
    /// Too many logins with the identifier failed; how long until the next may be tried.
    Throttled(Duration),
    /// The newest entry of the audit log lies this far in the future, so limits may be wrong.
    ClockWasAhead(Duration),
    /// Too many logins with this other identifier of the user failed; how long until the next may be tried.
    OtherThrottled(String, Duration),
    /// So many passwords of this user were wrong that none is accepted from unknown networks; for how long.
    GuessedOut(String, Duration),
    /// So many passwords of this user were wrong that none is accepted from anywhere; for how long.
    GuessedOutEverywhere(String, Duration),
    /// Too many logins of this user failed from this network, where the user logged in before; how long until the
    /// next may be tried.
    KnownThrottled(String, String, Duration),
    /// Too many logins from this address failed, of this user among others; how long it is throttled.
    AddressThrottled(String, Duration),
    /// The number of throttled addresses that did not try this user, and the longest time.
    AddressesThrottled(u64, Duration),
    /// The address is invited: when the invitation was sent, when it expires, and the state of its mail if
    /// that is still stored.
    Invited(Timestamp, Timestamp, Option<DeliveryState>),
    /// The hash is unreadable: every password is wrong.
    BadHash(Unreadable),
    /// The hash.
    GoodHash(Encoding),
    /// The address is not confirmed, and whether that prevents a login.
    Unconfirmed(bool),
    /// How many of the last logins failed; the time and the address of the last of them.
    Failures(u64, Timestamp, Option<String>),
    /// The last successful login.
    LastLogin(Option<Timestamp>),
}

impl LoginFinding {
    /// Whether `unblock` changes it.
    #[must_use]
    pub(crate) const fn is_rate_limit(&self) -> bool {
        matches!(
            self,
            Self::Throttled(_)
                | Self::OtherThrottled(..)
                | Self::GuessedOut(..)
                | Self::GuessedOutEverywhere(..)
                | Self::KnownThrottled(..)
        )
    }

    /// Whether it prevents a login.
    #[must_use]
    pub(crate) const fn is_obstacle(&self) -> bool {
        matches!(
            self,
            Self::UnknownUser
                | Self::WrongCase(..)
                | Self::InvisibleCharacters(..)
                | Self::Invited(..)
                | Self::AddressThrottled(..)
                | Self::KnownThrottled(..)
                | Self::GuessedOutEverywhere(..)
                | Self::Inactive(..)
                | Self::ToBeDeleted(..)
                | Self::Throttled(_)
                | Self::BadHash(_)
                | Self::Unconfirmed(true)
        )
    }

    /// The code of the finding in JSON.
    #[must_use]
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::UnknownUser => "nobody",
            Self::WrongCase(..) => "wrong-case",
            Self::InvisibleCharacters(..) => "unseen-characters",
            Self::ByName(_) => "by-name",
            Self::ByEmail(_) => "by-email",
            Self::TwoUsers => "two-users",
            Self::Inactive(..) => "inactive",
            Self::ToBeDeleted(..) => "to-be-deleted",
            Self::Throttled(_) => "throttled",
            Self::ClockWasAhead(_) => "clock-was-ahead",
            Self::OtherThrottled(..) => "other-throttled",
            Self::GuessedOut(..) => "guessed-out",
            Self::GuessedOutEverywhere(..) => "guessed-out-everywhere",
            Self::KnownThrottled(..) => "known-throttled",
            Self::AddressThrottled(..) => "address-throttled",
            Self::AddressesThrottled(..) => "addresses-throttled",
            Self::Invited(..) => "invited",
            Self::BadHash(_) => "bad-hash",
            Self::GoodHash(..) => "good-hash",
            Self::Unconfirmed(_) => "unconfirmed",
            Self::Failures(..) => "failures",
            Self::LastLogin(_) => "last-login",
        }
    }

    /// The finding as text, with times relative to `now`.
    #[must_use]
    pub(crate) fn text(&self, t: Lang, now: Timestamp) -> String {
        match self {
            Self::UnknownUser => t.finding_unknown().to_owned(),
            Self::WrongCase(_, name) => t.finding_case(name),
            Self::InvisibleCharacters(_, name) => t.finding_invisible(name),
            Self::ByName(name) => t.finding_by_name(name),
            Self::ByEmail(name) => t.finding_by_email(name),
            Self::TwoUsers => t.finding_ambiguous().to_owned(),
            Self::Inactive(name, None) => t.finding_inactive(name),
            Self::Inactive(name, Some(deactivation)) => {
                format!("{} {}", t.finding_inactive(name), deactivation.text(t, now))
            }
            Self::ToBeDeleted(name, due) => t.finding_to_be_deleted(name, t.date(*due)),
            Self::Throttled(wait) => t.finding_throttled(t.span(*wait)),
            Self::ClockWasAhead(ahead) => t.finding_clock(t.span(*ahead)),
            Self::OtherThrottled(other, wait) => t.finding_other_throttled(other, t.span(*wait)),
            Self::GuessedOut(name, wait) => t.finding_guessed_out(name, t.span(*wait)),
            Self::GuessedOutEverywhere(name, wait) => t.finding_guessed_out_everywhere(name, t.span(*wait)),
            Self::KnownThrottled(name, network, wait) => {
                t.finding_known_throttled(name, network, t.span(*wait))
            }
            Self::AddressThrottled(address, wait) => t.finding_address_throttled(address, t.span(*wait)),
            Self::AddressesThrottled(count, wait) => {
                format!("{} {}", t.finding_addresses(count), t.finding_addresses_wait(t.span(*wait)))
            }
            Self::Invited(at, until, mail) => invited(t, now, *at, *until, *mail),
            Self::BadHash(why) => t.finding_hash_bad(unreadable_hash(t, *why)),
            Self::GoodHash(hash @ Encoding::Bcrypt(_)) => t.finding_hash_good(hash_in_words(t, hash)),
            Self::GoodHash(hash) => t.finding_hash_foreign(hash_in_words(t, hash)),
            Self::Unconfirmed(true) => t.finding_must_confirm().to_owned(),
            Self::Unconfirmed(false) => t.finding_unconfirmed().to_owned(),
            Self::Failures(count, at, address) => {
                let address = address.as_deref().unwrap_or(t.finding_unknown_address());
                format!("{} {}", t.finding_failures(count), t.finding_last_failure(t.ago(*at, now), address))
            }
            Self::LastLogin(Some(at)) => t.finding_last_login(t.ago(*at, now)),
            Self::LastLogin(None) => t.finding_no_login().to_owned(),
        }
    }
}

fn invited(t: Lang, now: Timestamp, at: Timestamp, until: Timestamp, mail: Option<DeliveryState>) -> String {
    let open = t.finding_invited(t.ago(at, now), t.from_now(until, now));
    match mail {
        Some(DeliveryState::Dead) => format!("{open} {}", t.finding_invited_failed()),
        Some(DeliveryState::Dropped) => format!("{open} {}", t.finding_invited_dropped()),
        Some(DeliveryState::Waiting) => format!("{open} {}", t.finding_invited_waiting()),
        Some(DeliveryState::Sent) | None => open,
    }
}
