//! Rate limits, as leaky buckets: failed logins, registrations and requested mails, each with a bucket for
//! the account and one for the IP address; bad tokens, with one for the IP address; and refreshes, with one for
//! the session. Pure arithmetic:
//! `accounts` asks, and `store::throttles` holds the numbers, so that every process on one database sees
//! them.
//!
//! A bucket holds `capacity` attempts and leaks one every `window / capacity`. A user who mistypes a few
//! times never notices it; an attacker has `capacity` tries a window.

use std::net::IpAddr;
use std::time::Duration;

use crate::types::{Email, Identifier, Timestamp, UserId};

/// The size of one kind of bucket.
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

/// How many attempts of one kind are allowed within a window.
#[derive(Clone, Copy, Debug)]
pub struct RateLimit {
    /// For one account.
    pub per_account: u32,
    /// From one IP address.
    pub per_address: u32,
    /// How long an attempt counts.
    pub window: Duration,
}

/// The limits in force.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Whether anything is limited.
    pub enabled: bool,
    /// Failed logins.
    pub failed_logins: RateLimit,
    /// Bad tokens from one IP address, within the window of failed logins.
    pub bad_tokens_per_address: u32,
    /// Registrations, and changes of an email address.
    pub registrations: RateLimit,
    /// Requested mails of one kind.
    pub mails: RateLimit,
    /// How often one session may refresh within the window.
    pub refreshes_per_session: u32,
    /// How long a refresh counts.
    pub refreshes_window: Duration,
    /// The most sessions of one account.
    pub sessions_per_account: u32,
    /// How many logins of one account within an hour are recorded one by one.
    pub recorded_logins_per_account: u32,
}

impl RateLimit {
    const fn account(self) -> Rule {
        Rule { capacity: self.per_account, window: self.window }
    }

    const fn address(self) -> Rule {
        Rule { capacity: self.per_address, window: self.window }
    }
}

impl Limits {
    /// The buckets of a login; none if limits are off.
    ///
    /// The account's bucket depends on the fingerprint of the text that was typed, in lower case, and not on
    /// a user: so it is the same whether or not there is such a user, and does not reveal which name and
    /// email address belong together. It is a hash, because people type passwords there.
    #[must_use]
    pub fn login(&self, fingerprint: u128, address: Option<IpAddr>) -> Vec<Bucket> {
        self.failed_login(format!("account:{:032x}", fingerprint), address)
    }

    /// How long all logins are refused from an address whose bucket will be empty at `empty_at`; `None` if
    /// none are.
    #[must_use]
    pub fn address_wait(&self, empty_at: Timestamp, now: Timestamp) -> Option<Duration> {
        let bucket = Bucket { name: String::new(), rule: self.failed_logins.address() };
        bucket.wait(Some(empty_at), now).filter(|_| self.enabled)
    }

    /// The buckets of a current password that a logged-in user types. A wrong one counts as a failed login,
    /// but fills no bucket that would keep the owner from logging in.
    #[must_use]
    pub fn old_password(&self, user: UserId, address: Option<IpAddr>) -> Vec<Bucket> {
        self.failed_login(format!("old-password:{user}"), address)
    }

    /// The buckets of a registration. The account's bucket depends on the email address that was typed.
    #[must_use]
    pub fn registration(&self, email: Option<&Email>, address: Option<IpAddr>) -> Vec<Bucket> {
        let account = email.map(|email| format!("registration:{:032x}", fingerprint(email)));
        self.registration_buckets(account, address)
    }

    /// The buckets of a change of an email address, which sends mail and reveals other accounts as a
    /// registration does.
    #[must_use]
    pub fn email_change(&self, user: UserId, address: Option<IpAddr>) -> Vec<Bucket> {
        self.registration_buckets(Some(format!("email-change:{user}")), address)
    }

    /// The buckets of a change of a username, which reveals other accounts as a registration does.
    #[must_use]
    pub fn name_change(&self, user: UserId, address: Option<IpAddr>) -> Vec<Bucket> {
        self.registration_buckets(Some(format!("name-change:{user}")), address)
    }

    /// The bucket of changes of the own password, each of which sends a mail.
    #[must_use]
    pub fn password_change(&self, user: UserId) -> Vec<Bucket> {
        self.registration_buckets(Some(format!("password-change:{user}")), None)
    }

    /// The bucket of the refreshes of one session, which is stored with the session; `None` if limits are
    /// off.
    #[must_use]
    pub fn refresh(&self) -> Option<Bucket> {
        let rule = Rule { capacity: self.refreshes_per_session, window: self.refreshes_window };
        self.enabled.then(|| Bucket { name: String::new(), rule })
    }

    /// The most sessions of one account; `None` if limits are off.
    #[must_use]
    pub fn sessions(&self) -> Option<u32> {
        self.enabled.then_some(self.sessions_per_account)
    }

