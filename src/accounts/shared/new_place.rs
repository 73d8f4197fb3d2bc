//! Telling users of a login from a new place: a network that is near none of those from which they logged in lately.
//!
//! The login only stores a request for the mail (`mail_requests`). The mail is queued after the answer, which is the
//! same, and takes as long, whether there is a mail or not.

use std::net::IpAddr;

use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::{known_address, link_keys, throttle};
use crate::limits::{Limits, net};
use crate::mail::{Message, NewMail};
use crate::store::tables::mails::requests as mail_requests;
use crate::store::tables::mails::requests::StoredMailRequest;
use crate::store::tables::{known_addresses, mails, users};
use crate::store::{Conn, StoreError, Tx};
use crate::types::{Link, Timestamp, User};

/// Records the network of a login, and requests a mail if it is a new place and `is_enabled`. Answers whether it
/// did: the caller then starts `send_requested_mails` after the commit. The caller has locked the user.
pub(crate) fn record_login(
    tx: &mut Tx<'_>,
    user: &User,
    is_enabled: bool,
    by: &Actor,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let is_new = is_enabled && has_confirmed_address(user) && is_new(tx, user, by.address, now)?;
    known_address::record(tx, user.id, by.address, now)?;
    if is_new {
        let request = StoredMailRequest {
            purpose: Link::NotMe,
            email: user.email.clone(),
            address: by.address.map(|address| address.to_string()),
            user_agent: by.user_agent.clone(),
            language: by.language,
        };
        mail_requests::insert(tx, &request, now)?;
    }
    Ok(is_new)
}

/// A stranger's mailbox must not get a link that gives the account away.
const fn has_confirmed_address(user: &User) -> bool {
    user.is_email_confirmed || user.recovery_email.is_some()
}

/// The first login of an account, and the first one after a new password, come from no new place.
fn is_new(conn: &mut Conn, user: &User, address: Option<IpAddr>, now: Timestamp) -> Result<bool, StoreError> {
    let Some(address) = address else { return Ok(false) };
    if known_address::is_known(conn, user.id, Some(address), now)? {
        return Ok(false);
    }
    let network = net(address);
    let lately = known_addresses::lately_used(conn, user.id, now)?;
    Ok(lately.is_some_and(|lately| lately.iter().all(|known| place(known) != place(&network))))
}

/// The part of a network that the networks of one provider have in common, often enough: the first 16 bits of an IPv4
/// address, and 32 of an IPv6 address. Phones and lines at home get other addresses there each day.
fn place(network: &str) -> &str {
    let is_ipv4 = network.contains('.');
    let end = match is_ipv4 {
        true => network.match_indices('.').nth(1).map(|(at, _)| at),
        false => Some(8),
    };
    end.and_then(|end| network.get(..end)).unwrap_or(network)
}

/// Queues the mail of a request, unless the user got one lately.
pub(crate) fn send(
    tx: &mut Tx<'_>,
    request: &StoredMailRequest,
    limits: &Limits,
    now: Timestamp,
) -> Result<(), StoreError> {
    let Some(address) = request.address.as_deref().and_then(|address| address.parse().ok()) else {
        return Ok(());
    };
    let user = match users::by_email(tx, &request.email)? {
        // The address may have changed before the lock.
        Some(user) => users::lock(tx, user.id)?.filter(|user| user.email.key() == request.email.key()),
        None => None,
    };
    let Some(user) = user.filter(|user| user.is_active && has_confirmed_address(user)) else { return Ok(()) };
    if throttle::check(tx, &limits.new_place(user.id), now)?.is_some() {
        return Ok(());
    }
    let to = user.recovery_address().clone();
    let key = link_keys::issue(tx, Link::NotMe, user.id, &to, now)?;
    let (username, user_agent) = (user.username.clone(), request.user_agent.clone());
    let message = Message::NewPlace { username, address, user_agent, key };
    let language = user.language().or(request.language);
    mails::insert(tx, &NewMail { user: Some(user.id), to, message, is_confirmed: true, language }, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn networks_of_one_provider_are_one_place() {
        assert_eq!(place("192.0.2.7"), place("192.0.99.1"));
        assert_ne!(place("192.0.2.7"), place("192.1.2.7"));
        assert_ne!(place("1.92.0.2"), place("19.2.0.2"));
        let network = |address: &str| net(address.parse().unwrap());
        assert_eq!(place(&network("2001:db8::1")), place(&network("2001:db8:ffff::1")));
        assert_ne!(place(&network("2001:db8::1")), place(&network("2001:db9::1")));
    }
}
