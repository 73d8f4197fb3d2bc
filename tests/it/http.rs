//! A raw HTTP/1.1 client: sends one request per connection, byte for byte as the test wrote it. No redirects,
//! cookies, retries or reuse of connections.
//!
//! ```ignore
//! let reply = send(addr, &Request::post("/api/login/").json(&json!({"username": "a"})))?;
//! assert_eq!(reply.status, 400);
//! ```

mod reply;
mod request;
mod wire;

use std::io::{self, BufReader, ErrorKind, Write};
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::Duration;

use rustix::net;

pub(crate) use reply::{Cookie, Reply};
pub(crate) use request::{Part, Request};

/// How long connecting, and each single read or write, may take.
const TIMEOUT: Duration = Duration::from_secs(30);

/// Sends `request` on a new connection and reads the whole answer.
///
/// # Errors
/// `UnexpectedEof` if the answer ends early; `InvalidData` if it is not HTTP/1.1; those of the socket.
pub(crate) fn send(addr: SocketAddr, request: &Request) -> io::Result<Reply> {
    send_bytes(addr, &request.to_bytes(addr))
}

/// Sends `request` from a chosen address of this machine (127.0.0.2, …).
pub(crate) fn send_from(source: IpAddr, addr: SocketAddr, request: &Request) -> io::Result<Reply> {
    let socket = net::socket(net::AddressFamily::INET, net::SocketType::STREAM, None)?;
    net::bind(&socket, &SocketAddr::new(source, 0))?;
    net::connect(&socket, &addr)?;
    exchange(socket.into(), &request.to_bytes(addr))
}

/// Sends bytes that need not be a request. A request should have `Connection: close`.
pub(crate) fn send_bytes(addr: SocketAddr, bytes: &[u8]) -> io::Result<Reply> {
    exchange(TcpStream::connect_timeout(&addr, TIMEOUT)?, bytes)
}

fn exchange(mut stream: TcpStream, bytes: &[u8]) -> io::Result<Reply> {
    stream.set_read_timeout(Some(TIMEOUT))?;
    stream.set_write_timeout(Some(TIMEOUT))?;
    match stream.write_all(bytes) {
        Err(error) if !closed_early(&error) => return Err(error),
        _ => {}
    }
    wire::read_reply(&mut BufReader::new(stream), bytes.starts_with(b"HEAD "))
}

/// Whether the server closed the connection before it read everything, as with 413. Its answer counts.
fn closed_early(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::BrokenPipe | ErrorKind::ConnectionReset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read;
    use std::net::TcpListener;
    use std::thread::{self, JoinHandle};

    /// Answers one connection with `answer`, and returns the request.
    fn serve_once(answer: &'static [u8]) -> (SocketAddr, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let request_text = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            let mut buffer = [0; 4096];
            let length = stream.read(&mut buffer).unwrap();
            stream.write_all(answer).unwrap();
            String::from_utf8(buffer[..length].to_vec()).unwrap()
        });
        (addr, request_text)
    }

    #[test]
    fn a_request_is_sent_byte_for_byte_and_its_answer_read() {
        let (addr, request_text) = serve_once(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi");
        let reply = send(addr, &Request::get("/x?y=1").header("X-Odd", " v ")).unwrap();
        assert_eq!((reply.status, reply.text().as_str()), (200, "hi"));
        let expected =
            format!("GET /x?y=1 HTTP/1.1\r\nHost: {addr}\r\nX-Odd:  v \r\nConnection: close\r\n\r\n");
        assert_eq!(request_text.join().unwrap(), expected);
    }

    #[test]
    fn the_answer_to_head_has_no_body_despite_its_length() {
        let (addr, _) = serve_once(b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
        let reply = send(addr, &Request::head("/")).unwrap();
        assert_eq!(reply.body, b"");
    }

    #[test]
    fn no_answer_is_an_error() {
        let (addr, _) = serve_once(b"");
        let error = send(addr, &Request::get("/")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::UnexpectedEof);
    }
}
