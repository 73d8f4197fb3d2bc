//! Connections: clients that send little, read nothing or ask for what is not there. The deadlines have tests
//! of their own beside the stream, with a clock that need not be waited for.

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::cli::Place;
use crate::cli::serve::Serving;
use crate::http::{Request, send};
use crate::server::{TestServer, password_of};

const GET: &str = "GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n";

/// What the server says until it closes, for 10 seconds at most.
fn said(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn exchange(server: &TestServer, bytes: &str) -> String {
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.write_all(bytes.as_bytes()).unwrap();
    said(&mut stream)
}

/// The next answer on a connection that stays open, with a body of known length.
fn answer(stream: &mut TcpStream) -> String {
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let mut text = String::new();
    let is_whole = |text: &str| {
        let (head, body) = text.split_once("\r\n\r\n")?;
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "))?;
        (body.len() == length.parse::<usize>().unwrap()).then_some(())
    };
    while is_whole(&text).is_none() {
        let mut byte = [0];
        stream.read_exact(&mut byte).unwrap();
        text.push(char::from(byte[0]));
    }
    text
}

#[test]
fn pipelined_requests_are_answered_in_their_order() {
    let server = TestServer::start();
    let head = |path: &str, more: &str| format!("HEAD {path} HTTP/1.1\r\nHost: x\r\n{more}\r\n");
    let paths = ["/healthz", "/nowhere", "/static/doorward.css", "/api/user/"];
    let requests: String = paths.repeat(25).into_iter().map(|path| head(path, "")).collect();
    let text = exchange(&server, &(requests + &head("/healthz", "Connection: close\r\n")));
    let codes: Vec<&str> =
        text.lines().filter_map(|line| line.strip_prefix("HTTP/1.1 ")).map(|l| &l[..3]).collect();
    assert_eq!(codes, [["200", "404", "200", "401"].repeat(25), vec!["200"]].concat());
}

#[test]
fn a_request_with_a_body_does_not_swallow_the_next_one() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let body = format!("username=alice&password={}", password_of("alice"));
    let head = "POST /api/login/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n";
    let whole = format!("{head}Content-Length: {}\r\n\r\n{body}", body.len());
    let chunked = format!("{head}Transfer-Encoding: chunked\r\n\r\n{:x}\r\n{body}\r\n0\r\n\r\n", body.len());
    let last = GET.replace("\r\n\r\n", "\r\nConnection: close\r\n\r\n");
    let text = exchange(&server, &[&*whole, GET, &chunked, &whole, &last].concat());
    assert_eq!(text.matches("HTTP/1.1 200 OK").count(), 5, "{text}");
    assert_eq!(text.matches("Login successfully").count(), 3, "{text}");
}

#[test]
fn a_client_that_reads_nothing_costs_neither_memory_nor_time_of_others() {
    let server = TestServer::start();
    let mut greedy = TcpStream::connect(server.address).unwrap();
    greedy.set_nonblocking(true).unwrap();
    let requests = GET.repeat(1000);
    let mut sent = 0;
    let begun = Instant::now();
    while begun.elapsed() < Duration::from_secs(1) {
        match greedy.write(requests.as_bytes()) {
            Ok(count) => sent += count,
            Err(_) => std::thread::sleep(Duration::from_millis(5)),
        }
    }
    assert!(sent > 100_000, "{sent}");
    assert_eq!(server.anon().get("/healthz").status, 200);
    // It gets its answers once it reads, and no byte of them is lost.
    greedy.set_nonblocking(false).unwrap();
    for _ in 0..1000 {
        assert!(answer(&mut greedy).starts_with("HTTP/1.1 200 OK"));
    }
}

#[test]
fn an_idle_connection_is_closed_after_its_timeout_and_not_before() {
    let server = TestServer::with(&[("server.idle_timeout", "2s")]);
    let mut stream = TcpStream::connect(server.address).unwrap();
    stream.write_all(GET.as_bytes()).unwrap();
    assert!(answer(&mut stream).ends_with("ok\n"));
    let begun = Instant::now();
    assert_eq!(said(&mut stream), "");
    let idle = begun.elapsed();
    assert!(idle > Duration::from_millis(1900) && idle < Duration::from_secs(8), "{idle:?}");
}

