//! The open connections of the server: how many there may be, in all and from one address, and which of them
//! is closed to make room. The one that has waited longest for its client goes first; one that a request is
//! running on never does.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use futures_util::task::AtomicWaker;
use ipnet::IpNet;
use rustix::process::{Resource, getrlimit};
use tokio::time::Instant;

use crate::app::App;
use crate::limits;

/// How often the log says that connections are refused.
const REFUSAL_LOG_INTERVAL: Duration = Duration::from_secs(60);

/// At least so many open files are left for the database, logs and mail, and as many again for each worker
/// that reads from the database.
const FILES: usize = 64;
const FILES_PER_WORKER: usize = 8;

/// So many bytes of requests that were not answered may all connections hold together. In the buffers of this layer
/// and of Actix they take up to three times that.
const MAX_HELD: usize = 64 * 1024 * 1024;

/// What the client of a connection is waited for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ConnectionUse {
    /// Nothing: a request is running.
    Busy,
    /// A request, or the rest of its head.
    BetweenRequests,
    /// The body of a request, or that the answer is read.
    WithinRequest,
}

/// The open connections.
#[derive(Debug)]
pub(crate) struct ConnectionTable {
    most: usize,
    most_per_address: usize,
    trusted: Vec<IpNet>,
    start: Instant,
    stop: OnceLock<Instant>,
    open: Mutex<OpenConnections>,
    max_held: usize,
    held: AtomicUsize,
}

#[derive(Debug, Default)]
struct OpenConnections {
    last_id: u64,
    by_id: HashMap<u64, OpenConnection>,
    /// The number of connections of each limited address.
    counts: HashMap<u64, usize>,
    refused: u64,
    refusal_logged: Option<Instant>,
}

#[derive(Debug)]
struct OpenConnection {
    /// `None` if the address is not limited.
    address: Option<u64>,
    state: Arc<ConnectionState>,
}

/// What the table and the handlers know of a connection.
#[derive(Debug, Default)]
pub(crate) struct ConnectionState {
    /// Since when the client is waited for, and in the highest bit whether within a request; 0 for not.
    waiting: AtomicU64,
    is_evicted: AtomicBool,
    /// How many bytes it holds of a request that was not answered.
    held: AtomicUsize,
    answered: AtomicU64,
    pub(super) waker: AtomicWaker,
}

const WITHIN_REQUEST: u64 = 1 << 63;

/// A place in the table, which is free again when this is dropped.
#[derive(Debug)]
pub(crate) struct ConnectionPlace {
    table: Arc<ConnectionTable>,
    id: u64,
    pub(super) state: Arc<ConnectionState>,
}

impl ConnectionTable {
    /// The table of a server with the settings of `app`.
    #[must_use]
    pub(crate) fn new(app: &App) -> Arc<Self> {
        let files = getrlimit(Resource::Nofile).current.and_then(|files| usize::try_from(files).ok());
        let most = most_connections(files.unwrap_or(usize::MAX), app.workers());
        let server = &app.config.server;
        let trusted = app.config.trusted_proxies.clone();
        Self::with(server.max_connections.min(most), server.max_connections_per_address, trusted)
    }

    pub(super) fn with(most: usize, most_per_address: usize, trusted: Vec<IpNet>) -> Arc<Self> {
        Arc::new(Self {
            most,
            most_per_address,
            trusted,
            start: Instant::now(),
            stop: OnceLock::new(),
            open: Mutex::default(),
            max_held: MAX_HELD,
            held: AtomicUsize::new(0),
        })
    }

    /// A place for a new connection; `None` if there is no room.
    #[must_use]
    pub(crate) fn admit(self: &Arc<Self>, peer: IpAddr) -> Option<ConnectionPlace> {
        let peer = peer.to_canonical();
        // Proxies carry the connections of many clients.
        let is_limited = !peer.is_loopback() && !self.trusted.iter().any(|net| net.contains(&peer));
        let address = is_limited.then(|| limits::subscriber(peer));
        let mut open = self.lock();
        let is_at_limit = address.is_some_and(|address| open.count(address) >= self.most_per_address);
        let has_room = (!is_at_limit || open.evict(|other| other.address == address))
            && (open.by_id.len() < self.most || open.evict(|_| true));
        if !has_room {
            open.log_refusal(peer);
            return None;
        }
        let state = Arc::new(ConnectionState::default());
        open.last_id += 1;
        let id = open.last_id;
        open.by_id.insert(id, OpenConnection { address, state: Arc::clone(&state) });
        if let Some(address) = address {
            *open.counts.entry(address).or_default() += 1;
        }
        Some(ConnectionPlace { table: Arc::clone(self), id, state })
    }

    /// Closes connections whose clients take longest over a request, until the others hold no more than they may.
    fn make_room(&self) {
        let mut open = self.lock();
        while self.held.load(Ordering::Relaxed) > self.max_held {
            let Some(state) = open.evict_slowest() else { return };
            self.release(&state);
        }
    }

