//! Three ways to load a server: clients that wait for their answer (closed), one that looks in at a
//! steady pace (paced), and a crowd that comes whether or not the others were answered (open).
//!
//! A load takes `request`, which makes the text of the request for a client and a count.

use std::io;
use std::net::SocketAddr;
use std::sync::Mutex;
use std::thread;
use std::time::{Duration, Instant};

use super::client::Connection;

/// Over how many connections the steady pace is spread, as over as many clients.
const PACED_CONNECTIONS: usize = 8;
/// How long a refused client stays away.
const REFUSED: Duration = Duration::from_secs(1);
/// A thread for each waiting client of a crowd must not cost much.
const STACK_BYTES: usize = 64 * 1024;

/// What became of one request.
#[derive(Clone, Copy)]
pub(crate) struct Answer {
    /// When it was answered, from the begin of the load.
    pub at: Duration,
    /// How long it took.
    pub took: Duration,
    /// The status, or `None` if there was no answer.
    pub status: Option<u16>,
}

/// What became of all requests of a load.
pub(crate) struct Answers(pub Vec<Answer>);

impl Answers {
    /// How long those with this status took.
    pub(crate) fn times(&self, status: u16) -> Vec<Duration> {
        self.0.iter().filter(|answer| answer.status == Some(status)).map(|answer| answer.took).collect()
    }

    /// How many had this status.
    pub(crate) fn count(&self, status: u16) -> usize {
        self.0.iter().filter(|answer| answer.status == Some(status)).count()
    }

    /// How many were answered with `status` each second between two moments of the load.
    pub(crate) fn per_second(&self, status: u16, from: Duration, to: Duration) -> f64 {
        let within = |answer: &&Answer| answer.status == Some(status) && answer.at > from && answer.at <= to;
        self.0.iter().filter(within).count() as f64 / (to - from).as_secs_f64()
    }

    /// The same, without the first tenth of the span, in which a load is not yet a steady one.
    pub(crate) fn steady(&self, status: u16, span: Duration) -> f64 {
        self.per_second(status, span / 10, span)
    }

    /// How many had none of these statuses.
    pub(crate) fn other_than(&self, statuses: &[u16]) -> usize {
        self.0.iter().filter(|answer| answer.status.is_none_or(|status| !statuses.contains(&status))).count()
    }
}

/// `clients` that each send the next request as soon as the last is answered, for `span`. Who is
/// refused comes back after a second, as a 503 asks at least.
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

/// `per_second` requests at even distances for `span`, each by a client of its own, who comes
/// whatever became of the others; waits for the last answer. Idle connections are used again.
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

/// Sends over the connection, or over a new one where there is none. A broken one is let go.
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