    /// The buckets that show an attack: the beginning of their names, and after which moment one of them that
    /// becomes empty is full at `now`. First those of IP addresses, then those of names.
    #[must_use]
    pub fn full_after(&self, now: Timestamp) -> [Vec<(&'static str, Timestamp)>; 2] {
        let full_after = |rule: Rule| now.plus(rule.window - rule.window / rule.capacity.max(1));
        let tokens = Rule { capacity: self.bad_tokens_per_address, window: self.failed_logins.window };
        let addresses = vec![
            ("address:", full_after(self.failed_logins.address())),
            ("token:address:", full_after(tokens)),
            ("registration-address:", full_after(self.registrations.address())),
        ];
        [addresses, vec![("account:", full_after(self.failed_logins.account()))]]
    }

    /// The bucket of the mail to the owner of an email address that another client registers with: one a
    /// window.
    #[must_use]
    pub fn already_registered(&self, user: UserId) -> Vec<Bucket> {
        let rule = Rule { capacity: 1, window: self.registrations.window };
        self.enabled_only([Some((format!("already-registered:{user}"), rule)), None])
    }

    /// The buckets of a requested mail. The account's bucket depends on the email address that was typed.
    /// Each kind of mail has buckets of its own.
    #[must_use]
    pub fn requested_mail(&self, kind: &str, email: &Email, address: Option<IpAddr>) -> Vec<Bucket> {
        let account = (format!("{kind}:{:032x}", fingerprint(email)), self.mails.account());
        let by_address = |address| (format!("{kind}-{}", address_bucket(address)), self.mails.address());
        self.enabled_only([Some(account), address.map(by_address)])
    }

    /// The bucket of a token or key that is presented without a login; none if limits are off.
    #[must_use]
    pub fn token(&self, address: Option<IpAddr>) -> Vec<Bucket> {
        let rule = Rule { capacity: self.bad_tokens_per_address, window: self.failed_logins.window };
        let by_address = |address| (format!("token:{}", address_bucket(address)), rule);
        self.enabled_only([None, address.map(by_address)])
    }

    fn failed_login(&self, account: String, address: Option<IpAddr>) -> Vec<Bucket> {
        let by_address = |address| (address_bucket(address), self.failed_logins.address());
        self.enabled_only([Some((account, self.failed_logins.account())), address.map(by_address)])
    }

    fn registration_buckets(&self, account: Option<String>, address: Option<IpAddr>) -> Vec<Bucket> {
        let by_address =
            |address| (format!("registration-{}", address_bucket(address)), self.registrations.address());
        let account = account.map(|name| (name, self.registrations.account()));
        self.enabled_only([account, address.map(by_address)])
    }

    fn enabled_only(&self, buckets: [Option<(String, Rule)>; 2]) -> Vec<Bucket> {
        let named = buckets.into_iter().flatten().filter(|_| self.enabled);
        named.map(|(name, rule)| Bucket { name, rule }).collect()
    }
}

impl Bucket {
    /// How long until there is room for one more attempt; `None` if there is now.
    #[must_use]
    pub fn wait(&self, empty_at: Option<Timestamp>, now: Timestamp) -> Option<Duration> {
        let room_at = self.after_one_more(empty_at, now);
        let wait = room_at.since(now.plus(self.rule.window));
        (!wait.is_zero()).then_some(wait)
    }

    /// When the bucket will be empty after one more attempt.
    #[must_use]
    pub fn after_one_more(&self, empty_at: Option<Timestamp>, now: Timestamp) -> Timestamp {
        let drop = self.rule.window / self.rule.capacity.max(1);
        // Fuller than full is full: a clock that was ahead wrote the level, or one of another replica is.
        empty_at.map_or(now, |then| then.clamp(now, now.plus(self.rule.window))).plus(drop)
    }
}

/// One number for an IPv4 address, one for an IPv6 /64: the smallest net that one subscriber gets
/// (RFC 6177). The two kinds cannot be equal: no subscriber has a /64 whose upper half is all zeros.
#[must_use]
pub(crate) fn subscriber(address: IpAddr) -> u64 {
    match address.to_canonical() {
        IpAddr::V4(v4) => u64::from(v4.to_bits()),
        IpAddr::V6(v6) => (v6.to_bits() >> 64) as u64,
    }
}

fn fingerprint(email: &Email) -> u128 {
    Identifier::new(email.as_str()).fingerprint()
}

fn address_bucket(address: IpAddr) -> String {
    format!("address:{}", net(address))
}

/// The key under which an address is counted: itself, or the /64 of its subscriber.
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

    /// One attempt of each kind a second.
    const ONE: RateLimit = RateLimit { per_account: 1, per_address: 1, window: Duration::from_secs(1) };
    const LIMITS: Limits = Limits {
        enabled: true,
        failed_logins: ONE,
        bad_tokens_per_address: 1,
        registrations: ONE,
        mails: ONE,
        refreshes_per_session: 1,
        refreshes_window: Duration::from_secs(1),
        sessions_per_account: 1,
        recorded_logins_per_account: 1,
    };

