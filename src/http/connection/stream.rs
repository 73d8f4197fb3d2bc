//! The stream of a connection, between the socket and Actix. Actix 4 measures the time of the first head alone,
//! reads all requests that a client sends ahead, and waits without end for a client that does not read. So
//! this stream passes on one request at a time and ends the connection when its client takes too long.

use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep, sleep_until};

use super::framing::{HeadRefusal, RequestBuffer, RequestPart};
use super::table::{ConnectionPlace, ConnectionState, ConnectionUse};
use super::timeouts::{Expected, Timeouts, Wait};

/// How many bytes are read at once.
const READ_SIZE: usize = 8 * 1024;

/// The answers that Actix does not get to give.
const TIMED_OUT: &str = "HTTP/1.1 408 Request Timeout\r\nconnection: close\r\n\
    content-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\n\
    content-length: 48\r\n\r\nThe head of the request did not arrive in time.\n";
const TOO_LARGE: &str = "HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\n\
    content-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\n\
    content-length: 46\r\n\r\nThe head of the request has more than 64 KiB.\n";
const HTTP_2: &str = "HTTP/1.1 505 HTTP Version Not Supported\r\nconnection: close\r\n\
    content-type: text/plain; charset=utf-8\r\nx-content-type-options: nosniff\r\n\
    content-length: 43\r\n\r\nHTTP/2 is not served here: send HTTP/1.1.\r\n";

/// A connection with deadlines. `S` is the socket.
#[derive(Debug)]
pub(crate) struct GuardedStream<S> {
    socket: S,
    buffer: RequestBuffer,
    /// How many requests were passed on whole.
    requests: u64,
    /// How many answers were written to the socket.
    answers: u64,
    /// How many bytes of the current request were received.
    held: usize,
    /// Whether no more is read: the client closed, or the connection ends.
    is_ended: bool,
    /// What is still to be written of a refusal.
    refusal: &'static [u8],
    wait: Wait,
    /// Since when the client reads nothing of an answer.
    blocked: Option<Instant>,
    timer: Option<Pin<Box<Sleep>>>,
    timeouts: Timeouts,
    place: ConnectionPlace,
}

impl<S: AsyncRead + AsyncWrite + Unpin> GuardedStream<S> {
    pub(crate) fn new(socket: S, place: ConnectionPlace, timeouts: Timeouts) -> Self {
        let now = Instant::now();
        place.set_use(ConnectionUse::BetweenRequests, now);
        Self {
            socket,
            buffer: RequestBuffer::default(),
            requests: 0,
            answers: 0,
            held: 0,
            is_ended: false,
            refusal: b"",
            wait: Wait::new(Expected::FirstRequest, now),
            blocked: None,
            timer: None,
            timeouts,
            place,
        }
    }

    /// What handlers know of the connection.
    pub(crate) fn state(&self) -> &Arc<ConnectionState> {
        &self.place.state
    }

    fn expected(&self) -> Expected {
        let is_answered = self.answers == self.requests;
        match self.buffer.part() {
            RequestPart::Start if self.requests == 0 => Expected::FirstRequest,
            RequestPart::Start => Expected::NextRequest,
            RequestPart::Head | RequestPart::NotHttp => Expected::Head,
            RequestPart::Body if is_answered => Expected::Rest,
            RequestPart::Body => Expected::Body,
            RequestPart::Complete => Expected::Nothing,
        }
    }

    /// Begins another wait, if another thing is expected.
    fn update(&mut self) {
        let expected = self.expected();
        if expected != self.wait.expected && self.wait.expected != Expected::Close {
            let now = Instant::now();
            self.wait = Wait::new(expected, now);
            self.set_use(now);
        }
    }

    fn set_use(&self, now: Instant) {
        let usage = match self.wait.expected {
            _ if self.blocked.is_some() => ConnectionUse::WithinRequest,
            Expected::Nothing => ConnectionUse::Busy,
            Expected::Body => ConnectionUse::WithinRequest,
            _ => ConnectionUse::BetweenRequests,
        };
        self.place.set_use(usage, now);
    }

    fn deadline(&self) -> Option<Instant> {
        let read = self.wait.deadline(&self.timeouts);
        let write = self.blocked.map(|since| since + self.timeouts.write);
        let deadline = read.into_iter().chain(write).min()?;
        Some(match self.place.stop() {
            Some(stop) => deadline.min(stop + self.timeouts.stop),
            None => deadline,
        })
    }

