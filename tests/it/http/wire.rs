//! Reads an answer from a connection, up to its end by RFC 9112 §6. Ignores anything after it.

use std::io::{self, BufRead, Error, ErrorKind, Read};

use super::Reply;

/// Reads one final answer. Skips interim ones (100, 103).
pub(crate) fn read_reply(from: &mut impl BufRead, to_head: bool) -> io::Result<Reply> {
    let (status, headers) = loop {
        let status = status(&line(from)?)?;
        let headers = headers(from)?;
        if !(100..200).contains(&status) {
            break (status, headers);
        }
    };
    let mut reply = Reply { status, headers, body: Vec::new() };
    if !to_head && !matches!(status, 204 | 304) {
        reply.body = body(from, &reply)?;
    }
    Ok(reply)
}

fn status(line: &str) -> io::Result<u16> {
    line.strip_prefix("HTTP/1.")
        .and_then(|rest| rest.split(' ').nth(1))
        .filter(|code| code.len() == 3)
        .and_then(|code| code.parse().ok())
        .ok_or_else(|| invalid("status line", line))
}

fn headers(from: &mut impl BufRead) -> io::Result<Vec<(String, String)>> {
    let mut fields = Vec::new();
    loop {
        let line = line(from)?;
        if line.is_empty() {
            return Ok(fields);
        }
        let (name, value) = line.split_once(':').ok_or_else(|| invalid("header", &line))?;
        fields.push((name.to_owned(), value.trim().to_owned()));
    }
}

/// RFC 9112 §6.3: by the transfer coding, else the length, else the end of the connection.
fn body(from: &mut impl BufRead, reply: &Reply) -> io::Result<Vec<u8>> {
    if let Some(coding) = reply.header("Transfer-Encoding") {
        return if coding.eq_ignore_ascii_case("chunked") {
            chunked(from)
        } else {
            Err(invalid("transfer coding", &coding))
        };
    }
    let mut body = Vec::new();
    match reply.header("Content-Length") {
        Some(length) => {
            let length = length.parse().map_err(|_| invalid("Content-Length", &length))?;
            read_exactly(from, length, &mut body)?;
        }
        None => {
            from.read_to_end(&mut body)?;
        }
    }
    Ok(body)
}

/// RFC 9112 §7.1, without extensions and trailers.
fn chunked(from: &mut impl BufRead) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let head = line(from)?;
        let size = head.split(';').next().unwrap_or_default().trim();
        let size = u64::from_str_radix(size, 16).map_err(|_| invalid("chunk size", &head))?;
        if size == 0 {
            headers(from)?;
            return Ok(body);
        }
        read_exactly(from, size, &mut body)?;
        let rest = line(from)?;
        if !rest.is_empty() {
            return Err(invalid("end of chunk", &rest));
        }
    }
}

fn read_exactly(from: &mut impl BufRead, length: u64, into: &mut Vec<u8>) -> io::Result<()> {
    let read = from.take(length).read_to_end(into)?;
    if read as u64 == length { Ok(()) } else { Err(cut_off()) }
}

fn line(from: &mut impl BufRead) -> io::Result<String> {
    let mut bytes = Vec::new();
    from.read_until(b'\n', &mut bytes)?;
    if bytes.pop() != Some(b'\n') {
        return Err(cut_off());
    }
    bytes.pop_if(|byte| *byte == b'\r');
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}

fn cut_off() -> Error {
    Error::new(ErrorKind::UnexpectedEof, "the answer is cut off")
}

fn invalid(what: &str, text: &str) -> Error {
    Error::new(ErrorKind::InvalidData, format!("bad {what}: {text:?}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(mut wire: &[u8]) -> io::Result<Reply> {
        read_reply(&mut wire, false)
    }

    fn body_of(wire: &str) -> String {
        read(wire.as_bytes()).unwrap().text()
    }

    #[test]
    fn a_length_bounds_the_body() {
        assert_eq!(body_of("HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabcd"), "abc");
    }

    #[test]
    fn chunks_are_joined() {
        let wire = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n\
            3;x=y\r\nabc\r\nA\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\nrest";
        assert_eq!(body_of(wire), "abc0123456789");
    }

    #[test]
    fn without_a_length_the_body_ends_with_the_connection() {
        assert_eq!(body_of("HTTP/1.0 200 OK\r\n\r\nabc\r\n"), "abc\r\n");
    }

    #[test]
    fn a_204_and_a_304_have_no_body() {
        assert_eq!(body_of("HTTP/1.1 204 No Content\r\n\r\nabc"), "");
        assert_eq!(body_of("HTTP/1.1 304 Not Modified\r\nContent-Length: 3\r\n\r\n"), "");
    }

    #[test]
    fn interim_answers_are_skipped() {
        let reply = read(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 413 Too Large\r\n\r\n").unwrap();
        assert_eq!(reply.status, 413);
    }

    #[test]
    fn a_body_that_ends_early_is_an_error() {
        for wire in [
            "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nabc",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            "HTTP/1.1 200 OK\r\nContent-Len",
        ] {
            let error = read(wire.as_bytes()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::UnexpectedEof, "{wire}");
        }
    }

    #[test]
    fn what_is_not_http_is_an_error() {
        for wire in [
            "SSH-2.0-x\r\n\r\n",
            "HTTP/1.1 2000 OK\r\n\r\n",
            "HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n",
        ] {
            let error = read(wire.as_bytes()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::InvalidData, "{wire}");
        }
    }
}