    fn release(&self, state: &ConnectionState) {
        self.held.fetch_sub(state.held.swap(0, Ordering::Relaxed), Ordering::Relaxed);
    }

    /// From now on no client is waited for longer than shortly.
    pub(crate) fn stop(&self) {
        let _ = self.stop.set(Instant::now());
        for connection in self.lock().by_id.values() {
            connection.state.waker.wake();
        }
    }

    fn lock(&self) -> MutexGuard<'_, OpenConnections> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// How many connections a process may have that may open so many files.
fn most_connections(files: usize, workers: usize) -> usize {
    let others = (FILES + FILES_PER_WORKER * workers).max(files / 4);
    files.saturating_sub(others).max(files / 2).max(1)
}

impl OpenConnections {
    fn count(&self, address: u64) -> usize {
        self.counts.get(&address).copied().unwrap_or_default()
    }

    /// Closes the connection that has waited longest among some, if one waits.
    fn evict(&mut self, among: impl Fn(&OpenConnection) -> bool) -> bool {
        let waiting =
            self.by_id.iter().filter(|(_, connection)| among(connection)).filter_map(|(id, connection)| {
                let since = connection.state.waiting.load(Ordering::Relaxed);
                (since > 0).then_some((since, *id))
            });
        let Some((_, id)) = waiting.min() else { return false };
        self.close(id);
        true
    }

    /// Closes the connection whose client has sent a part of a request, and is waited for longest.
    fn evict_slowest(&mut self) -> Option<Arc<ConnectionState>> {
        let waiting = self.by_id.iter().filter_map(|(id, connection)| {
            let since = connection.state.waiting.load(Ordering::Relaxed) & !WITHIN_REQUEST;
            let holds = connection.state.held.load(Ordering::Relaxed) > 0;
            (since > 0 && holds).then_some((since, *id))
        });
        let (_, id) = waiting.min()?;
        self.close(id)
    }

    fn close(&mut self, id: u64) -> Option<Arc<ConnectionState>> {
        let OpenConnection { state, .. } = self.remove(id)?;
        state.is_evicted.store(true, Ordering::Relaxed);
        state.waker.wake();
        Some(state)
    }

    fn remove(&mut self, id: u64) -> Option<OpenConnection> {
        let connection = self.by_id.remove(&id)?;
        if let Some(address) = connection.address
            && let Some(count) = self.counts.get_mut(&address)
        {
            *count -= 1;
            if *count == 0 {
                self.counts.remove(&address);
            }
        }
        Some(connection)
    }

    fn log_refusal(&mut self, peer: IpAddr) {
        self.refused += 1;
        if self.refusal_logged.is_none_or(|logged| logged.elapsed() >= REFUSAL_LOG_INTERVAL) {
            self.refusal_logged = Some(Instant::now());
            tracing::warn!(
                client = %peer,
                open = self.by_id.len(),
                refused = self.refused,
                "a connection was refused: there are too many, and a request is running on each"
            );
        }
    }
}

impl ConnectionPlace {
    /// Says what the client is waited for, from `now` on.
    pub(super) fn set_use(&self, usage: ConnectionUse, now: Instant) {
        let since = now.duration_since(self.table.start).as_millis();
        let since = u64::try_from(since).unwrap_or_default() + 1;
        let waiting = match usage {
            ConnectionUse::Busy => 0,
            ConnectionUse::BetweenRequests => since,
            ConnectionUse::WithinRequest => since | WITHIN_REQUEST,
        };
        self.state.waiting.store(waiting, Ordering::Relaxed);
    }

    /// Says how many bytes of a request that was not answered the connection holds. Beyond what all may hold, those
    /// that are slowest are closed.
    pub(super) fn hold(&self, bytes: usize) {
        if self.is_evicted() {
            return;
        }
        let before = self.state.held.swap(bytes, Ordering::Relaxed);
        self.table.held.fetch_sub(before, Ordering::Relaxed);
        let others = self.table.held.fetch_add(bytes, Ordering::Relaxed);
        if bytes > before && others + bytes > self.table.max_held {
            self.table.make_room();
        }
    }

    /// Whether the connection has to make room for another.
    pub(super) fn is_evicted(&self) -> bool {
        self.state.is_evicted.load(Ordering::Relaxed)
    }

    /// Since when the server is stopping.
    pub(super) fn stop(&self) -> Option<Instant> {
        self.table.stop.get().copied()
    }
}

impl Drop for ConnectionPlace {
    fn drop(&mut self) {
        self.table.release(&self.state);
        self.table.lock().remove(self.id);
    }
}

impl ConnectionState {
    /// How many requests were answered.
    pub(super) fn answered(&self) -> u64 {
        self.answered.load(Ordering::Relaxed)
    }

