//! Which rate limits refuse a login now, for `explain_login`.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::accounts::shared::{known_address, throttle};
use crate::limits::{Bucket, Limits, PasswordUse, nets};
use crate::store::queries::user_activity;
use crate::store::tables::{known_addresses, throttles};
use crate::store::{Conn, StoreError};
use crate::types::{Identifier, Timestamp, User, UserId};

/// Audit entries of a user's logins that are read.
const MAX_ENTRIES: i64 = 100;

/// Throttled addresses that are read.
const MAX_ADDRESSES: i64 = 10_000;

/// Throttled addresses that are listed.
const MAX_LISTED: usize = 5;

/// The addresses from which every login is refused now, each with how long.
#[derive(Debug)]
pub(super) struct NetworkWaits {
    /// Those that tried one of the users, but at which that user did not log in before.
    pub tried: Vec<(String, Duration)>,
    /// The number of the others, and the longest time.
    pub others: Option<(u64, Duration)>,
}

impl NetworkWaits {
    /// Whether there is none.
    pub(super) const fn is_empty(&self) -> bool {
        self.tried.is_empty() && self.others.is_none()
    }
}

/// How long a login with what was typed has to wait, where the address is not known.
pub(super) fn typed_wait(
    conn: &mut Conn,
    limits: &Limits,
    typed: &Identifier,
    now: Timestamp,
) -> Result<Option<Duration>, StoreError> {
    let buckets = limits.password(PasswordUse::Login(typed.fingerprint()), &[], None).refusing;
    throttle::wait(conn, &buckets, now)
}

/// How long every password of the user is refused where the address is not known.
pub(super) fn guesses_wait(
    conn: &mut Conn,
    limits: &Limits,
    user: UserId,
    now: Timestamp,
) -> Result<Option<Duration>, StoreError> {
    throttle::wait(conn, &limits.guesses_at(user), now)
}

/// How long every password of the user is refused, wherever it comes from.
pub(super) fn all_guesses_wait(
    conn: &mut Conn,
    limits: &Limits,
    user: UserId,
    now: Timestamp,
) -> Result<Option<Duration>, StoreError> {
    throttle::wait(conn, &limits.all_guesses_at(user), now)
}

/// The networks where the user logged in before and from which a login with the name or the address is refused now,
/// each with how long.
pub(super) fn known_waits(
    conn: &mut Conn,
    limits: &Limits,
    user: &User,
    now: Timestamp,
) -> Result<Vec<(String, Duration)>, StoreError> {
    let typed = [user.username.as_str(), user.email.as_str()].map(|text| Identifier::new(text).fingerprint());
    let mut waits = Vec::new();
    for network in known_addresses::lately_used(conn, user.id, now)?.unwrap_or_default() {
        let buckets = typed.iter().flat_map(|typed| limits.known_network(user.id, *typed, &network));
        let buckets: Vec<Bucket> = buckets.collect();
        waits.extend(throttle::wait(conn, &buckets, now)?.map(|wait| (network, wait)));
    }
    Ok(waits)
}

/// The addresses from which logins are refused. Which address a user has is unknown here.
pub(super) fn network_waits(
    conn: &mut Conn,
    limits: &Limits,
    users: &[User],
    now: Timestamp,
) -> Result<NetworkWaits, StoreError> {
    let mut waits: BTreeMap<String, Duration> = throttles::addresses(conn, now, MAX_ADDRESSES)?
        .into_iter()
        .filter_map(|(network, empty_at)| {
            let wait = limits.address_wait(&network, empty_at, now)?;
            Some((network, wait))
        })
        .collect();
    let mut tried = Vec::new();
    for user in users {
        for row in user_activity::logins_of(conn, user.id, MAX_ENTRIES)? {
            let Some(address) = row.address.and_then(|address| address.parse().ok()) else { continue };
            if known_address::is_known(conn, user.id, Some(address), now)? {
                continue;
            }
            let wait = nets(address).iter().filter_map(|network| waits.remove(network)).max();
            if let Some(wait) = wait.filter(|_| tried.len() < MAX_LISTED) {
                tried.push((address.to_string(), wait));
            }
        }
    }
    let others = waits.values().max().map(|longest| (waits.len() as u64, *longest));
    Ok(NetworkWaits { tried, others })
}