    /// Whether the connection has to make room for another, and its client is waited for.
    fn is_evicted(&self) -> bool {
        self.place.is_evicted() && (self.wait.expected != Expected::Nothing || self.blocked.is_some())
    }

    /// Whether the client took too long. If not, the task is woken when it will have.
    fn has_expired(&mut self, cx: &mut Context<'_>) -> bool {
        if self.is_evicted() {
            return true;
        }
        let Some(deadline) = self.deadline() else { return false };
        if Instant::now() >= deadline {
            return true;
        }
        // A timer that ends earlier stays: setting one for each request would cost more.
        let timer = self.timer.get_or_insert_with(|| Box::pin(sleep_until(deadline)));
        if timer.deadline() > deadline {
            timer.as_mut().reset(deadline);
        }
        while timer.as_mut().poll(cx).is_ready() {
            if Instant::now() >= deadline {
                return true;
            }
            timer.as_mut().reset(deadline);
        }
        false
    }

    /// Whether the time is over for a client that sends without pause: the timer is not asked meanwhile.
    fn is_over(&self) -> bool {
        self.is_evicted() || self.deadline().is_some_and(|deadline| Instant::now() >= deadline)
    }

    /// Says how many bytes of a request that was not answered this connection holds.
    fn hold(&mut self, bytes: usize) {
        if bytes != self.held {
            self.held = bytes;
            self.place.hold(bytes);
        }
    }

    /// Ends the connection, with a refusal if the client may be waiting for an answer.
    fn end(&mut self, refusal: &'static str) {
        self.is_ended = true;
        self.refusal = refusal.as_bytes();
    }

    fn refuse(&mut self, refusal: HeadRefusal) {
        self.end(match refusal {
            HeadRefusal::TooLarge => TOO_LARGE,
            HeadRefusal::Http2 => HTTP_2,
        });
    }

    /// Reads from the socket. `Ready` if there is something new: bytes, or the end.
    fn poll_receive(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let mut bytes = [const { MaybeUninit::uninit() }; READ_SIZE];
        let mut read = ReadBuf::uninit(&mut bytes);
        if !self.buffer.is_full() {
            match Pin::new(&mut self.socket).poll_read(cx, &mut read) {
                Poll::Ready(Ok(())) if read.filled().is_empty() => self.is_ended = true,
                Poll::Ready(Ok(())) => self.receive(read.filled()),
                Poll::Ready(Err(error)) => return Poll::Ready(Err(error)),
                Poll::Pending => {}
            }
            if !self.is_ended && !read.filled().is_empty() {
                self.is_ended = self.is_over();
            }
            if self.is_ended || !read.filled().is_empty() {
                return Poll::Ready(Ok(()));
            }
        }
        if !self.has_expired(cx) {
            return Poll::Pending;
        }
        // A client that has sent nothing yet expects no answer.
        self.end(if self.wait.expected == Expected::Head { TIMED_OUT } else { "" });
        Poll::Ready(Ok(()))
    }

    fn receive(&mut self, bytes: &[u8]) {
        let was_in_head = matches!(self.buffer.part(), RequestPart::Start | RequestPart::Head);
        if let Err(refusal) = self.buffer.push(bytes) {
            self.refuse(refusal);
        } else if was_in_head && matches!(self.buffer.part(), RequestPart::Body | RequestPart::Complete) {
            self.requests += 1;
        }
        self.update();
        // What follows an answer is discarded.
        if self.wait.expected != Expected::Rest {
            self.hold(self.held + bytes.len());
        }
        if self.wait.expected == Expected::Body {
            self.wait.received(bytes.len(), Instant::now());
        }
    }

