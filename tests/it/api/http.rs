//! Headers, limits of bodies, CORS, paths, and malformed requests.

use serde_json::json;

use crate::http::{Request, send, send_bytes};
use crate::server::{TestServer, password_of};

#[test]
fn every_answer_has_a_unique_request_id_and_the_security_headers() {
    let server = TestServer::start();
    let mut ids = std::collections::BTreeSet::new();
    for path in ["/api/user/", "/api/login/", "/nowhere", "/static/doorward.css", "/healthz"] {
        let reply = server.anon().get(path);
        let id = reply.header("X-Request-Id").unwrap_or_else(|| panic!("{path} has no id"));
        assert!(id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit()), "{id}");
        assert!(ids.insert(id));
        assert_eq!(reply.header("X-Content-Type-Options").as_deref(), Some("nosniff"), "{path}");
        assert_eq!(reply.header("X-Frame-Options").as_deref(), Some("DENY"), "{path}");
        assert!(reply.header("Referrer-Policy").is_some(), "{path}");
    }
}

#[test]
fn a_body_over_the_limit_is_413_with_or_without_a_declared_length() {
    let server = TestServer::with(&[("limits.max_body", "2048")]);
    let body = json!({"username": "a".repeat(4000), "password": "x"});
    let declared = server.anon().post("/api/login/", &body);
    assert_eq!(declared.status, 413);
    assert_eq!(declared.json(), json!({"detail": "Request body is larger than 2048 bytes."}));
    let text = body.to_string();
    let chunked = format!(
        "POST /api/login/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{text}\r\n0\r\n\r\n",
        text.len()
    );
    assert_eq!(send_bytes(server.address, chunked.as_bytes()).unwrap().status, 413);
    let fits = server.anon().post("/api/login/", &json!({"username": "a".repeat(1000), "password": "x"}));
    assert_eq!(fits.status, 404);
}

#[test]
fn a_chunked_body_over_the_limit_is_not_read_to_its_end() {
    use std::io::{Read as _, Write as _};
    let server = TestServer::with(&[("limits.max_body", "2048")]);
    let mut stream = std::net::TcpStream::connect(server.address).unwrap();
    stream.set_read_timeout(Some(std::time::Duration::from_secs(10))).unwrap();
    let head = "POST /api/login/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).unwrap();
    let chunk = format!("1000\r\n{}\r\n", "a".repeat(4096));
    stream.write_all(chunk.as_bytes()).unwrap();
    let mut answer = String::new();
    // The connection ends with the answer, though the body continues.
    let _ = stream.read_to_string(&mut answer);
    assert!(answer.starts_with("HTTP/1.1 413"), "{answer}");
    assert!(answer.to_lowercase().contains("connection: close"), "{answer}");
    let closed = (0..200).any(|_| {
        std::thread::sleep(std::time::Duration::from_millis(10));
        stream.write_all(chunk.as_bytes()).is_err()
    });
    assert!(closed, "the server still reads");
}

#[test]
fn by_default_a_body_of_120_kib_is_read_and_one_of_130_is_not() {
    let server = TestServer::start();
    let with = |bytes: usize| {
        server.anon().post("/api/login/", &json!({"username": "a".repeat(bytes), "password": "x"}))
    };
    assert_eq!(with(120 << 10).status, 404);
    assert_eq!(with(130 << 10).status, 413);
}

#[test]
fn a_large_body_is_parsed_like_a_small_one() {
    let server = TestServer::with(&[("limits.max_body", "4 MiB")]);
    let send = |content_type: &str, body: Vec<u8>| {
        server.anon().send(Request::post("/api/login/").body(content_type, body))
    };
    let values = |count: usize| format!("{{\"username\": [{}1]}}", "1,".repeat(count)).into_bytes();
    for (count, detail) in
        [(100, None), (20_000, Some("Too many values")), (1_000_000, Some("Too many values"))]
    {
        let reply = send("application/json", values(count));
        assert_eq!(reply.status, 400);
        let text = reply.json()["detail"].as_str().map(str::to_owned);
        assert_eq!(text.is_some_and(|text| text.contains("Too many values")), detail.is_some(), "{count}");
    }
    server.add("alice", |_| ());
    let form = format!("username=alice&password={}&x={}", password_of("alice"), "y".repeat(100_000));
    assert_eq!(send("application/x-www-form-urlencoded", form.into_bytes()).status, 200);
    let many = "a=1&".repeat(50_000).into_bytes();
    assert_eq!(send("application/x-www-form-urlencoded", many).status, 400);
    let broken = [b"{\"a\": \"".as_slice(), &[b'x'; 50_000], b"\xff"].concat();
    assert!(send("application/json", broken).text().contains("position 50007"));
}

#[test]
fn a_chunked_body_is_read() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let text = json!({"username": "alice", "password": password_of("alice")}).to_string();
    let (head, tail) = text.split_at(10);
    let request = format!(
        "POST /api/login/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n{:x}\r\n{head}\r\n{:x}\r\n{tail}\r\n0\r\n\r\n",
        head.len(),
        tail.len()
    );
    assert_eq!(send_bytes(server.address, request.as_bytes()).unwrap().status, 200);
}

