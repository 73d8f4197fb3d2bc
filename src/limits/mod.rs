//! Rate limits, as leaky buckets: wrong passwords, registrations and requested mails, each with buckets for
//! the account and for the network of the client; bad tokens, with those for the network; and refreshes, with one
//! for the session. Pure arithmetic:
//! `accounts` asks, and `store::throttles` holds the numbers, so that every process on one database sees
//! them.
//!
//! A bucket holds `capacity` attempts and leaks one every `window / capacity`. A user who mistypes a few
//! times never notices it; an attacker has `capacity` tries a window.

mod bucket;

use std::net::{IpAddr, Ipv4Addr};
use std::time::Duration;

use bucket::BucketSize;

pub(crate) use bucket::Bucket;

use crate::types::{Email, Identifier, Timestamp, UserId};

/// The end of the name of a /48.
const WIDE: &str = "/48";

/// The time over which the wrong passwords of one account are counted, whichever way they came (OWASP ASVS
/// 2.2.1).
const HOUR: Duration = Duration::from_secs(3600);

const DAY: Duration = Duration::from_secs(24 * 3600);

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
    /// Wrong passwords for one account within any hour, over all ways to give one.
    pub failed_logins_per_hour: u32,
    /// Bad tokens from one IP address, within the window of failed logins.
    pub bad_tokens_per_address: u32,
    /// Registrations, and changes of an email address.
    pub registrations: RateLimit,
    /// Requested mails of one kind.
    pub mails: RateLimit,
    /// How often one session may refresh within the window.
    pub refreshes_per_session: u32,
    /// How often one account may refresh within the window, over all sessions.
    pub refreshes_per_account: u32,
    /// How long a refresh counts.
    pub refreshes_window: Duration,
    /// The most sessions of one account.
    pub sessions_per_account: u32,
    /// How many logins of one account within an hour are recorded one by one.
    pub recorded_logins_per_account: u32,
}

/// A way to give a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PasswordUse {
    /// A login, with the fingerprint of the name or address that was typed.
    Login(u128),
    /// A form within a session of this user.
    Session(UserId),
}

/// A user whose password an attempt would be, and whether they logged in from the client's network before.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    /// The user.
    pub user: UserId,
    /// Whether the network is known.
    pub is_known: bool,
}

/// The buckets of an attempt to use a password. Each counts a wrong one, if it has room.
#[derive(Clone, Debug, Default)]
pub(crate) struct PasswordBuckets {
    /// If one is full, the attempt is refused, and the client learns how long to wait.
    pub refusing: Vec<Bucket>,
    /// If one is full, every password is wrong. A message would reveal which name and which
    /// address belong to one account.
    pub silent: Vec<Bucket>,
    /// These refuse nothing here: the attempts of others filled them.
    pub counted: Vec<Bucket>,
}

impl RateLimit {
    const fn account(self) -> BucketSize {
        BucketSize::new(self.per_account, self.window)
    }

    const fn address(self) -> BucketSize {
        BucketSize::new(self.per_address, self.window)
    }
}

impl PasswordBuckets {
    /// All of them, to lock.
    pub(crate) fn all(&self) -> impl Iterator<Item = &Bucket> {
        self.refusing.iter().chain(&self.silent).chain(&self.counted)
    }
}

