//! A request as a test builds it. Nothing is corrected: an invalid header is sent as it is.

use std::net::SocketAddr;

use serde_json::Value;

const BOUNDARY: &str = "contract-boundary-7d1f";

/// A request. Its headers are sent in order; `Host`, `Content-Length` and `Connection: close` are added unless
/// the test set them.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub method: String,
    /// The path and query for the request line.
    pub target: String,
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
}

impl Request {
    pub(crate) fn new(method: &str, target: &str) -> Self {
        Self { method: method.to_owned(), target: target.to_owned(), headers: Vec::new(), body: Vec::new() }
    }

    pub(crate) fn get(target: &str) -> Self {
        Self::new("GET", target)
    }

    pub(crate) fn head(target: &str) -> Self {
        Self::new("HEAD", target)
    }

    pub(crate) fn post(target: &str) -> Self {
        Self::new("POST", target)
    }

    pub(crate) fn put(target: &str) -> Self {
        Self::new("PUT", target)
    }

    pub(crate) fn delete(target: &str) -> Self {
        Self::new("DELETE", target)
    }

    pub(crate) fn options(target: &str) -> Self {
        Self::new("OPTIONS", target)
    }

    /// Adds a header, also if there is one with this name.
    pub(crate) fn header(mut self, name: &str, value: impl AsRef<[u8]>) -> Self {
        self.headers.push((name.to_owned(), value.as_ref().to_vec()));
        self
    }

    /// Removes all headers with this name.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
        self
    }

    /// `Authorization: Bearer <token>`.
    pub(crate) fn bearer(self, token: &str) -> Self {
        self.header("Authorization", format!("Bearer {token}"))
    }

    /// Adds a cookie; several share one `Cookie` header (RFC 6265 §5.4).
    pub(crate) fn cookie(mut self, name: &str, value: &str) -> Self {
        let pair = format!("{name}={value}");
        let cookies = self.headers.iter_mut().find(|(n, _)| n.eq_ignore_ascii_case("Cookie"));
        match cookies {
            Some((_, line)) => line.extend(format!("; {pair}").into_bytes()),
            None => return self.header("Cookie", pair),
        }
        self
    }

    pub(crate) fn body(self, content_type: &str, bytes: impl Into<Vec<u8>>) -> Self {
        self.header("Content-Type", content_type).untyped_body(bytes)
    }

    /// A body without a `Content-Type`.
    pub(crate) fn untyped_body(mut self, bytes: impl Into<Vec<u8>>) -> Self {
        self.body = bytes.into();
        self
    }

    pub(crate) fn json(self, value: &Value) -> Self {
        self.body("application/json", value.to_string())
    }

    /// `application/x-www-form-urlencoded`, in order; a name may come twice.
    pub(crate) fn form<N: AsRef<str>, V: AsRef<str>>(self, fields: &[(N, V)]) -> Self {
        let pairs: Vec<String> = fields
            .iter()
            .map(|(name, value)| format!("{}={}", escape(name.as_ref()), escape(value.as_ref())))
            .collect();
        self.body("application/x-www-form-urlencoded", pairs.join("&"))
    }

    /// `multipart/form-data` (RFC 7578).
    pub(crate) fn multipart(self, parts: &[Part]) -> Self {
        let mut body: Vec<u8> = parts.iter().flat_map(Part::to_bytes).collect();
        body.extend(format!("--{BOUNDARY}--\r\n").into_bytes());
        self.body(&format!("multipart/form-data; boundary={BOUNDARY}"), body)
    }

    /// The request as it goes to the server at `addr`.
    pub(crate) fn to_bytes(&self, addr: SocketAddr) -> Vec<u8> {
        let mut bytes = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        if !self.has("Host") {
            write_header(&mut bytes, "Host", addr.to_string().as_bytes());
        }
        for (name, value) in &self.headers {
            write_header(&mut bytes, name, value);
        }
        if self.needs_length() {
            let length = self.body.len().to_string();
            write_header(&mut bytes, "Content-Length", length.as_bytes());
        }
        if !self.has("Connection") {
            write_header(&mut bytes, "Connection", b"close");
        }
        bytes.extend(b"\r\n");
        bytes.extend(&self.body);
        bytes
    }

    fn has(&self, name: &str) -> bool {
        self.headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name))
    }

    /// RFC 9110 §8.6: a method that expects content sends the length of an empty one, too.
    fn needs_length(&self) -> bool {
        let expects_content = matches!(self.method.as_str(), "POST" | "PUT" | "PATCH");
        (expects_content || !self.body.is_empty())
            && !self.has("Content-Length")
            && !self.has("Transfer-Encoding")
    }
}

