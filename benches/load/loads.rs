//! Three ways to load a server: clients that wait for their answer (closed), one client at a steady pace
//! (paced), and requests that come whether or not earlier ones were answered (open).
//!
//! A load takes `request`, which makes the text of the request for a client and a count.

use std::io;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use super::client::Connection;

/// The number of connections of the paced load.
const PACED_CONNECTIONS: usize = 8;
/// How long a refused client stays away.
const REFUSED: Duration = Duration::from_secs(1);
/// Small, because each waiting client of an open load has a thread.
const STACK_BYTES: usize = 64 * 1024;

/// The outcome of one request.
#[derive(Clone, Copy)]
pub(crate) struct Answer {
    /// The time of the answer, from the begin of the load.
    pub at: Duration,
    /// How long it took.
    pub took: Duration,
    /// The status, or `None` if there was no answer.
    pub status: Option<u16>,
}

/// The outcomes of all requests of a load.
pub(crate) struct Answers(pub Vec<Answer>);

impl Answers {
    /// The times of the answers with this status.
    pub(crate) fn times(&self, status: u16) -> Vec<Duration> {
        self.0.iter().filter(|answer| answer.status == Some(status)).map(|answer| answer.took).collect()
    }

    /// The number of answers with this status.
    pub(crate) fn count(&self, status: u16) -> usize {
        self.0.iter().filter(|answer| answer.status == Some(status)).count()
    }

    /// The answers with `status` per second between two moments of the load.
    pub(crate) fn per_second(&self, status: u16, from: Duration, to: Duration) -> f64 {
        let within = |answer: &&Answer| answer.status == Some(status) && answer.at > from && answer.at <= to;
        self.0.iter().filter(within).count() as f64 / (to - from).as_secs_f64()
    }

    /// The answers with `status` per second, without the first tenth of the span, in which the load is not
    /// steady yet.
    pub(crate) fn steady(&self, status: u16, span: Duration) -> f64 {
        self.per_second(status, span / 10, span)
    }

    /// The number of answers with another status, or none.
    pub(crate) fn other_than(&self, statuses: &[u16]) -> usize {
        self.0.iter().filter(|answer| answer.status.is_none_or(|status| !statuses.contains(&status))).count()
    }
}

/// `clients` that each send the next request as soon as the last is answered, for `span`. A refused client
/// comes back after a second, the least that a 503 demands.
pub(crate) fn closed(
    to: SocketAddr,
    clients: usize,
    span: Duration,
    request: impl Fn(usize, usize) -> String + Sync,
) -> Answers {
    let begun = Instant::now();
    in_threads(clients, |client| {
        let mut connection = None;
        let (mut answers, mut count) = (Vec::new(), 0);
        while begun.elapsed() < span {
            let request = request(client, count);
            let sent = Instant::now();
            let status = send(&mut connection, to, &request).ok();
            answers.push(Answer { at: begun.elapsed(), took: sent.elapsed(), status });
            if status == Some(503) {
                thread::sleep(REFUSED);
            }
            count += 1;
        }
        answers
    })
}

/// `per_second` requests at even distances for `span`, few enough to measure and not to load.
///
/// A request that could not be sent in time because the one before it was not answered yet counts
/// from when it was due; one that this program alone sent late, from when it was sent.
pub(crate) fn paced(
    to: SocketAddr,
    per_second: usize,
    span: Duration,
    request: impl Fn(usize, usize) -> String + Sync,
) -> Answers {
    let begun = Instant::now();
    let gap = Duration::from_secs(1) / per_second as u32;
    in_threads(PACED_CONNECTIONS, |client| {
        let mut connection = None;
        let mut answers = Vec::new();
        for count in 0.. {
            let due = begun + gap * (count * PACED_CONNECTIONS + client) as u32;
            if due >= begun + span {
                break;
            }
            let request = request(client, count);
            let from = if Instant::now() > due { due } else { wait_until(due) };
            let status = send(&mut connection, to, &request).ok();
            answers.push(Answer { at: begun.elapsed(), took: from.elapsed(), status });
        }
        answers
    })
}

/// `per_second` requests at even distances for `span`, each by a client of its own that does not wait for
/// the others. Returns after the last answer. Idle connections are used again.
pub(crate) fn open(
    to: SocketAddr,
    per_second: f64,
    span: Duration,
    request: impl Fn(usize) -> String + Sync,
) -> Answers {
    let (idle, answers) = (Mutex::new(Vec::new()), Mutex::new(Vec::new()));
    let begun = Instant::now();
    let arrive = |number: usize| {
        let mut connection = idle.lock().unwrap().pop();
        let request = request(number);
        let sent = Instant::now();
        let status = send(&mut connection, to, &request).ok();
        let answer = Answer { at: begun.elapsed(), took: sent.elapsed(), status };
        answers.lock().unwrap().push(answer);
        idle.lock().unwrap().extend(connection);
    };
    thread::scope(|scope| {
        for number in 0..(per_second * span.as_secs_f64()) as usize {
            wait_until(begun + Duration::from_secs_f64(number as f64 / per_second));
            let arrive = &arrive;
            let client = thread::Builder::new().stack_size(STACK_BYTES);
            client.spawn_scoped(scope, move || arrive(number)).unwrap();
        }
    });
    Answers(answers.into_inner().unwrap())
}

/// Sends over the connection, or over a new one if there is none. A broken connection is dropped.
fn send(connection: &mut Option<Connection>, to: SocketAddr, request: &str) -> io::Result<u16> {
    let mut open = match connection.take() {
        Some(open) => open,
        None => Connection::open(to)?,
    };
    let status = open.send(request)?;
    *connection = Some(open);
    Ok(status)
}

fn in_threads(count: usize, client: impl Fn(usize) -> Vec<Answer> + Sync) -> Answers {
    thread::scope(|scope| {
        let client = &client;
        let threads: Vec<_> = (0..count).map(|number| scope.spawn(move || client(number))).collect();
        Answers(threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect())
    })
}

fn wait_until(due: Instant) -> Instant {
    thread::sleep(due.saturating_duration_since(Instant::now()));
    Instant::now()
}