#[test]
fn an_upgrade_header_of_a_proxy_does_not_delay_a_login() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let body = json!({"username": "alice", "password": password_of("alice")});
    let request = Request::post("/api/login/").json(&body).header("Upgrade", "websocket");
    let begun = std::time::Instant::now();
    assert_eq!(server.anon().send(request).status, 200);
    assert!(begun.elapsed() < std::time::Duration::from_secs(10));
}

#[test]
fn two_authorization_headers_are_refused() {
    let server = TestServer::start();
    let token = server.user("alice").token.unwrap();
    let reply = server.anon().send(Request::get("/api/user/").bearer(&token).bearer(&token));
    assert_eq!((reply.status, reply.json()["code"].clone()), (401, json!("bad_authorization_header")));
}

#[test]
fn a_form_of_too_many_fields_is_a_bare_400() {
    let server = TestServer::start();
    let body = "a=1&".repeat(1001) + "username=x&password=y";
    let reply = server
        .anon()
        .send(Request::post("/api/login/").body("application/x-www-form-urlencoded", body.as_bytes()));
    assert_eq!((reply.status, reply.header("Allow")), (400, None));
    assert!(reply.header("Content-Type").unwrap().starts_with("text/html"));
}

#[test]
fn without_cors_settings_no_origin_is_allowed() {
    let server = TestServer::start();
    let reply = server.anon().send(Request::get("/api/user/").header("Origin", "https://app.example.com"));
    assert_eq!(reply.header("Access-Control-Allow-Origin"), None);
    assert_eq!(reply.header("Vary"), None);
}

#[test]
fn a_listed_origin_is_allowed_with_credentials_and_another_is_not() {
    let server = TestServer::with(&[("cors.allowed_origins", "https://app.example.com")]);
    let preflight = |origin: &str| {
        let request = Request::options("/api/login/")
            .header("Origin", origin)
            .header("Access-Control-Request-Method", "POST")
            .header("Access-Control-Request-Headers", "content-type");
        send(server.address, &request).unwrap()
    };
    let allowed = preflight("https://app.example.com");
    assert_eq!(allowed.status, 200);
    assert_eq!(allowed.header("Access-Control-Allow-Origin").as_deref(), Some("https://app.example.com"));
    assert_eq!(allowed.header("Access-Control-Allow-Credentials").as_deref(), Some("true"));
    assert_eq!(allowed.header("X-Content-Type-Options").as_deref(), Some("nosniff"));
    assert_eq!(preflight("https://evil.example").header("Access-Control-Allow-Origin"), None);
    let login = server.anon().send(
        Request::post("/api/login/")
            .json(&json!({"username": "a", "password": "b"}))
            .header("Origin", "https://app.example.com"),
    );
    assert_eq!(login.status, 404);
    assert_eq!(login.header("Access-Control-Allow-Origin").as_deref(), Some("https://app.example.com"));
}

#[test]
fn an_unknown_path_is_a_page_and_paths_are_case_sensitive() {
    let server = TestServer::start();
    for path in ["/api/nothing/", "/API/login/", "/api//login/", "/nothing"] {
        let reply = server.anon().get(path);
        assert_eq!(reply.status, 404, "{path}");
        assert!(reply.header("Content-Type").unwrap().starts_with("text/html"), "{path}");
    }
}

#[test]
fn answers_and_errors_are_indented_as_requested() {
    let server = TestServer::start();
    let alice = server.user("alice");
    let reply = alice.send(Request::get("/api/user/").header("Accept", "application/json; indent=2"));
    assert_eq!(
        reply.text(),
        "{\n  \"username\": \"alice\",\n  \"email\": \"alice@example.com\",\n  \"is_email_confirmed\": false\n}"
    );
    let error = server.anon().send(Request::get("/api/user/").header("Accept", "*/*; indent=4"));
    assert_eq!(error.text(), "{\n    \"detail\": \"Authentication credentials were not provided.\"\n}");
    assert_eq!(error.header("WWW-Authenticate").as_deref(), Some("Bearer realm=\"api\""));
}

#[test]
fn the_health_check_answers_ok() {
    let server = TestServer::start();
    let reply = server.anon().get("/healthz");
    assert_eq!((reply.status, reply.text().as_ref()), (200, "ok\n"));
}

#[test]
fn a_malformed_request_line_is_refused_and_the_server_goes_on() {
    let server = TestServer::start();
    for bytes in
        [&b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"[..], b"GET / HTTP/9.9\r\n\r\n", b"\0\0\0\0\r\n\r\n"]
    {
        if let Ok(reply) = send_bytes(server.address, bytes) {
            assert_eq!(reply.status, 400);
        }
    }
    assert_eq!(server.anon().get("/healthz").status, 200);
}