    /// Reads what the client still sends, until it closes or its time is over.
    fn poll_discard(&mut self, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            let mut bytes = [const { MaybeUninit::uninit() }; READ_SIZE];
            let mut read = ReadBuf::uninit(&mut bytes);
            match Pin::new(&mut self.socket).poll_read(cx, &mut read)? {
                Poll::Ready(()) if read.filled().is_empty() || self.is_over() => return Poll::Ready(Ok(())),
                Poll::Ready(()) => {}
                Poll::Pending if self.has_expired(cx) => return Poll::Ready(Ok(())),
                Poll::Pending => return Poll::Pending,
            }
        }
    }

    /// Notes how much is answered. Actix flushes when it has written all that it has, and reads again only if
    /// it is woken.
    fn written(&mut self, cx: &mut Context<'_>) {
        let answers = self.place.state.answered();
        if answers == self.answers {
            return;
        }
        self.answers = answers;
        self.hold(self.buffer.length());
        let was_full = self.buffer.is_full();
        let has_advanced = self.advance();
        self.update();
        let has_more = was_full || self.is_ended || !self.buffer.passable().is_empty();
        if has_advanced && has_more || self.has_expired(cx) {
            cx.waker().wake_by_ref();
        }
    }

    /// Goes on with the next request, if this one is complete, passed on and answered. Whether it does.
    fn advance(&mut self) -> bool {
        let is_passed_on = self.buffer.part() == RequestPart::Complete && self.buffer.passable().is_empty();
        if !is_passed_on || self.answers != self.requests {
            return false;
        }
        if let Err(refusal) = self.buffer.next_request() {
            self.refuse(refusal);
        } else if matches!(self.buffer.part(), RequestPart::Body | RequestPart::Complete) {
            self.requests += 1;
        }
        self.update();
        true
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncRead for GuardedStream<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let this = &mut *self;
        this.place.state.waker.register(cx.waker());
        loop {
            let passable = this.buffer.passable();
            if !passable.is_empty() {
                let count = passable.len().min(into.remaining());
                into.put_slice(passable.get(..count).unwrap_or_default());
                this.buffer.pass(count);
                return Poll::Ready(Ok(()));
            }
            this.advance();
            if this.is_ended {
                return Poll::Ready(Ok(()));
            }
            if this.buffer.passable().is_empty() {
                std::task::ready!(this.poll_receive(cx))?;
            }
        }
    }
}

impl<S: AsyncRead + AsyncWrite + Unpin> AsyncWrite for GuardedStream<S> {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = &mut *self;
        let written = Pin::new(&mut this.socket).poll_write(cx, bytes);
        let is_blocked = written.is_pending();
        if is_blocked != this.blocked.is_some() {
            let now = Instant::now();
            this.blocked = is_blocked.then_some(now);
            this.set_use(now);
        }
        if is_blocked && this.has_expired(cx) {
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        std::task::ready!(Pin::new(&mut self.socket).poll_flush(cx))?;
        self.written(cx);
        Poll::Ready(Ok(()))
    }

