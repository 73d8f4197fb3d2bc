//! How many logins may fail: leaky buckets, one for the account that was named and one for
//! the address it came from; and how many tokens may be bad, by address. Pure arithmetic;
//! `accounts` asks and `store::throttles` keeps the numbers, so that every process on one
//! database sees them.
//!
//! A bucket holds `capacity` failures and leaks one every `window / capacity`. A person who
//! mistypes a few times never notices it; a guesser gets `capacity` tries a window.

use std::net::IpAddr;
use std::time::Duration;

use crate::types::{Identifier, Timestamp};

/// The rules for one kind of bucket.
#[derive(Clone, Copy, Debug)]
struct Rule {
    capacity: u32,
    window: Duration,
}

/// A bucket that a login attempt falls into.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// Its name in the store.
    pub name: String,
    rule: Rule,
}

/// The limits in force.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    account: Rule,
    address: Rule,
    tokens: Rule,
    enabled: bool,
}

impl Limits {
    /// `account` and `address` failures, and `tokens` that are not good, are forgiven within `window`.
    #[must_use]
    pub const fn new(enabled: bool, account: u32, address: u32, tokens: u32, window: Duration) -> Self {
        Self {
            enabled,
            account: Rule { capacity: account, window },
            address: Rule { capacity: address, window },
            tokens: Rule { capacity: tokens, window },
        }
    }

    /// The buckets of an attempt; none if limits are off.
    ///
    /// The account's bucket goes by what was typed, with letter case folded, and not by whom
    /// it means: so it is the same whether or not there is such a user, and a name cannot be
    /// told to belong to an address. It is hashed, because people type passwords there.
    #[must_use]
    pub fn buckets(&self, identifier: &Identifier, address: Option<IpAddr>) -> Vec<Bucket> {
        if !self.enabled {
            return Vec::new();
        }
        let account = format!("account:{:032x}", identifier.fingerprint());
        let mut buckets = vec![Bucket { name: account, rule: self.account }];
        buckets.extend(address.map(|address| Bucket { name: address_bucket(address), rule: self.address }));
        buckets
    }

    /// The bucket of a token that somebody shows who need not log in for it; none if limits are off.
    #[must_use]
    pub fn token_buckets(&self, address: Option<IpAddr>) -> Vec<Bucket> {
        let address = address.filter(|_| self.enabled);
        let bucket =
            |address| Bucket { name: format!("token:{}", address_bucket(address)), rule: self.tokens };
        address.map(bucket).into_iter().collect()
    }
}

impl Bucket {
    /// How long until one more failure fits; `None` if it fits now.
    #[must_use]
    pub fn wait(&self, empty_at: Option<Timestamp>, now: Timestamp) -> Option<Duration> {
        let room_at = self.one_more(empty_at, now);
        let wait = room_at.since(now.plus(self.rule.window));
        (!wait.is_zero()).then_some(wait)
    }

    /// When the bucket will be empty after one more failure.
    #[must_use]
    pub fn one_more(&self, empty_at: Option<Timestamp>, now: Timestamp) -> Timestamp {
        let drop = self.rule.window / self.rule.capacity.max(1);
        empty_at.map_or(now, |then| then.max(now)).plus(drop)
    }
}

/// One number for an IPv4 address, one for an IPv6 /64: the smallest net that one subscriber gets
/// (RFC 6177). The two kinds never meet: a /64 with nothing but zeros in its upper half is nobody's.
#[must_use]
pub fn subscriber(address: IpAddr) -> u64 {
    match address.to_canonical() {
        IpAddr::V4(v4) => u64::from(v4.to_bits()),
        IpAddr::V6(v6) => (v6.to_bits() >> 64) as u64,
    }
}

fn address_bucket(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => format!("address:{v4}"),
        v6 => format!("address:{:016x}/64", subscriber(v6)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_seconds(1_000_000);

    fn bucket(capacity: u32) -> Bucket {
        Bucket { name: "b".into(), rule: Rule { capacity, window: Duration::from_secs(300) } }
    }

    fn fail(bucket: &Bucket, times: u32, now: Timestamp) -> Option<Timestamp> {
        (0..times).fold(None, |empty_at, _| Some(bucket.one_more(empty_at, now)))
    }

    #[test]
    fn failures_up_to_the_capacity_fit_and_the_next_one_waits_for_a_drop_to_leak() {
        let bucket = bucket(10);
        assert_eq!(bucket.wait(fail(&bucket, 9, START), START), None);
        assert_eq!(bucket.wait(fail(&bucket, 10, START), START), Some(Duration::from_secs(30)));
    }

    #[test]
    fn waiting_as_long_as_said_makes_room_for_exactly_one() {
        let bucket = bucket(10);
        let full = fail(&bucket, 10, START);
        let wait = bucket.wait(full, START).unwrap();
        let later = START.plus(wait);
        assert_eq!(bucket.wait(full, later), None);
        assert!(bucket.wait(Some(bucket.one_more(full, later)), later).is_some());
    }

    #[test]
    fn a_bucket_left_alone_for_a_window_is_empty() {
        let bucket = bucket(3);
        let later = START.plus(Duration::from_secs(300));
        assert_eq!(bucket.wait(fail(&bucket, 3, START), later), None);
        assert_eq!(bucket.one_more(fail(&bucket, 3, START), later), bucket.one_more(None, later));
    }

    #[test]
    fn letter_case_and_spaces_do_not_make_another_account() {
        let limits = Limits::new(true, 1, 1, 1, Duration::from_secs(1));
        let name = |text: &str| limits.buckets(&Identifier::new(text.to_owned()), None)[0].name.clone();
        assert_eq!(name("Alice@Example.com"), name(" alice@example.com"));
        assert_ne!(name("alice"), name("bob"));
        assert!(!name("alice").contains("alice"));
    }

    #[test]
    fn neighbours_in_one_ipv6_subnet_share_a_bucket_and_mapped_addresses_are_ipv4() {
        let of = |text: &str| address_bucket(text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("::ffff:10.0.0.1"), of("10.0.0.1"));
    }

    #[test]
    fn switched_off_there_are_no_buckets() {
        let limits = Limits::new(false, 1, 1, 1, Duration::from_secs(1));
        let address = "10.0.0.1".parse().ok();
        assert!(limits.buckets(&Identifier::new("alice"), address).is_empty());
        assert!(limits.token_buckets(address).is_empty());
    }
}