impl Limits {
    /// The buckets of an attempt to use a password; none if limits are off.
    ///
    /// Those of a stranger's login depend on the fingerprint of the text that was typed, in lower case, and not
    /// on a user: so they are the same whether or not there is such a user, and do not reveal which name and
    /// email address belong together. It is a hash, because people type passwords there.
    ///
    /// Another bucket counts all wrong passwords of one user. Strangers may fill half of it, forms within a
    /// session three quarters, and logins from known networks all of it: so none of them keeps the next from
    /// logging in.
    pub(crate) fn password(
        &self,
        usage: PasswordUse,
        candidates: &[Candidate],
        address: Option<IpAddr>,
    ) -> PasswordBuckets {
        if !self.enabled {
            return PasswordBuckets::default();
        }
        let account = self.failed_logins.account();
        let networks = networks("", self.failed_logins.address(), address);
        match usage {
            PasswordUse::Session(user) => PasswordBuckets {
                refusing: vec![
                    account.named(format!("old-password:{user}")),
                    self.guesses().with_room(3, 4).named(guesses_of(user)),
                ],
                silent: Vec::new(),
                counted: networks,
            },
            PasswordUse::Login(typed) if candidates.iter().any(|candidate| candidate.is_known) => {
                let network = address.map(net).unwrap_or_default();
                let known = candidates.iter().filter(|candidate| candidate.is_known);
                let own = known.map(|known| account.named(known_name(known.user, typed, &network)));
                PasswordBuckets {
                    refusing: own.collect(),
                    silent: self.silent(typed, candidates),
                    counted: networks,
                }
            }
            PasswordUse::Login(typed) => {
                let by_text = [
                    account.named(format!("account:{typed:032x}")),
                    self.guesses_of_strangers().named(format!("account-hour:{typed:032x}")),
                ];
                PasswordBuckets {
                    refusing: by_text.into_iter().chain(networks).collect(),
                    silent: self.silent(typed, candidates),
                    counted: Vec::new(),
                }
            }
        }
    }

    /// The buckets of the candidates, or one like it for an unknown user: counting it takes the same time.
    fn silent(&self, typed: u128, candidates: &[Candidate]) -> Vec<Bucket> {
        if candidates.is_empty() {
            return vec![self.guesses_of_strangers().named(format!("guesses-unknown:{typed:032x}"))];
        }
        let bucket = |candidate: &Candidate| {
            let rule = if candidate.is_known { self.guesses() } else { self.guesses_of_strangers() };
            rule.named(guesses_of(candidate.user))
        };
        candidates.iter().map(bucket).collect()
    }

    /// Half of the number at once and half of it leaking make the number within any hour.
    const fn guesses(&self) -> BucketSize {
        let half = self.failed_logins_per_hour / 2;
        BucketSize::new(if half == 0 { 1 } else { half }, HOUR)
    }

    const fn guesses_of_strangers(&self) -> BucketSize {
        self.guesses().with_room(1, 2)
    }

    /// The bucket that, if it is full, makes passwords of this user wrong from networks that are not known.
    pub(crate) fn guesses_at(&self, user: UserId) -> Vec<Bucket> {
        self.enabled_only(vec![self.guesses_of_strangers().named(guesses_of(user))])
    }

    /// The bucket that, if it is full, makes passwords of this user wrong from every network.
    pub(crate) fn all_guesses_at(&self, user: UserId) -> Vec<Bucket> {
        self.enabled_only(vec![self.guesses().named(guesses_of(user))])
    }

    /// The bucket of wrong passwords of a user with what was typed, from a network that is known.
    pub(crate) fn known_network(&self, user: UserId, typed: u128, network: &str) -> Vec<Bucket> {
        self.enabled_only(vec![self.failed_logins.account().named(known_name(user, typed, network))])
    }

    /// How long all logins are refused from a network whose bucket will be empty at `empty_at`; `None` if
    /// none are.
    #[must_use]
    pub fn address_wait(&self, network: &str, empty_at: Timestamp, now: Timestamp) -> Option<Duration> {
        let narrow = self.failed_logins.address();
        let rule = if network.ends_with(WIDE) { narrow.wide() } else { narrow };
        rule.named(String::new()).wait(Some(empty_at), now).filter(|_| self.enabled)
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
        let rule = BucketSize::new(self.refreshes_per_session, self.refreshes_window);
        self.enabled.then(|| Bucket { name: String::new(), rule })
    }

    /// The bucket of the refreshes of one account.
    #[must_use]
    pub fn refresh_of_account(&self, user: UserId) -> Vec<Bucket> {
        let rule = BucketSize::new(self.refreshes_per_account, self.refreshes_window);
        self.enabled_only(vec![rule.named(format!("refresh:{user}"))])
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
        let full_after = |rule: BucketSize| now.plus(rule.window - rule.window / rule.capacity.max(1));
        let tokens = BucketSize::new(self.bad_tokens_per_address, self.failed_logins.window);
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
        let rule = BucketSize::new(1, self.registrations.window);
        self.enabled_only(vec![rule.named(format!("already-registered:{user}"))])
    }