    /// Writes a refusal and waits a little until the client has read it: closing a socket with unread bytes
    /// resets the connection, which may destroy what the client has not read yet.
    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let has_refusal = !self.refusal.is_empty() || self.wait.expected == Expected::Close;
        while !self.refusal.is_empty() {
            let refusal = self.refusal;
            let count = std::task::ready!(self.as_mut().poll_write(cx, refusal))?;
            self.refusal = refusal.get(count..).unwrap_or_default();
            self.wait = Wait::new(Expected::Close, Instant::now());
        }
        std::task::ready!(Pin::new(&mut self.socket).poll_shutdown(cx))?;
        if has_refusal {
            std::task::ready!(self.poll_discard(cx))?;
        }
        Poll::Ready(Ok(()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream, duplex};

    use super::super::table::ConnectionTable;
    use super::*;

    const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    const POST: &[u8] = b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n";
    const IDLE: u64 = 660;

    /// A connection, its client, and the table that it is in.
    struct Pair {
        server: GuardedStream<DuplexStream>,
        client: DuplexStream,
        table: Arc<ConnectionTable>,
        start: Instant,
    }

    fn pair() -> Pair {
        let table = ConnectionTable::with(1, 1, Vec::new());
        let place = table.admit([127, 0, 0, 1].into()).unwrap();
        let (socket, client) = duplex(1 << 20);
        let timeouts = Timeouts::with_idle(Duration::from_secs(IDLE));
        let server = GuardedStream::new(socket, place, timeouts);
        Pair { server, client, table, start: Instant::now() }
    }

    impl Pair {
        async fn send(&mut self, bytes: &[u8]) {
            self.client.write_all(bytes).await.unwrap();
        }

        /// What Actix gets at once.
        async fn received(&mut self) -> Vec<u8> {
            let mut bytes = vec![0; 1 << 18];
            let count = self.server.read(&mut bytes).await.unwrap();
            bytes.truncate(count);
            bytes
        }

        /// Answers as Actix does: the body is dropped, then all is written and flushed.
        async fn answer(&mut self, bytes: &[u8]) {
            self.server.state().count_answer();
            self.server.write_all(bytes).await.unwrap();
            self.server.flush().await.unwrap();
        }

        async fn exchange(&mut self) {
            self.send(GET).await;
            assert_eq!(self.received().await, GET);
            self.answer(b"").await;
        }

        /// After how many seconds the connection ends, and what its client was sent.
        async fn end(mut self) -> (u64, String) {
            while !self.received().await.is_empty() {}
            let seconds = self.start.elapsed().as_secs();
            let closing = async { self.server.shutdown().await.unwrap() };
            let mut sent = String::new();
            let reading = async { self.client.read_to_string(&mut sent).await.unwrap() };
            tokio::join!(closing, reading);
            (seconds, sent)
        }
    }

    fn is_timeout(sent: &str) -> bool {
        sent.starts_with("HTTP/1.1 408 ")
    }

    #[tokio::test(start_paused = true)]
    async fn a_connection_without_a_request_ends_without_a_word() {
        assert_eq!(pair().end().await, (10, String::new()));
        let mut idle = pair();
        idle.exchange().await;
        assert_eq!(idle.end().await, (IDLE, String::new()));
        let mut blank = pair();
        blank.exchange().await;
        blank.send(b"\r\n\r\n").await;
        assert_eq!(blank.end().await, (IDLE, String::new()));
    }

    #[tokio::test(start_paused = true)]
    async fn half_a_head_is_refused_in_time_as_the_first_or_a_later_one_and_beside_another() {
        for before in [&b""[..], GET] {
            let mut pair = pair();
            pair.send(&[before, b"GET / HTTP/1.1\r\nHost"].concat()).await;
            if !before.is_empty() {
                assert_eq!(pair.received().await, GET);
                pair.answer(b"").await;
            }
            let (seconds, sent) = pair.end().await;
            assert_eq!((seconds, is_timeout(&sent)), (10, true));
        }
        let mut later = pair();
        later.exchange().await;
        tokio::time::sleep(Duration::from_secs(100)).await;
        later.send(b"G").await;
        let (seconds, sent) = later.end().await;
        assert_eq!((seconds, is_timeout(&sent)), (110, true));
    }

    #[tokio::test(start_paused = true)]
    async fn a_head_that_arrives_byte_by_byte_has_no_more_time() {
        let Pair { mut server, mut client, start, .. } = pair();
        let trickle = tokio::spawn(async move {
            while client.write_all(b"G").await.is_ok() {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        });
        assert_eq!(server.read(&mut [0; 10]).await.unwrap(), 0);
        assert_eq!(start.elapsed().as_secs(), 10);
        trickle.abort();
    }

    #[tokio::test(start_paused = true)]
    async fn a_running_request_has_no_deadline_and_the_next_one_waits_for_its_answer() {
        let mut pair = pair();
        pair.send(&[GET, POST].concat()).await;
        assert_eq!(pair.received().await, GET);
        let early = tokio::time::timeout(Duration::from_secs(10_000), pair.received()).await;
        assert!(early.is_err(), "{early:?}");
        pair.answer(b"").await;
        assert_eq!(pair.received().await, POST);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_stops_or_is_too_slow_ends_the_connection() {
        let mut stalled = pair();
        stalled.send(&[POST, b"x"].concat()).await;
        assert_eq!(stalled.end().await, (35, String::new()));

        let mut slow = pair();
        slow.send(POST).await;
        let Pair { mut server, mut client, start, .. } = slow;
        tokio::spawn(async move {
            while client.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_secs(5)).await;
            }
        });
        while server.read(&mut [0; 100]).await.unwrap() > 0 {}
        assert_eq!(start.elapsed().as_secs(), 35);
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_at_the_least_rate_arrives() {
        let mut pair = pair();
        pair.send(POST).await;
        assert_eq!(pair.received().await, POST);
        for _ in 0..10 {
            tokio::time::sleep(Duration::from_secs(9)).await;
            pair.send(&[b'x'; 10_000]).await;
            let mut count = 0;
            while count < 10_000 {
                count += pair.received().await.len();
            }
        }
        assert_eq!(pair.start.elapsed().as_secs(), 90);
        pair.answer(b"").await;
        assert_eq!(pair.end().await, (90 + IDLE, String::new()));
    }

    #[tokio::test(start_paused = true)]
    async fn the_rest_of_a_body_that_was_answered_has_little_time() {
        let mut pair = pair();
        pair.send(POST).await;
        assert_eq!(pair.received().await, POST);
        pair.answer(b"no").await;
        assert_eq!(pair.end().await, (5, "no".to_owned()));
    }

    #[tokio::test]
    async fn a_client_that_sends_without_pause_has_no_more_time() {
        let chunked = b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
        for (head, flood) in [(&chunked[..], &b"1\r\nx\r\n"[..]), (b"", b"\r\n")] {
            let mut pair = pair();
            let short = Duration::from_millis(100);
            (pair.server.timeouts.rest, pair.server.timeouts.idle) = (short, short);
            pair.exchange().await;
            if !head.is_empty() {
                pair.send(head).await;
                assert_eq!(pair.received().await, head);
                pair.answer(b"").await;
            }
            let Pair { mut server, mut client, .. } = pair;
            let flooding = tokio::spawn(async move { while client.write_all(flood).await.is_ok() {} });
            let mut bytes = vec![0; 1 << 16];
            let reading = async { while server.read(&mut bytes).await.unwrap() > 0 {} };
            tokio::time::timeout(Duration::from_secs(20), reading).await.unwrap();
            flooding.abort();
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_read_ends_the_connection() {
        let mut pair = pair();
        pair.send(GET).await;
        pair.received().await;
        let error = pair.server.write_all(&vec![0; 2 << 20]).await.unwrap_err();
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(pair.start.elapsed().as_secs(), 30);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stop_waits_little_for_clients_but_not_less_for_handlers() {
        let mut half = pair();
        half.send(POST).await;
        half.table.stop();
        assert_eq!(half.end().await.0, 3);

        let mut unread = pair();
        unread.send(GET).await;
        unread.received().await;
        unread.table.stop();
        assert!(unread.server.write_all(&vec![0; 2 << 20]).await.is_err());
        assert_eq!(unread.start.elapsed().as_secs(), 3);

        let mut running = pair();
        running.send(GET).await;
        running.received().await;
        running.table.stop();
        assert!(tokio::time::timeout(Duration::from_secs(100), running.received()).await.is_err());
    }

    #[tokio::test(start_paused = true)]
    async fn an_idle_connection_makes_room_at_once_and_a_running_request_stays() {
        let mut idle = pair();
        idle.exchange().await;
        let table = Arc::clone(&idle.table);
        let ended = tokio::spawn(idle.end());
        tokio::task::yield_now().await;
        let _place = table.admit([127, 0, 0, 1].into()).unwrap();
        assert_eq!(ended.await.unwrap(), (0, String::new()));

        let mut running = pair();
        running.send(GET).await;
        running.received().await;
        assert!(running.table.admit([127, 0, 0, 1].into()).is_none());
        running.answer(b"done").await;
        assert_eq!(running.end().await, (IDLE, "done".to_owned()));
    }

    #[tokio::test(start_paused = true)]
    async fn what_cannot_be_served_is_refused_in_words() {
        for (bytes, status) in [
            (&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"[..], "505"),
            (&[b"GET / HTTP/1.1\r\n", &[b'x'; 70_000][..], b": y\r\n\r\n"].concat(), "431"),
        ] {
            let mut pair = pair();
            pair.exchange().await;
            pair.send(bytes).await;
            let (seconds, sent) = pair.end().await;
            let (head, body) = sent.split_once("\r\n\r\n").unwrap();
            assert_eq!((seconds, head.split(' ').nth(1)), (0, Some(status)));
            assert!(head.contains(&format!("content-length: {}", body.len())), "{sent}");
        }
        for text in [TIMED_OUT, TOO_LARGE, HTTP_2] {
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            assert!(head.ends_with(&format!("content-length: {}", body.len())), "{text}");
        }
    }

    #[tokio::test]
    async fn a_client_that_goes_while_its_request_runs_is_noticed() {
        let mut pair = pair();
        pair.send(GET).await;
        pair.received().await;
        let Pair { mut server, client, .. } = pair;
        drop(client);
        assert_eq!(server.read(&mut [0; 10]).await.unwrap(), 0);
    }
}