    /// Counts an answer.
    pub(super) fn count_answer(&self) {
        self.answered.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLIENT: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(203, 0, 113, 9));
    const OTHER: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(198, 51, 100, 1));
    const LOOPBACK: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    fn waiting(
        table: &Arc<ConnectionTable>,
        peer: IpAddr,
        usage: ConnectionUse,
        second: u64,
    ) -> ConnectionPlace {
        let place = table.admit(peer).unwrap();
        place.set_use(usage, table.start + Duration::from_secs(second));
        place
    }

    #[test]
    fn the_connection_that_waits_longest_makes_room_and_those_within_a_request_go_last() {
        let table = ConnectionTable::with(4, 100, Vec::new());
        let busy = waiting(&table, CLIENT, ConnectionUse::Busy, 0);
        let body = waiting(&table, CLIENT, ConnectionUse::WithinRequest, 1);
        let newer = waiting(&table, CLIENT, ConnectionUse::BetweenRequests, 3);
        let older = waiting(&table, OTHER, ConnectionUse::BetweenRequests, 2);
        let mut order = Vec::new();
        let mut added = Vec::new();
        for _ in 0..3 {
            added.push(table.admit(CLIENT).unwrap());
            order.push([&busy, &body, &newer, &older].map(ConnectionPlace::is_evicted));
        }
        assert_eq!(
            order,
            [[false, false, false, true], [false, false, true, true], [false, true, true, true]]
        );
        assert!(table.admit(OTHER).is_none(), "all are busy");
        added.pop();
        assert!(table.admit(OTHER).is_some(), "a place was freed");
        drop((busy, body, newer, older, added));
        assert!(table.lock().by_id.is_empty() && table.lock().counts.is_empty());
    }

    #[test]
    fn an_address_has_its_share_and_makes_room_among_its_own() {
        let table = ConnectionTable::with(100, 2, vec!["192.0.2.0/24".parse().unwrap()]);
        let other = waiting(&table, OTHER, ConnectionUse::BetweenRequests, 0);
        let first = waiting(&table, CLIENT, ConnectionUse::BetweenRequests, 1);
        let second = waiting(&table, CLIENT, ConnectionUse::Busy, 1);
        let third = waiting(&table, CLIENT, ConnectionUse::Busy, 1);
        assert_eq!(
            [&other, &first, &second, &third].map(ConnectionPlace::is_evicted),
            [false, true, false, false]
        );
        assert!(table.admit(CLIENT).is_none());
        assert!(table.admit("::ffff:203.0.113.9".parse().unwrap()).is_none(), "the same address");
        assert!(table.admit(OTHER).is_some());
    }

    #[test]
    fn beyond_what_all_may_hold_the_slowest_client_gives_way() {
        let mut table = ConnectionTable::with(100, 100, Vec::new());
        Arc::get_mut(&mut table).unwrap().max_held = 100;
        let idle = waiting(&table, CLIENT, ConnectionUse::BetweenRequests, 0);
        let busy = waiting(&table, CLIENT, ConnectionUse::Busy, 1);
        let body = waiting(&table, CLIENT, ConnectionUse::WithinRequest, 2);
        let head = waiting(&table, CLIENT, ConnectionUse::BetweenRequests, 3);
        for place in [&busy, &body, &head] {
            place.hold(30);
        }
        let last = waiting(&table, OTHER, ConnectionUse::WithinRequest, 4);
        let evicted = || [&idle, &busy, &body, &head, &last].map(ConnectionPlace::is_evicted);
        last.hold(10);
        assert_eq!(evicted(), [false; 5]);
        last.hold(11);
        assert_eq!(evicted(), [false, false, true, false, false], "the body began before the head");
        last.hold(70);
        assert_eq!(evicted(), [false, false, true, true, false]);
        body.hold(1000);
        assert_eq!(table.held.load(Ordering::Relaxed), 100, "it is closed already");
        drop((busy, body, head, last));
        assert_eq!(table.held.load(Ordering::Relaxed), 0);
    }

    #[test]
    fn a_network_of_ipv6_counts_as_one_address_and_proxies_are_not_limited() {
        let table = ConnectionTable::with(100, 1, vec!["192.0.2.0/24".parse().unwrap()]);
        let _one = waiting(&table, "2001:db8::1".parse().unwrap(), ConnectionUse::Busy, 0);
        assert!(table.admit("2001:db8::2".parse().unwrap()).is_none());
        for peer in [LOOPBACK, "::1".parse().unwrap(), "192.0.2.7".parse().unwrap()] {
            let places: Vec<_> = (0..10).filter_map(|_| table.admit(peer)).collect();
            assert_eq!(places.len(), 10, "{peer}");
        }
    }

    #[test]
    fn room_is_left_for_other_files() {
        for (files, workers, most) in
            [(1024, 2, 768), (20_000, 2, 15_000), (256, 2, 176), (100, 64, 50), (1, 1, 1)]
        {
            assert_eq!(most_connections(files, workers), most, "{files}");
        }
        assert!(most_connections(usize::MAX, 64) > 1_000_000);
    }
}