    /// The bucket of the mails to a user about logins from new places: one a day.
    pub(crate) fn new_place(&self, user: UserId) -> Vec<Bucket> {
        self.enabled_only(vec![BucketSize::new(1, DAY).named(format!("new-place:{user}"))])
    }

    /// The buckets of a request for a mail. That of the account depends on the email address that was typed
    /// and on the client's network: requests of others do not keep its owner from asking. Each kind of mail
    /// has buckets of its own.
    #[must_use]
    pub fn requested_mail(&self, kind: &str, email: &Email, address: Option<IpAddr>) -> Vec<Bucket> {
        let network = address.map(net).unwrap_or_default();
        let account = format!("{kind}:{:032x}:{network}", fingerprint(email));
        let mut buckets = vec![self.mails.account().named(account)];
        buckets.extend(networks(&format!("{kind}-"), self.mails.address(), address));
        self.enabled_only(buckets)
    }

    /// The bucket of the requested mails that a user gets: one for what clients on known networks request,
    /// and one, twice as large, for what all others do together.
    pub(crate) fn mail_to(&self, kind: &str, candidate: Candidate) -> Vec<Bucket> {
        let Candidate { user, is_known } = candidate;
        let all = BucketSize::new(self.mails.per_account.saturating_mul(2), self.mails.window);
        let bucket = match is_known {
            true => self.mails.account().named(format!("{kind}-known:{user}")),
            false => all.named(format!("{kind}-user:{user}")),
        };
        self.enabled_only(vec![bucket])
    }

    /// The buckets of a bad token or key that is presented without a login; none if limits are off.
    #[must_use]
    pub fn bad_token(&self, address: Option<IpAddr>) -> Vec<Bucket> {
        let rule = BucketSize::new(self.bad_tokens_per_address, self.failed_logins.window);
        self.enabled_only(networks("token:", rule, address))
    }

    fn registration_buckets(&self, account: Option<String>, address: Option<IpAddr>) -> Vec<Bucket> {
        let account = account.map(|name| self.registrations.account().named(name));
        let networks = networks("registration-", self.registrations.address(), address);
        self.enabled_only(account.into_iter().chain(networks).collect())
    }

    fn enabled_only(&self, buckets: Vec<Bucket>) -> Vec<Bucket> {
        if self.enabled { buckets } else { Vec::new() }
    }
}

fn known_name(user: UserId, typed: u128, network: &str) -> String {
    format!("known:{user}:{typed:032x}:{network}")
}

fn guesses_of(user: UserId) -> String {
    format!("guesses:{user}")
}

/// One number for an IPv4 address, one for an IPv6 /64: the smallest net that one subscriber gets
/// (RFC 6177). The two kinds cannot be equal: no subscriber has a /64 whose upper half is all zeros.
#[must_use]
pub(crate) fn subscriber(address: IpAddr) -> u64 {
    match fold(address) {
        IpAddr::V4(v4) => u64::from(v4.to_bits()),
        IpAddr::V6(v6) => (v6.to_bits() >> 64) as u64,
    }
}

fn fingerprint(email: &Email) -> u128 {
    Identifier::new(email.as_str()).fingerprint()
}

/// The network under which an address is counted: itself, or the /64 of its subscriber.
#[must_use]
pub(crate) fn net(address: IpAddr) -> String {
    match fold(address) {
        IpAddr::V4(v4) => v4.to_string(),
        v6 => format!("{:016x}/64", subscriber(v6)),
    }
}

/// The networks under which an address is counted: [`net`], and for IPv6 the /48 around it, which hosters give
/// to one customer.
pub(crate) fn nets(address: IpAddr) -> Vec<String> {
    let wide = match fold(address) {
        IpAddr::V4(_) => None,
        v6 => Some(format!("{:012x}{WIDE}", subscriber(v6) >> 16)),
    };
    [net(address)].into_iter().chain(wide).collect()
}

