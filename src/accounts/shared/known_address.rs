//! The networks from which a user logged in before. Wrong passwords and requests from there are counted apart from
//! those of strangers, who therefore cannot lock the user out.

use std::net::IpAddr;

use crate::limits::net;
use crate::store::tables::known_addresses;
use crate::store::{Conn, StoreError, Tx};
use crate::types::{Timestamp, UserId};

/// Whether the user logged in from the network of this address before.
pub(crate) fn is_known(
    conn: &mut Conn,
    user: UserId,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    match address {
        Some(address) => known_addresses::is_known(conn, user, &net(address), now),
        None => Ok(false),
    }
}

/// Records that the user logged in from this address. The caller has locked the user.
pub(crate) fn record(
    tx: &mut Tx<'_>,
    user: UserId,
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<(), StoreError> {
    match address {
        Some(address) => known_addresses::record(tx, user, &net(address), now),
        None => Ok(()),
    }
}
