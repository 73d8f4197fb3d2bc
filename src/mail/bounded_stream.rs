//! The connection to the mail server, which ends when a reply is too long: lettre parses a reply anew with each of
//! its lines, and a long one would take minutes in which no time limit is looked at.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use lettre::transport::smtp::client::AsyncTokioStream;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// The most bytes that the server may send without being asked for more: certificates have about ten thousand.
const MAX_REPLY: usize = 32 * 1024;

/// The most lines among them. Encrypted bytes, of which one in 256 looks like the end of a line, stay far below.
const MAX_LINES: usize = 512;

/// A TCP connection.
#[derive(Debug)]
pub(super) struct BoundedStream {
    socket: TcpStream,
    /// How many bytes arrived since something was written.
    received: usize,
    /// How many of them end a line.
    lines: usize,
}

impl BoundedStream {
    /// Connects to the first of these addresses that answers in time.
    ///
    /// # Errors
    /// That of the last address.
    pub(super) async fn connect(addresses: &[SocketAddr], timeout: Duration) -> io::Result<Self> {
        let mut last = io::ErrorKind::NotFound.into();
        for address in addresses {
            match tokio::time::timeout(timeout, TcpStream::connect(address)).await {
                Ok(Ok(socket)) => return Ok(Self { socket, received: 0, lines: 0 }),
                Ok(Err(error)) => last = error,
                Err(_) => last = io::ErrorKind::TimedOut.into(),
            }
        }
        Err(last)
    }
}

impl AsyncTokioStream for BoundedStream {
    fn peer_addr(&self) -> io::Result<SocketAddr> {
        self.socket.peer_addr()
    }
}

impl AsyncRead for BoundedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        into: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        if self.received > MAX_REPLY || self.lines > MAX_LINES {
            return Poll::Ready(Err(io::Error::new(io::ErrorKind::InvalidData, "the reply is too long")));
        }
        let before = into.filled().len();
        let read = Pin::new(&mut self.socket).poll_read(cx, into);
        let new = into.filled().get(before..).unwrap_or_default();
        self.received += new.len();
        self.lines += new.iter().filter(|byte| **byte == b'\n').count();
        read
    }
}

impl AsyncWrite for BoundedStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        (self.received, self.lines) = (0, 0);
        Pin::new(&mut self.socket).poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.socket).poll_shutdown(cx)
    }
}