/// The bucket of each network of an address: `{prefix}address:{network}`.
fn networks(prefix: &str, rule: BucketSize, address: Option<IpAddr>) -> Vec<Bucket> {
    let bucket = |network: String| {
        let rule = if network.ends_with(WIDE) { rule.wide() } else { rule };
        rule.named(format!("{prefix}address:{network}"))
    };
    address.map(nets).unwrap_or_default().into_iter().map(bucket).collect()
}

/// The IPv4 address of an IPv6 address that stands for one: mapped (RFC 4291), 6to4 (RFC 3056) or translated
/// by NAT64 (RFC 6052). Otherwise one client had several buckets.
fn fold(address: IpAddr) -> IpAddr {
    let IpAddr::V6(v6) = address.to_canonical() else { return address.to_canonical() };
    let bits = v6.to_bits();
    match v6.segments() {
        [0x2002, ..] => Ipv4Addr::from_bits((bits >> 80) as u32).into(),
        [0x64, 0xff9b, 0, 0, 0, 0, ..] => Ipv4Addr::from_bits(bits as u32).into(),
        _ => v6.into(),
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
        failed_logins_per_hour: 100,
        bad_tokens_per_address: 1,
        registrations: ONE,
        mails: ONE,
        refreshes_per_session: 1,
        refreshes_per_account: 1,
        refreshes_window: Duration::from_secs(1),
        sessions_per_account: 1,
        recorded_logins_per_account: 1,
    };

    fn bucket(capacity: u32) -> Bucket {
        BucketSize::new(capacity, Duration::from_secs(300)).named("b".into())
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

    fn login(typed: &str, candidates: &[Candidate], address: Option<IpAddr>) -> PasswordBuckets {
        let usage = PasswordUse::Login(Identifier::new(typed).fingerprint());
        LIMITS.password(usage, candidates, address)
    }

    fn names(buckets: &[Bucket]) -> Vec<String> {
        buckets.iter().map(|bucket| bucket.name.clone()).collect()
    }

    const BOB: Candidate = Candidate { user: UserId::new(7), is_known: false };
    const BOB_AT_HOME: Candidate = Candidate { user: UserId::new(7), is_known: true };

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
        let name = |text: &str| names(&login(text, &[], None).refusing);
        assert_eq!(name("Alice@Example.com"), name(" alice@example.com"));
        assert_ne!(name("alice"), name("bob"));
        assert!(!name("alice").concat().contains("alice"));
    }

    #[test]
    fn a_stranger_has_the_same_buckets_whether_or_not_there_is_such_a_user() {
        let address = "192.0.2.1".parse().ok();
        let (unknown, known) = (login("bob", &[], address), login("bob", &[BOB], address));
        assert_eq!(names(&unknown.refusing), names(&known.refusing));
        assert_eq!(unknown.all().count(), known.all().count());
    }

    #[test]
    fn strangers_cannot_fill_the_share_of_sessions_nor_both_that_of_known_networks() {
        let now = START;
        let at_home = login("bob", &[BOB_AT_HOME], "192.0.2.1".parse().ok());
        let session = LIMITS.password(PasswordUse::Session(BOB.user), &[], None);
        let by_user = [&login("bob", &[BOB], None).silent[0], &session.refusing[1], &at_home.silent[0]];
        assert!(by_user.iter().all(|bucket| bucket.name == "guesses:7"));
        let mut empty_at = None;
        let mut done = Vec::new();
        for bucket in by_user {
            let mut attempts = 0;
            while bucket.wait(empty_at, now).is_none() {
                empty_at = Some(bucket.after_one_more(empty_at, now));
                attempts += 1;
            }
            done.push(attempts);
        }
        assert_eq!(done, [25, 12, 13]);
    }

    #[test]
    fn no_hour_has_more_wrong_passwords_of_a_user_than_the_limit() {
        let bucket = &login("bob", &[BOB_AT_HOME], "192.0.2.1".parse().ok()).silent[0];
        let (mut empty_at, mut accepted) = (None, Vec::new());
        for second in 0..3 * 3600 {
            let now = START.plus(Duration::from_secs(second));
            if bucket.wait(empty_at, now).is_none() {
                empty_at = Some(bucket.after_one_more(empty_at, now));
                accepted.push(second);
            }
        }
        let most = accepted
            .iter()
            .map(|from| accepted.iter().filter(|at| (*from..from + 3600).contains(*at)).count());
        assert!(most.max().unwrap() <= 100, "{accepted:?}");
    }

    #[test]
    fn neighbours_in_one_ipv6_subnet_share_a_bucket() {
        let name = |text: &str| net(text.parse().unwrap());
        assert_eq!(name("2001:db8:1:2::1"), name("2001:db8:1:2:ffff::9"));
        assert_ne!(name("2001:db8:1:2::1"), name("2001:db8:1:3::1"));
    }

    #[test]
    fn an_ipv6_address_that_stands_for_an_ipv4_address_is_counted_as_that() {
        let ipv4 = "192.0.2.33".parse().unwrap();
        for text in
            ["::ffff:192.0.2.33", "2002:c000:221::1", "2002:c000:221:9:8:7:6:5", "64:ff9b::192.0.2.33"]
        {
            let address = text.parse().unwrap();
            assert_eq!(nets(address), ["192.0.2.33"], "{text}");
            assert_eq!(subscriber(address), subscriber(ipv4), "{text}");
        }
        for text in ["2003:c000:221::1", "64:ff9b:1::c000:221", "64:ff9a::c000:221"] {
            assert_eq!(nets(text.parse().unwrap()).len(), 2, "{text}");
        }
    }

    #[test]
    fn an_ipv6_net_of_one_customer_has_ten_times_the_attempts_of_a_subnet_for_every_kind() {
        let email = Email::parse("alice@example.com").unwrap();
        let at = |subnet: u16| format!("2001:db8:1:{subnet:x}::1").parse().ok();
        let kinds: [&dyn Fn(u16) -> Vec<Bucket>; 4] = [
            &|subnet| login("alice", &[], at(subnet)).refusing,
            &|subnet| LIMITS.registration(Some(&email), at(subnet)),
            &|subnet| LIMITS.requested_mail("a", &email, at(subnet)),
            &|subnet| LIMITS.bad_token(at(subnet)),
        ];
        for kind in kinds {
            let wide = |subnet| {
                let buckets = kind(subnet);
                buckets.into_iter().find(|bucket| bucket.name.ends_with("20010db80001/48")).unwrap()
            };
            assert_eq!(wide(1).name, wide(2).name);
            assert_eq!(wide(1).rule.capacity, 10);
        }
    }

    #[test]
    fn old_passwords_registrations_mails_and_logins_have_buckets_of_their_own() {
        let email = Email::parse("alice@example.com").unwrap();
        let mut names: Vec<String> = [
            login("alice@example.com", &[], None).refusing,
            LIMITS.registration(Some(&email), None),
            LIMITS.password(PasswordUse::Session(UserId::new(7)), &[], None).refusing,
            LIMITS.email_change(UserId::new(7), None),
            LIMITS.name_change(UserId::new(7), None),
            LIMITS.password_change(UserId::new(7)),
            LIMITS.requested_mail("a", &email, None),
            LIMITS.requested_mail("b", &email, None),
            LIMITS.mail_to("a", BOB),
            LIMITS.mail_to("a", BOB_AT_HOME),
        ]
        .into_iter()
        .flatten()
        .map(|bucket| bucket.name)
        .collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 12);
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
    fn a_full_bucket_is_plausible_and_one_of_a_clock_that_was_ahead_is_not() {
        let bucket = bucket(10);
        let full = fail(&bucket, 10, START);
        assert_eq!(bucket.plausible(full, START), full);
        assert_eq!(bucket.plausible(full.map(|at| at.plus(Duration::from_secs(1))), START), None);
    }

    #[test]
    fn disabled_limits_have_no_buckets() {
        let limits = Limits { enabled: false, ..LIMITS };
        let address = "10.0.0.1".parse().ok();
        let usage = PasswordUse::Login(Identifier::new("alice").fingerprint());
        assert_eq!(limits.password(usage, &[BOB], address).all().count(), 0);
        assert!(limits.bad_token(address).is_empty());
        assert!(limits.refresh().is_none() && limits.refresh_of_account(UserId::new(7)).is_empty());
        assert!(limits.sessions().is_none());
    }
}
