//! How long a client is waited for.

use std::time::Duration;

use tokio::time::Instant;

/// How fast a body has to arrive on average, in bytes a second, after [`Timeouts::body`].
const MIN_BODY_RATE: u64 = 1024;

/// How long a client is waited for, by what it is expected to do.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timeouts {
    /// To send the head of a request: from the connection or, later, from the head's first byte.
    pub head: Duration,
    /// To send the next request.
    pub idle: Duration,
    /// To send more of a body. Longer than handlers wait for a whole one, which they answer with 408.
    pub body: Duration,
    /// To send the rest of a body after the answer.
    pub rest: Duration,
    /// To read something of an answer.
    pub write: Duration,
    /// To read a refusal and close.
    pub close: Duration,
    /// For anything, once the server stops.
    pub stop: Duration,
}

impl Timeouts {
    /// With this timeout between requests.
    #[must_use]
    pub(crate) const fn with_idle(idle: Duration) -> Self {
        Self {
            head: Duration::from_secs(10),
            idle,
            body: Duration::from_secs(35),
            rest: Duration::from_secs(5),
            write: Duration::from_secs(30),
            close: Duration::from_secs(1),
            stop: Duration::from_secs(3),
        }
    }
}

/// What a client is expected to send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    /// Nothing.
    Nothing,
    /// The first request of a connection.
    FirstRequest,
    /// Another request.
    NextRequest,
    /// The rest of a head.
    Head,
    /// The rest of a body.
    Body,
    /// The rest of a body that was answered already.
    Rest,
    /// The end of the connection.
    Close,
}

/// A wait for a client.
#[derive(Clone, Copy, Debug)]
pub(super) struct Wait {
    pub expected: Expected,
    since: Instant,
    /// When the last byte arrived.
    progress: Instant,
    received: u64,
}

impl Wait {
    pub(super) const fn new(expected: Expected, now: Instant) -> Self {
        Self { expected, since: now, progress: now, received: 0 }
    }

    /// Notes that bytes arrived.
    pub(super) fn received(&mut self, bytes: usize, now: Instant) {
        self.progress = now;
        self.received += bytes as u64;
    }

    /// When the wait ends; `None` for never.
    pub(super) fn deadline(&self, timeouts: &Timeouts) -> Option<Instant> {
        match self.expected {
            Expected::Nothing => None,
            Expected::FirstRequest | Expected::Head => Some(self.since + timeouts.head),
            Expected::NextRequest => Some(self.since + timeouts.idle),
            Expected::Body => {
                let earned = Duration::from_secs(self.received / MIN_BODY_RATE);
                Some((self.since + timeouts.body + earned).min(self.progress + timeouts.body))
            }
            Expected::Rest => Some(self.since + timeouts.rest),
            Expected::Close => Some(self.since + timeouts.close),
        }
    }
}
