//! Where requests begin and end in the bytes of a connection (RFC 9112 §2 to §7). Actix parses them; this
//! only finds their ends, so that Actix gets one request at a time, and each head as a whole.

use std::ops::Range;

/// The largest head of a request, in bytes. `HeaderName` panics in Actix for a name of 64 KiB.
pub(crate) const MAX_HEAD: usize = 64 * 1024;

/// Up to how many bytes are read ahead while a request is answered. Reading notices that the client is gone.
const MAX_READ_AHEAD: usize = 4 * 1024;

/// The most headers, which is Actix's own limit.
const MAX_HEADERS: usize = 96;

/// The buffer of a connection without bytes keeps no more memory than this.
const MAX_SPARE: usize = 1024;

/// Why bytes are not passed on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeadRefusal {
    /// The head is larger than `MAX_HEAD`.
    TooLarge,
    /// The preface of HTTP/2 (RFC 9113 §3.4).
    Http2,
}

/// The part of a request that the next byte from the client belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RequestPart {
    /// The head. No byte of it was received.
    Start,
    /// The head, of which some bytes were received.
    Head,
    /// The body.
    Body,
    /// None: the request is complete.
    Complete,
    /// What is not HTTP: Actix answers it and closes.
    NotHttp,
}

/// The bytes that were received and not passed on.
#[derive(Debug, Default)]
pub struct RequestBuffer {
    bytes: Vec<u8>,
    /// How many of them may be passed on.
    passable: usize,
    part: Part,
    /// The end of the head is not before this.
    searched: usize,
    /// The length at which an incomplete head is checked again.
    check_at: usize,
}

#[derive(Clone, Copy, Debug, Default)]
enum Part {
    #[default]
    Head,
    Length(u64),
    Chunks(Chunk),
    Complete,
    NotHttp,
}

/// A position in a chunked body (RFC 9112 §7.1). Actix checks the syntax.
#[derive(Clone, Copy, Debug)]
enum Chunk {
    /// In the line with the size.
    Size { size: u64, has_ended: bool },
    /// In the data, with so many bytes left.
    Data(u64),
    /// In the line end after the data.
    DataEnd,
    /// In a line of the trailer section.
    Trailer { is_empty: bool },
}

impl RequestBuffer {
    /// Adds bytes from the client.
    ///
    /// # Errors
    /// If they begin a request that cannot be passed on. The connection has to be closed.
    pub fn push(&mut self, bytes: &[u8]) -> Result<(), HeadRefusal> {
        self.bytes.extend_from_slice(bytes);
        self.scan()
    }

    /// Bytes of the current request that may be passed on.
    pub fn passable(&self) -> &[u8] {
        self.bytes.get(..self.passable).unwrap_or_default()
    }

    /// How many bytes there are.
    pub fn length(&self) -> usize {
        self.bytes.len()
    }

    /// Forgets bytes that were passed on.
    pub fn pass(&mut self, count: usize) {
        self.bytes.drain(..count);
        self.passable -= count;
        if self.bytes.is_empty() && self.bytes.capacity() > MAX_SPARE {
            self.bytes = Vec::new();
        }
    }

    /// The part that the next byte belongs to.
    pub fn part(&self) -> RequestPart {
        match self.part {
            Part::Head if self.bytes.is_empty() => RequestPart::Start,
            Part::Head => RequestPart::Head,
            Part::Length(_) | Part::Chunks(_) => RequestPart::Body,
            Part::Complete => RequestPart::Complete,
            Part::NotHttp => RequestPart::NotHttp,
        }
    }

    /// Whether enough was read ahead.
    pub fn is_full(&self) -> bool {
        matches!(self.part, Part::Complete) && self.bytes.len() >= MAX_READ_AHEAD
    }

    /// Goes on with the next request, after a complete one was answered.
    ///
    /// # Errors
    /// As [`Self::push`].
    pub fn next_request(&mut self) -> Result<(), HeadRefusal> {
        self.part = Part::Head;
        (self.searched, self.check_at) = (0, 0);
        self.scan()
    }