/// One part of a multipart body.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    name: String,
    filename: Option<String>,
    headers: Vec<(String, String)>,
    value: Vec<u8>,
}

impl Part {
    pub(crate) fn field(name: &str, value: impl Into<Vec<u8>>) -> Self {
        Self { name: name.to_owned(), filename: None, headers: Vec::new(), value: value.into() }
    }

    pub(crate) fn file(name: &str, filename: &str, value: impl Into<Vec<u8>>) -> Self {
        Self { filename: Some(filename.to_owned()), ..Self::field(name, value) }
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut disposition = format!("form-data; name=\"{}\"", self.name);
        if let Some(filename) = &self.filename {
            disposition += &format!("; filename=\"{filename}\"");
        }
        let mut bytes = format!("--{BOUNDARY}\r\n").into_bytes();
        write_header(&mut bytes, "Content-Disposition", disposition.as_bytes());
        for (name, value) in &self.headers {
            write_header(&mut bytes, name, value.as_bytes());
        }
        bytes.extend(b"\r\n");
        bytes.extend(&self.value);
        bytes.extend(b"\r\n");
        bytes
    }
}

fn write_header(bytes: &mut Vec<u8>, name: &str, value: &[u8]) {
    bytes.extend(name.as_bytes());
    bytes.extend(b": ");
    bytes.extend(value);
    bytes.extend(b"\r\n");
}

/// <https://url.spec.whatwg.org/#application-x-www-form-urlencoded-percent-encode-set>
fn escape(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b' ' => "+".to_owned(),
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn text(request: &Request) -> String {
        String::from_utf8(request.to_bytes(([127, 0, 0, 1], 80).into())).unwrap()
    }

    #[test]
    fn a_json_body_has_its_type_and_length() {
        let sent = text(&Request::post("/").json(&json!({"a": "ß"})));
        assert!(sent.contains("\r\nContent-Type: application/json\r\nContent-Length: 10\r\n"));
        assert!(sent.ends_with("\r\n\r\n{\"a\":\"ß\"}"));
    }

    #[test]
    fn a_form_escapes_reserved_characters() {
        let request = Request::put("/").form(&[("a", "x y&=;+%/é"), ("a", "")]);
        assert_eq!(request.body, b"a=x+y%26%3D%3B%2B%25%2F%C3%A9&a=");
    }

    #[test]
    fn a_multipart_body_carries_fields_and_files() {
        let file = Part::file("f", "a.png", b"\0").header("Content-Type", "image/png");
        let request = Request::post("/").multipart(&[Part::field("a", "1"), file]);
        let expected = "--contract-boundary-7d1f\r\n\
            Content-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n\
            --contract-boundary-7d1f\r\n\
            Content-Disposition: form-data; name=\"f\"; filename=\"a.png\"\r\n\
            Content-Type: image/png\r\n\r\n\0\r\n\
            --contract-boundary-7d1f--\r\n";
        assert_eq!(String::from_utf8(request.body).unwrap(), expected);
    }

    #[test]
    fn a_post_without_a_body_has_a_length_of_zero_and_a_get_has_no_length() {
        assert!(text(&Request::post("/")).contains("\r\nContent-Length: 0\r\n"));
        for request in [Request::get("/"), Request::delete("/"), Request::options("/")] {
            assert!(!text(&request).contains("Content-Length"));
        }
    }

    #[test]
    fn headers_that_the_test_sets_are_not_added_again() {
        let request = Request::post("/")
            .header("host", "other")
            .header("transfer-encoding", "chunked")
            .header("connection", "keep-alive")
            .untyped_body("0\r\n\r\n");
        let expected = "POST / HTTP/1.1\r\nhost: other\r\ntransfer-encoding: chunked\r\n\
            connection: keep-alive\r\n\r\n0\r\n\r\n";
        assert_eq!(text(&request), expected);
    }

    #[test]
    fn cookies_share_one_header_and_headers_can_be_removed() {
        let request = Request::get("/").cookie("a", "1").cookie("b", "2").bearer("t");
        let sent = text(&request.without("authorization"));
        assert!(sent.contains("\r\nCookie: a=1; b=2\r\n"));
        assert!(!sent.contains("Bearer"));
    }
}
