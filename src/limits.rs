//! How many logins may fail, and how many registrations be tried and mails be asked for: leaky buckets,
//! one for the account that was named and one for the address it came from; and how many tokens may be
//! bad, by address. Pure arithmetic; `accounts` asks and `store::throttles` keeps the numbers, so that every
//! process on one database sees them.
//!
//! A bucket holds `capacity` attempts and leaks one every `window / capacity`. A person who
//! mistypes a few times never notices it; a guesser gets `capacity` tries a window.

use std::net::IpAddr;
use std::time::Duration;

use crate::types::{Email, Identifier, Timestamp, UserId};

/// The rules for one kind of bucket.
#[derive(Clone, Copy, Debug)]
struct Rule {
    capacity: u32,
    window: Duration,
}

/// A bucket that an attempt falls into.
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
    registrations: [Rule; 2],
    letters: [Rule; 2],
    enabled: bool,
}

impl Limits {
    /// `account` and `address` failures, and `tokens` that are not good, are forgiven within `window`;
    /// for registrations and mails, the first two numbers hold until [`Self::with_registrations`] and
    /// [`Self::with_mails`] say others.
    #[must_use]
    pub const fn new(enabled: bool, account: u32, address: u32, tokens: u32, window: Duration) -> Self {
        let (account, address) = (Rule { capacity: account, window }, Rule { capacity: address, window });
        let tokens = Rule { capacity: tokens, window };
        let both = [account, address];
        Self { enabled, account, address, tokens, registrations: both, letters: both }
    }

    /// As many registrations of one `account` and from one `address` within `window`.
    #[must_use]
    pub const fn with_registrations(self, account: u32, address: u32, window: Duration) -> Self {
        let registrations = [Rule { capacity: account, window }, Rule { capacity: address, window }];
        Self { registrations, ..self }
    }

    /// As many mails to one `account` and from one `address` may be asked for within `window`.
    #[must_use]
    pub const fn with_mails(self, account: u32, address: u32, window: Duration) -> Self {
        let letters = [Rule { capacity: account, window }, Rule { capacity: address, window }];
        Self { letters, ..self }
    }

    /// The buckets of a login; none if limits are off.
    ///
    /// The account's bucket goes by what was typed, with letter case folded, and not by whom
    /// it means: so it is the same whether or not there is such a user, and a name cannot be
    /// told to belong to an address. It is hashed, because people type passwords there.
    #[must_use]
    pub fn buckets(&self, fingerprint: u128, address: Option<IpAddr>) -> Vec<Bucket> {
        let account = format!("account:{fingerprint:032x}");
        self.both((account, self.account), address.map(|address| (address_bucket(address), self.address)))
    }

    /// How long no login is let in from an address whose bucket will be empty at `empty_at`; `None` if one
    /// is now.
    #[must_use]
    pub fn address_wait(&self, empty_at: Timestamp, now: Timestamp) -> Option<Duration> {
        let bucket = Bucket { name: String::new(), rule: self.address };
        bucket.wait(Some(empty_at), now).filter(|_| self.enabled)
    }

    /// The buckets of a guess at the password of somebody who is logged in. A guess counts as a failed
    /// login does, but fills no bucket that would keep the owner from logging in.
    #[must_use]
    pub fn old_password(&self, user: UserId, address: Option<IpAddr>) -> Vec<Bucket> {
        let account = format!("old-password:{user}");
        self.both((account, self.account), address.map(|address| (address_bucket(address), self.address)))
    }

    /// The buckets of a registration: the email goes by what was typed, as a login's name does.
    #[must_use]
    pub fn registration(&self, email: Option<&Email>, address: Option<IpAddr>) -> Vec<Bucket> {
        let of = |email: &Email| Identifier::new(email.as_str()).fingerprint();
        let account = email.map(|email| format!("registration:{:032x}", of(email)));
        self.registered(account, address)
    }

    /// The buckets of a change of an email, which sends mail and tells of others as a registration does.
    #[must_use]
    pub fn email_change(&self, user: UserId, address: Option<IpAddr>) -> Vec<Bucket> {
        self.registered(Some(format!("email-change:{user}")), address)
    }

    /// The bucket of the mail to somebody with whose address another registers: one a window.
    #[must_use]
    pub fn already_registered(&self, user: UserId) -> Vec<Bucket> {
        let [rule, _] = self.registrations;
        self.both((format!("already-registered:{user}"), Rule { capacity: 1, ..rule }), None)
    }

    /// The buckets of a mail that somebody asks for: as with a login, the account goes by the address
    /// that was typed. Each kind of mail has buckets of its own.
    #[must_use]
    pub fn letters(&self, kind: &str, email: &Email, address: Option<IpAddr>) -> Vec<Bucket> {
        let [of_account, of_address] = self.letters;
        let account = Identifier::new(email.as_str()).fingerprint();
        let address = address.map(|address| (format!("{kind}-{}", address_bucket(address)), of_address));
        self.both((format!("{kind}:{account:032x}"), of_account), address)
    }

    fn registered(&self, account: Option<String>, address: Option<IpAddr>) -> Vec<Bucket> {
        let [of_account, of_address] = self.registrations;
        let address =
            address.map(|address| (format!("registration-{}", address_bucket(address)), of_address));
        self.both(account.map(|name| (name, of_account)), address)
    }

    fn both(
        &self,
        account: impl Into<Option<(String, Rule)>>,
        address: Option<(String, Rule)>,
    ) -> Vec<Bucket> {
        let named = account.into().into_iter().chain(address);
        named.filter(|_| self.enabled).map(|(name, rule)| Bucket { name, rule }).collect()
    }

    /// The bucket of a token that somebody shows who need not log in for it; none if limits are off.
    #[must_use]
    pub fn token_buckets(&self, address: Option<IpAddr>) -> Vec<Bucket> {
        let bucket = |address| (format!("token:{}", address_bucket(address)), self.tokens);
        self.both(None, address.map(bucket))
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
pub(crate) fn subscriber(address: IpAddr) -> u64 {
    match address.to_canonical() {
        IpAddr::V4(v4) => u64::from(v4.to_bits()),
        IpAddr::V6(v6) => (v6.to_bits() >> 64) as u64,
    }
}

fn address_bucket(address: IpAddr) -> String {
    format!("address:{}", net(address))
}

/// What an address is counted as: itself, or its subscriber's net.
#[must_use]
pub(crate) fn net(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(v4) => v4.to_string(),
        v6 => format!("{:016x}/64", subscriber(v6)),
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
        let name =
            |text: &str| limits.buckets(Identifier::new(text.to_owned()).fingerprint(), None)[0].name.clone();
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
    fn guesses_registrations_mails_and_logins_have_buckets_of_their_own() {
        let limits = Limits::new(true, 1, 1, 1, Duration::from_secs(1));
        let email = Email::parse("alice@example.com").unwrap();
        let mut names: Vec<String> = [
            limits.buckets(Identifier::new(email.as_str()).fingerprint(), None),
            limits.registration(Some(&email), None),
            limits.old_password(UserId::new(7), None),
            limits.email_change(UserId::new(7), None),
            limits.letters("a", &email, None),
            limits.letters("b", &email, None),
        ]
        .into_iter()
        .flatten()
        .map(|bucket| bucket.name)
        .collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 6);
    }

    #[test]
    fn switched_off_there_are_no_buckets() {
        let limits = Limits::new(false, 1, 1, 1, Duration::from_secs(1));
        let address = "10.0.0.1".parse().ok();
        assert!(limits.buckets(Identifier::new("alice").fingerprint(), address).is_empty());
        assert!(limits.token_buckets(address).is_empty());
    }
}
