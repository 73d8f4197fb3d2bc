//! A client that keeps its connection, and the requests it sends.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::Duration;

use super::users::{PASSWORD, name};

/// A client that waits longer than this gets no answer.
const PATIENCE: Duration = Duration::from_secs(60);

/// One HTTP/1.1 connection, one request at a time.
pub(crate) struct Connection {
    stream: BufReader<TcpStream>,
    head: String,
}

impl Connection {
    pub(crate) fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { stream: BufReader::new(stream), head: String::new() })
    }

    /// A header of the last answer.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (field, value) = line.split_once(':')?;
            field.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }

    /// Sends a request, reads the whole answer, and returns its status.
    pub(crate) fn send(&mut self, request: &str) -> io::Result<u16> {
        self.stream.get_mut().write_all(request.as_bytes())?;
        self.head.clear();
        while !self.head.ends_with("\r\n\r\n") {
            if self.stream.read_line(&mut self.head)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        let length = self.header("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        self.stream.read_exact(&mut vec![0; length])?;
        let status = self.head.get(9..12).and_then(|status| status.parse().ok());
        status.ok_or_else(|| io::ErrorKind::InvalidData.into())
    }
}

pub(crate) fn get(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\n{headers}\r\n")
}

/// `GET /api/user/` with a token.
pub(crate) fn get_user(token: &str) -> String {
    get("/api/user/", &format!("Authorization: Bearer {token}\r\n"))
}

/// A form, as a browser sends it.
pub(crate) fn form(path: &str, fields: &str) -> String {
    let length = fields.len();
    let kind = "application/x-www-form-urlencoded";
    format!(
        "POST {path} HTTP/1.1\r\nHost: bench\r\nContent-Type: {kind}\r\nContent-Length: {length}\r\n\r\n{fields}"
    )
}

/// A login of the `number`th user with the right password.
pub(crate) fn login(number: usize) -> String {
    login_as(&name(number), PASSWORD, number)
}

/// A login with a client address of its own for each `caller`, so that callers share no rate limit.
pub(crate) fn login_as(name: &str, password: &str, caller: usize) -> String {
    let address = Ipv4Addr::from_bits(0x0a00_0000 | (caller as u32 & 0x00ff_ffff));
    let body = format!(r#"{{"username":"{name}","password":"{password}"}}"#);
    format!(
        "POST /api/login/ HTTP/1.1\r\nHost: bench\r\nX-Forwarded-For: {address}\r\n\
         Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}