#[test]
fn a_further_connection_closes_the_one_that_was_idle_longest() {
    let server = TestServer::with(&[("server.max_connections", "3")]);
    let mut open: Vec<TcpStream> = (0..3)
        .map(|_| {
            let mut stream = TcpStream::connect(server.address).unwrap();
            stream.write_all(GET.as_bytes()).unwrap();
            answer(&mut stream);
            std::thread::sleep(Duration::from_millis(20));
            stream
        })
        .collect();
    for stream in open.iter_mut().rev() {
        stream.write_all(GET.as_bytes()).unwrap();
        answer(stream);
        std::thread::sleep(Duration::from_millis(20));
    }
    assert_eq!(server.anon().get("/healthz").status, 200);
    assert_eq!(said(&mut open.remove(2)), "", "it was used longest ago");
    for mut stream in open {
        stream.write_all(GET.as_bytes()).unwrap();
        assert!(answer(&mut stream).starts_with("HTTP/1.1 200"));
    }
}

#[test]
fn clients_that_send_large_bodies_slowly_do_not_hold_up_others() {
    let server = TestServer::start();
    server.add("alice", |_| ());
    let head = |length: usize| {
        format!(
            "POST /api/login/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n\
             Content-Length: {length}\r\n\r\n"
        )
    };
    let _slow: Vec<TcpStream> = (0..12)
        .map(|_| {
            let mut stream = TcpStream::connect(server.address).unwrap();
            stream.write_all((head(120_000) + &" ".repeat(60_000)).as_bytes()).unwrap();
            stream
        })
        .collect();
    std::thread::sleep(Duration::from_millis(500));
    let begun = Instant::now();
    let login = json!({"username": "alice", "password": password_of("alice"), "pad": "x".repeat(17_000)});
    assert_eq!(server.anon().post("/api/login/", &login).status, 200);
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn an_unread_chunked_body_does_not_keep_the_connection() {
    let server = TestServer::start();
    for request in ["POST /nowhere", "GET /healthz", "DELETE /api/login/", "PUT /api/user/", "POST /admin/"] {
        let begun = Instant::now();
        let head = format!("{request} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc");
        assert!(exchange(&server, &head).starts_with("HTTP/1.1 "), "{request}");
        assert!(begun.elapsed() < Duration::from_secs(9), "{request}");
    }
}

#[test]
fn an_upgrade_is_ignored_and_the_connection_stays_open() {
    let server = TestServer::with(&[("limits.enabled", "false")]);
    for headers in [
        "Connection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABkAAQAAP__\r\n",
        "Connection: upgrade\r\n",
        "Connection: keep-alive, Upgrade\r\nUpgrade: websocket\r\n",
        "Upgrade: websocket\r\n",
    ] {
        let body = "{\"username\": \"x\", \"password\": \"y\"}";
        let head = "POST /api/login/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n";
        let request = format!("{head}{headers}Content-Length: {}\r\n\r\n{body}", body.len());
        let mut stream = TcpStream::connect(server.address).unwrap();
        for _ in 0..3 {
            stream.write_all(request.as_bytes()).unwrap();
            let answer = answer(&mut stream).to_lowercase();
            assert!(answer.starts_with("http/1.1 404") && !answer.contains("upgrade"), "{headers}: {answer}");
            assert!(!answer.contains("connection:"), "{headers}: {answer}");
        }
    }
}

#[test]
fn an_export_for_http_1_0_has_no_chunks_and_ends_with_the_connection() {
    let server = TestServer::start();
    server.add("root", |account| account.is_admin = true);
    let form = [("username", "root"), ("password", &*password_of("root"))];
    let signed_in = send(server.address, &Request::post("/admin/sign-in").form(&form)).unwrap();
    let (name, cookie) = signed_in.cookies().into_iter().next().unwrap();
    for path in [
        "/admin/users/export.csv",
        "/admin/users/export.json",
        "/admin/audit/export.csv",
        "/admin/audit/export.json",
    ] {
        for more in ["", "Connection: keep-alive\r\n"] {
            let text = exchange(
                &server,
                &format!("GET {path} HTTP/1.0\r\nCookie: {name}={}\r\n{more}\r\n", cookie.value),
            );
            let (head, body) = text.split_once("\r\n\r\n").unwrap();
            assert!(head.starts_with("HTTP/1.0 200") && !head.contains("chunked"), "{head}");
            match path.ends_with("json") {
                true => drop(serde_json::from_str::<Value>(body).unwrap()),
                false => assert!(body.ends_with("\r\n") && !body.contains("\r\n0\r\n"), "{body}"),
            }
        }
    }
    let chunked = exchange(
        &server,
        &format!(
            "GET /admin/users/export.csv HTTP/1.1\r\nHost: x\r\nConnection: close\r\nCookie: {name}={}\r\n\r\n",
            cookie.value
        ),
    );
    assert!(chunked.contains("transfer-encoding: chunked"), "{chunked}");
}

#[test]
fn http2_and_a_head_that_is_too_large_are_refused_in_words() {
    let server = TestServer::start();
    let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    let long = format!("GET / HTTP/1.1\r\nHost: x\r\n{}: y\r\n\r\n", "x".repeat(70_000));
    for before in ["", GET] {
        let text = exchange(&server, &format!("{before}{preface}"));
        assert!(text.contains("HTTP/1.1 505 ") && text.contains("send HTTP/1.1"), "{text}");
        let text = exchange(&server, &format!("{before}{long}"));
        assert!(text.contains("HTTP/1.1 431 ") && text.contains("64 KiB"), "{text}");
    }
}

#[test]
fn a_stop_does_not_wait_for_clients_that_send_or_read_nothing() {
    let place = Place::new();
    let mut serving = Serving::start(&place, &[]);
    let mut half = TcpStream::connect(serving.address).unwrap();
    half.write_all(b"POST /api/login/ HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 99\r\n\r\n{").unwrap();
    let mut greedy = TcpStream::connect(serving.address).unwrap();
    greedy.set_write_timeout(Some(Duration::from_secs(1))).unwrap();
    let requests = "GET /static/doorward.css HTTP/1.1\r\nHost: x\r\n\r\n".repeat(100_000);
    assert!(greedy.write_all(requests.as_bytes()).is_err());
    let begun = Instant::now();
    serving.signal("TERM");
    assert_eq!(serving.end(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(12), "{:?}", begun.elapsed());
}

#[test]
fn the_log_says_who_was_authenticated_and_why_access_was_refused() {
    let place = Place::new();
    let id = place.add("alice", "correct-horse-7", &[]);
    let more = ["--set", "log.level=debug", "--set", "limits.failed_logins_per_address=1"];
    let serving = Serving::start(&place, &more);
    let login = serving.log_in("alice", "correct-horse-7");
    let token = login.cookie("access_token").unwrap().value;
    let user = Request::get("/api/user/");
    let mut expected = vec![(200, None, Some(id.to_string()))];
    for (request, status, reason) in [
        (user.clone(), 401, Some("no token")),
        (user.clone().bearer("hunter2"), 401, Some("token is invalid or expired")),
        (user.clone().header("Authorization", "Bearer a b"), 401, Some("malformed Authorization header")),
        (user.clone().bearer(&token), 200, None),
        (
            Request::post("/api/login/").json(&json!({"username": "x", "password": "hunter2"})),
            404,
            Some("wrong credentials"),
        ),
        (
            Request::post("/api/login/").json(&json!({"username": "x", "password": "hunter2"})),
            429,
            Some("rate limit"),
        ),
        (
            Request::post("/admin/sign-in").form(&[("username", "x"), ("password", "hunter2")]),
            429,
            Some("rate limit"),
        ),
        (Request::get("/healthz"), 200, None),
    ] {
        assert_eq!(serving.send(&request).status, status, "{request:?}");
        let is_known = status == 200 && request.target == user.target;
        expected.push((status, reason, is_known.then(|| id.to_string())));
    }
    for (status, reason, user) in expected {
        let line = serving.line("answered");
        assert_eq!(
            (line["status"].as_u64(), line["reason"].as_str()),
            (Some(u64::from(status)), reason),
            "{line}"
        );
        assert_eq!(line["user"].as_str().map(str::to_owned), user, "{line}");
        assert!(!line.to_string().contains("hunter2"));
    }
}

#[test]
fn what_a_client_writes_into_x_forwarded_for_does_not_hide_it() {
    let place = Place::new();
    let serving = Serving::start(&place, &["--set", "trusted_proxies=127.0.0.1"]);
    for (header, client) in [
        (&b"\xe9, 7.7.7.7"[..], "7.7.7.7"),
        (b"7.7.7.7,", "7.7.7.7"),
        (b"\"7.7.7.7\"", "7.7.7.7"),
        (b"1.1.1.1, 7.7.7.7, 127.0.0.1", "7.7.7.7"),
        (b"unknown", "0.0.0.0"),
        (b"7.7.7.7, \xff", "0.0.0.0"),
    ] {
        serving.send(&Request::delete("/api/user/").header("X-Forwarded-For", header));
        assert_eq!(serving.line("answered")["client"], client, "{header:?}");
    }
}