    fn scan(&mut self) -> Result<(), HeadRefusal> {
        if let Part::Head = self.part {
            self.scan_head()?;
        }
        let new = self.bytes.get(self.passable..).unwrap_or_default();
        match &mut self.part {
            Part::Length(left) => {
                let taken = new.len().min(usize::try_from(*left).unwrap_or(usize::MAX));
                self.passable += taken;
                *left -= taken as u64;
                if *left == 0 {
                    self.part = Part::Complete;
                }
            }
            Part::Chunks(chunk) => {
                let (taken, is_end) = chunk.advance(new);
                self.passable += taken;
                if is_end {
                    self.part = Part::Complete;
                }
            }
            Part::NotHttp => self.passable = self.bytes.len(),
            Part::Head | Part::Complete => {}
        }
        Ok(())
    }

    fn scan_head(&mut self) -> Result<(), HeadRefusal> {
        // Empty lines before a request are ignored (RFC 9112 §2.2).
        let blank = self.bytes.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        if self.searched == 0 && blank > 0 {
            self.bytes.drain(..blank);
        }
        if self.bytes.starts_with(b"PRI * HTTP/2") {
            return Err(HeadRefusal::Http2);
        }
        let end = self.end_of_head();
        if end.unwrap_or(self.bytes.len()) > MAX_HEAD {
            return Err(HeadRefusal::TooLarge);
        }
        self.searched = self.bytes.len();
        // An incomplete head is checked only when it has doubled, so that many small pieces cost no more.
        if end.is_none() && self.bytes.len() < self.check_at {
            return Ok(());
        }
        self.check_at = 2 * self.bytes.len();
        let head = self.bytes.get(..end.unwrap_or(self.bytes.len())).unwrap_or_default();
        match Head::parse(head) {
            Ok(Some(head)) => {
                self.passable = head.length;
                self.part = head.body;
                for range in head.upgrades {
                    self.bytes.get_mut(range).unwrap_or_default().fill(b' ');
                }
            }
            Ok(None) if end.is_none() => {}
            Ok(None) | Err(_) if !self.bytes.is_empty() => self.part = Part::NotHttp,
            Ok(None) | Err(_) => {}
        }
        Ok(())
    }

    /// The offset after the empty line.
    fn end_of_head(&self) -> Option<usize> {
        let start = self.searched.saturating_sub(2);
        let mut at = start;
        loop {
            let rest = self.bytes.get(at..)?;
            at += rest.iter().position(|byte| *byte == b'\n')? + 1;
            match self.bytes.get(at..)? {
                [b'\n', ..] => return Some(at + 1),
                [b'\r', b'\n', ..] => return Some(at + 2),
                _ => {}
            }
        }
    }
}

/// A complete head.
struct Head {
    length: usize,
    body: Part,
    /// Where it asks to change the protocol. A server may ignore that (RFC 9110 §7.8), but Actix would answer
    /// `Connection: upgrade` and close, and take all bytes after `Upgrade: websocket` for a body.
    upgrades: Vec<Range<usize>>,
}

impl Head {
    /// `None` if it is incomplete.
    fn parse(bytes: &[u8]) -> Result<Option<Self>, httparse::Error> {
        let mut headers = [httparse::EMPTY_HEADER; MAX_HEADERS];
        let mut request = httparse::Request::new(&mut headers);
        let httparse::Status::Complete(length) = request.parse(bytes)? else { return Ok(None) };
        let (mut body, mut upgrades) = (Part::Complete, Vec::new());
        for header in request.headers {
            if header.name.eq_ignore_ascii_case("content-length") && !matches!(body, Part::Chunks(_)) {
                let length = str::from_utf8(header.value).ok().and_then(|text| text.trim().parse().ok());
                body = length.filter(|length| *length > 0).map_or(Part::Complete, Part::Length);
            } else if header.name.eq_ignore_ascii_case("transfer-encoding") {
                body = Part::Chunks(Chunk::Size { size: 0, has_ended: false });
            } else if header.name.eq_ignore_ascii_case("connection") {
                let options = header.value.split(|byte| *byte == b',').map(<[u8]>::trim_ascii);
                let upgrade = options.filter(|option| option.eq_ignore_ascii_case(b"upgrade"));
                upgrades.extend(upgrade.map(|option| range_in(bytes, option)));
            } else if header.name.eq_ignore_ascii_case("upgrade") {
                upgrades.push(range_in(bytes, header.value));
            }
        }
        Ok(Some(Self { length, body, upgrades }))
    }
}