    fn bucket(capacity: u32) -> Bucket {
        Bucket { name: "b".into(), rule: Rule { capacity, window: Duration::from_secs(300) } }
    }

    fn fail(bucket: &Bucket, times: u32, now: Timestamp) -> Option<Timestamp> {
        (0..times).fold(None, |empty_at, _| Some(bucket.after_one_more(empty_at, now)))
    }

    #[test]
    fn attempts_up_to_the_capacity_have_room_and_the_next_one_waits_for_a_leak() {
        let bucket = bucket(10);
        assert_eq!(bucket.wait(fail(&bucket, 9, START), START), None);
        assert_eq!(bucket.wait(fail(&bucket, 10, START), START), Some(Duration::from_secs(30)));
    }

    #[test]
    fn the_wait_makes_room_for_exactly_one_attempt() {
        let bucket = bucket(10);
        let full = fail(&bucket, 10, START);
        let wait = bucket.wait(full, START).unwrap();
        let later = START.plus(wait);
        assert_eq!(bucket.wait(full, later), None);
        assert!(bucket.wait(Some(bucket.after_one_more(full, later)), later).is_some());
    }

    #[test]
    fn a_bucket_is_empty_after_a_window_without_attempts() {
        let bucket = bucket(3);
        let later = START.plus(Duration::from_secs(300));
        assert_eq!(bucket.wait(fail(&bucket, 3, START), later), None);
        assert_eq!(bucket.after_one_more(fail(&bucket, 3, START), later), bucket.after_one_more(None, later));
    }

    #[test]
    fn a_bucket_that_is_fuller_than_full_asks_for_no_more_than_a_full_one() {
        let bucket = bucket(10);
        let full = bucket.wait(fail(&bucket, 10, START), START);
        for ahead in [1, 300, 7200, 86_400, 366 * 86_400] {
            let level = fail(&bucket, 10, START.plus(Duration::from_secs(ahead)));
            assert_eq!(bucket.wait(level, START), full, "{ahead} s");
        }
    }

    #[test]
    fn letter_case_and_spaces_do_not_change_the_bucket_of_an_account() {
        let name =
            |text: &str| LIMITS.login(Identifier::new(text.to_owned()).fingerprint(), None)[0].name.clone();
        assert_eq!(name("Alice@Example.com"), name(" alice@example.com"));
        assert_ne!(name("alice"), name("bob"));
        assert!(!name("alice").contains("alice"));
    }

    #[test]
    fn neighbours_in_one_ipv6_subnet_share_a_bucket_and_mapped_addresses_are_ipv4() {
        let name = |text: &str| address_bucket(text.parse().unwrap());
        assert_eq!(name("2001:db8:1:2::1"), name("2001:db8:1:2:ffff::9"));
        assert_ne!(name("2001:db8:1:2::1"), name("2001:db8:1:3::1"));
        assert_eq!(name("::ffff:10.0.0.1"), name("10.0.0.1"));
    }

    #[test]
    fn old_passwords_registrations_mails_and_logins_have_buckets_of_their_own() {
        let email = Email::parse("alice@example.com").unwrap();
        let mut names: Vec<String> = [
            LIMITS.login(fingerprint(&email), None),
            LIMITS.registration(Some(&email), None),
            LIMITS.old_password(UserId::new(7), None),
            LIMITS.email_change(UserId::new(7), None),
            LIMITS.name_change(UserId::new(7), None),
            LIMITS.password_change(UserId::new(7)),
            LIMITS.requested_mail("a", &email, None),
            LIMITS.requested_mail("b", &email, None),
        ]
        .into_iter()
        .flatten()
        .map(|bucket| bucket.name)
        .collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 8);
    }

    #[test]
    fn a_bucket_counts_as_full_from_the_attempt_on_that_leaves_no_room() {
        let limits = Limits {
            failed_logins: RateLimit { per_account: 10, per_address: 3, window: Duration::from_secs(300) },
            ..LIMITS
        };
        let [addresses, names] = limits.full_after(START);
        for (kind, capacity) in [(&addresses[0], 3), (&names[0], 10)] {
            let bucket = bucket(capacity);
            let is_full = |attempts| fail(&bucket, attempts, START).unwrap() > kind.1;
            assert!(!is_full(capacity - 1) && is_full(capacity), "{}", kind.0);
        }
    }

    #[test]
    fn disabled_limits_have_no_buckets() {
        let limits = Limits { enabled: false, ..LIMITS };
        let address = "10.0.0.1".parse().ok();
        assert!(limits.login(Identifier::new("alice").fingerprint(), address).is_empty());
        assert!(limits.token(address).is_empty());
        assert!(limits.refresh().is_none() && limits.sessions().is_none());
    }
}