/// Where `part` is in `whole`, of which it is a slice.
fn range_in(whole: &[u8], part: &[u8]) -> Range<usize> {
    let start = part.as_ptr() as usize - whole.as_ptr() as usize;
    start..start + part.len()
}

impl Chunk {
    /// How many of the bytes belong to the body, and whether it ends with them.
    fn advance(&mut self, bytes: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while let Some(byte) = bytes.get(at) {
            if let Self::Data(left) = self {
                let taken = (bytes.len() - at).min(usize::try_from(*left).unwrap_or(usize::MAX));
                at += taken;
                *left -= taken as u64;
                if *left == 0 {
                    *self = Self::DataEnd;
                }
                continue;
            }
            at += 1;
            *self = match *self {
                Self::Trailer { is_empty: true } if *byte == b'\n' => return (at, true),
                other => other.after(*byte),
            };
        }
        (at, false)
    }

    /// The position after a byte that is neither data nor the last one.
    fn after(self, byte: u8) -> Self {
        match (self, byte) {
            (Self::Size { size: 0, .. }, b'\n') => Self::Trailer { is_empty: true },
            (Self::Size { size, .. }, b'\n') => Self::Data(size),
            (Self::Size { size, has_ended: false }, _) => match char::from(byte).to_digit(16) {
                Some(digit) => Self::Size {
                    size: size.saturating_mul(16).saturating_add(digit.into()),
                    has_ended: false,
                },
                None => Self::Size { size, has_ended: true },
            },
            (Self::DataEnd, b'\n') => Self::Size { size: 0, has_ended: false },
            (Self::Trailer { .. }, b'\n') => Self::Trailer { is_empty: true },
            (Self::Trailer { is_empty }, _) => Self::Trailer { is_empty: is_empty && byte == b'\r' },
            (same, _) => same,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// What is passed on of `bytes` that arrive in pieces of `size`, request by request.
    fn requests(bytes: &[u8], size: usize) -> (Vec<String>, RequestPart) {
        let mut buffer = RequestBuffer::default();
        let (mut requests, mut current) = (Vec::new(), Vec::new());
        for piece in bytes.chunks(size) {
            buffer.push(piece).unwrap();
            loop {
                current.extend_from_slice(buffer.passable());
                buffer.pass(buffer.passable().len());
                if buffer.part() != RequestPart::Complete {
                    break;
                }
                requests.push(String::from_utf8(std::mem::take(&mut current)).unwrap());
                buffer.next_request().unwrap();
            }
        }
        (requests, buffer.part())
    }

    const GET: &str = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";

    #[test]
    fn requests_are_passed_on_one_by_one_however_they_arrive() {
        let post = "POST / HTTP/1.1\r\nHost: x\r\ncontent-length: 5\r\n\r\nGET /";
        let chunked = "PUT / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n\
                       3;x=\"y\"\r\nabc\r\n0A\r\n0123\r\n\r\n789\r\n0\r\nTrailer: 1\r\n\r\n";
        let bare = "GET /bare HTTP/1.0\nHost: x\n\n";
        let all = [GET, post, GET, chunked, bare, chunked, GET].concat();
        for size in [1, 2, 3, 7, 64, 10_000] {
            let (passed, part) = requests(all.as_bytes(), size);
            assert_eq!(passed, [GET, post, GET, chunked, bare, chunked, GET], "{size}");
            assert_eq!(part, RequestPart::Start);
        }
    }

    #[test]
    fn the_part_of_an_unfinished_request_is_known() {
        for (bytes, part) in [
            ("", RequestPart::Start),
            ("\r\n\r\n", RequestPart::Start),
            ("G", RequestPart::Head),
            ("GET / HTTP/1.1\r\nHost: x\r\n", RequestPart::Head),
            ("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nx", RequestPart::Body),
            ("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n", RequestPart::Body),
            ("\u{16}\u{3}\u{1}", RequestPart::NotHttp),
            ("GET / HTTP/9.9\r\n\r\n", RequestPart::NotHttp),
        ] {
            assert_eq!(requests(bytes.as_bytes(), 1000), (vec![], part), "{bytes:?}");
        }
    }

    #[test]
    fn a_head_is_passed_on_as_a_whole_and_what_is_not_http_at_once() {
        let mut buffer = RequestBuffer::default();
        buffer.push(b"GET / HTTP/1.1\r\nHost: x").unwrap();
        assert_eq!(buffer.passable(), b"");
        buffer.push(b"\r\n\r\n").unwrap();
        assert_eq!(buffer.passable(), GET.as_bytes());
        let mut buffer = RequestBuffer::default();
        buffer.push(b"\0\0").unwrap();
        assert_eq!(buffer.passable(), b"\0\0");
    }

    #[test]
    fn a_head_over_the_limit_is_refused_before_it_is_complete() {
        let with_name =
            |length: usize| format!("GET / HTTP/1.1\r\nHost: x\r\n{}: y\r\n\r\n", "n".repeat(length));
        assert_eq!(RequestBuffer::default().push(with_name(60_000).as_bytes()), Ok(()));
        for bytes in [with_name(65_536), with_name(70_000), "x".repeat(MAX_HEAD + 1)] {
            assert_eq!(RequestBuffer::default().push(bytes.as_bytes()), Err(HeadRefusal::TooLarge));
        }
        let mut buffer = RequestBuffer::default();
        let begun = (0..).take_while(|_| buffer.push(b"aaaaaaaaaaaaaaaaaaaaa").is_ok()).count();
        assert!(begun * 21 <= MAX_HEAD, "{begun}");
    }

    #[test]
    fn the_preface_of_http2_is_recognised_also_as_a_later_request() {
        let preface = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
        assert_eq!(RequestBuffer::default().push(preface), Err(HeadRefusal::Http2));
        let mut buffer = RequestBuffer::default();
        buffer.push(&[GET.as_bytes(), preface].concat()).unwrap();
        buffer.pass(GET.len());
        assert_eq!(buffer.next_request(), Err(HeadRefusal::Http2));
    }

    #[test]
    fn offers_of_another_protocol_are_blanked() {
        for (head, passed) in [
            (
                "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c",
                "Connection:        , HTTP2-Settings\r\nUpgrade:    ",
            ),
            ("connection: keep-alive,UPGRADE", "connection: keep-alive,       "),
            ("Upgrade: websocket\r\nConnection: close", "Upgrade:          \r\nConnection: close"),
            ("X-Upgrade: upgrade", "X-Upgrade: upgrade"),
        ] {
            let request = |head| format!("GET / HTTP/1.1\r\n{head}\r\n\r\n");
            assert_eq!(requests(request(head).as_bytes(), 9).0, [request(passed)]);
        }
    }

    #[test]
    fn little_is_read_ahead() {
        let mut buffer = RequestBuffer::default();
        buffer.push(GET.as_bytes()).unwrap();
        assert!(!buffer.is_full());
        buffer.push(&[b'x'; MAX_READ_AHEAD]).unwrap();
        assert!(buffer.is_full());
    }

    proptest! {
        #[test]
        fn pieces_of_any_size_are_the_same_as_the_whole(
            bytes in "(GET / HTTP/1.1|POST /|\r\n|\n|Host: x|Content-Length: 3|Transfer-Encoding: chunked|3|0|;|abc| ){0,30}",
            size in 1_usize..40,
        ) {
            let whole = requests(bytes.as_bytes(), usize::MAX);
            let pieces = requests(bytes.as_bytes(), size);
            // What is not HTTP may be noticed later: it ends the connection.
            if whole.1 != RequestPart::NotHttp && pieces.1 != RequestPart::NotHttp {
                prop_assert_eq!(whole, pieces);
            }
        }
    }
}
