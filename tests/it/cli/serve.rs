//! `doorward serve`: start, requests and stop.

use std::io::{BufRead as _, BufReader};
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Place, Said};
use crate::http::{Reply, Request, send};
use crate::server::TestServer;

/// How long a server may take to log a line.
pub(crate) const PATIENCE: Duration = Duration::from_secs(30);

/// A `doorward serve` in a process of its own.
pub(crate) struct Serving {
    pub child: Child,
    pub address: SocketAddr,
    pub lines: Receiver<String>,
    /// The log lines up to the one with the address.
    pub greeting: Vec<Value>,
}

impl Serving {
    pub(crate) fn start(place: &Place, more: &[&str]) -> Self {
        let mut command = place.command(&["serve", "--listen", "127.0.0.1:0", "--set", "log.format=json"]);
        command.args(more);
        Self::spawn(command)
    }

    pub(crate) fn spawn(mut command: Command) -> Self {
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (sender, lines) = channel();
        let errors = BufReader::new(child.stderr.take().unwrap());
        std::thread::spawn(move || {
            for line in errors.lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let nowhere = SocketAddr::from(([0, 0, 0, 0], 0));
        let mut serving = Self { child, address: nowhere, lines, greeting: Vec::new() };
        serving.wait_until_ready();
        serving
    }

    fn wait_until_ready(&mut self) {
        while self.address.port() == 0 {
            let line = self.lines.recv_timeout(PATIENCE).unwrap();
            let line: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("no JSON: {line}"));
            if let Some(address) = line["listen"].as_str() {
                self.address = address.parse().unwrap();
            }
            self.greeting.push(line);
        }
    }

    pub(crate) fn send(&self, request: &Request) -> Reply {
        send(self.address, request).unwrap()
    }

    pub(crate) fn log_in(&self, name: &str, password: &str) -> Reply {
        self.send(&Request::post("/api/login/").json(&json!({"username": name, "password": password})))
    }

    /// The set-up link in the greeting, if there is one.
    pub(crate) fn setup_link(&self) -> Option<String> {
        let words =
            self.greeting.iter().filter_map(|line| line["message"].as_str()).flat_map(str::split_whitespace);
        words.into_iter().find(|word| word.contains("/admin/setup/")).map(str::to_owned)
    }

    /// Sends a signal by its name.
    pub(crate) fn signal(&self, name: &str) {
        let sent =
            Command::new("kill").args([format!("-{name}"), self.child.id().to_string()]).status().unwrap();
        assert!(sent.success());
    }

    /// Waits for the end, and returns the exit code.
    pub(crate) fn end(&mut self) -> Option<i32> {
        let begun = Instant::now();
        while begun.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status.code();
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("it does not stop");
    }

    /// The next line with this message.
    pub(crate) fn line(&self, message: &str) -> Value {
        loop {
            let line: Value = serde_json::from_str(&self.lines.recv_timeout(PATIENCE).unwrap()).unwrap();
            if line["message"].as_str().is_some_and(|said| said.contains(message)) {
                return line;
            }
        }
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_user_can_log_in_to_a_server_in_an_empty_folder() {
    let place = Place::new();
    let serving = Serving::start(&place, &[]);
    let id = place.add("alice", "correct-horse-7", &[]);
    let reply = serving.log_in("alice@example.com", "correct-horse-7");
    assert_eq!(reply.status, 200, "{}", reply.text());
    assert_eq!(reply.json()["user"]["id"], id);
    let token = reply.cookie("access_token").unwrap().value;
    let user = serving.send(&Request::get("/api/user/").cookie("access_token", &token));
    assert_eq!(
        user.json(),
        json!({"username": "alice", "email": "alice@example.com", "is_email_confirmed": false})
    );
}

#[test]
fn the_command_line_ends_tokens_of_a_running_server() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    let serving = Serving::start(&place, &[]);
    let token = serving.log_in("alice", "correct-horse-7").cookie("access_token").unwrap().value;
    let status = || serving.send(&Request::get("/api/user/").bearer(&token)).status;
    assert_eq!(status(), 200);
    assert_eq!(place.run(&["user", "deactivate", "alice"]).code, 0);
    assert_eq!(status(), 401);
}

#[test]
fn tokens_are_valid_after_a_restart_because_the_key_is_stored() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    let mut serving = Serving::start(&place, &[]);
    let token = serving.log_in("alice", "correct-horse-7").cookie("access_token").unwrap().value;
    serving.signal("TERM");
    assert_eq!(serving.end(), Some(0));
    let serving = Serving::start(&place, &[]);
    assert_eq!(serving.send(&Request::get("/api/user/").bearer(&token)).status, 200);
}

#[test]
fn the_setup_link_is_logged_once_and_only_while_there_is_no_administrator() {
    let place = Place::new();
    let serving = Serving::start(&place, &[]);
    let link = serving.setup_link().unwrap();
    let path = link.strip_prefix(&format!("http://{}", serving.address)).unwrap();
    assert_eq!(serving.send(&Request::get(path)).status, 200);

    let restarted = Serving::start(&place, &[]);
    assert_eq!(serving.send(&Request::get(path)).status, 404, "a fresh link ends the one before");
    let link = restarted.setup_link().unwrap();
    let path = link.strip_prefix(&format!("http://{}", restarted.address)).unwrap();
    assert_eq!(restarted.send(&Request::get(path)).status, 200);
    place.add("alice", "correct-horse-7", &[]);
    assert_eq!(restarted.send(&Request::get(path)).status, 200, "a user is no administrator");
    place.add("root", "correct-horse-8", &["--admin"]);
    assert_eq!(restarted.send(&Request::get(path)).status, 404, "there is an administrator now");
    assert_eq!(Serving::start(&place, &[]).setup_link(), None);
}

#[test]
fn a_port_in_use_is_reported_with_a_hint() {
    let place = Place::new();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let said = place.run(&["serve", "--listen", &address.to_string()]);
    let other = format!("--listen {}:{}", address.ip(), address.port() + 1);
    said.refused(1, &[&format!("port {}", address.port()), "is in use", &other]);
    assert!(!place.path().join("doorward.db").exists(), "nothing half-made");
    place.run(&["serve", "--listen", "203.0.113.7:0"]).refused(1, &["not an address of this machine"]);
}

#[test]
fn running_logins_finish_when_the_server_is_stopped() {
    for signal in ["TERM", "INT"] {
        let place = Place::new();
        let mut command = place.command(&["serve", "--listen", "127.0.0.1:0", "--set", "log.format=json"]);
        command.env("DOORWARD_PASSWORD__COST", "13");
        place.add("alice", "correct-horse-7", &[]);
        let mut serving = Serving::spawn(command);
        let address = serving.address;
        let login = std::thread::spawn(move || {
            let body = json!({"username": "nobody", "password": "correct-horse-7"});
            send(address, &Request::post("/api/login/").json(&body))
        });
        std::thread::sleep(Duration::from_millis(150));
        serving.signal(signal);
        let reply = login.join().unwrap().unwrap();
        assert_eq!(reply.status, 404, "{signal}");
        assert_eq!(serving.end(), Some(0), "{signal}");
        assert!(send(address, &Request::get("/healthz")).is_err());
    }
}

#[test]
fn idle_connections_do_not_delay_the_stop() {
    let place = Place::new();
    let mut serving = Serving::start(&place, &[]);
    let mut idle = std::net::TcpStream::connect(serving.address).unwrap();
    std::io::Write::write_all(&mut idle, b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
    std::thread::sleep(Duration::from_millis(200));
    let begun = Instant::now();
    serving.signal("TERM");
    assert_eq!(serving.end(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}

#[test]
fn log_lines_about_a_request_have_its_id_and_no_secret() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    let serving = Serving::start(&place, &["--set", "log.level=trace"]);
    let reply = serving.log_in("alice", "correct-horse-7");
    let id = reply.header("X-Request-Id").unwrap();
    let line = serving.line("answered");
    assert_eq!(line["span"]["id"], id, "{line}");
    assert_eq!(line["path"], "/api/login/");
    assert_eq!(line["status"], 200);
    assert_eq!(line["client"], "127.0.0.1");
    let token = reply.cookie("access_token").unwrap().value;
    let text = line.to_string();
    assert!(!text.contains("correct-horse") && !text.contains(&token));
}

#[test]
fn a_stored_hash_that_cannot_be_checked_is_logged() {
    let owner = TestServer::start();
    let id = owner.add("alice", |_| ());
    let body = "abcdefghijklmnopqrstuuyvPXIbu7xe6/CED2DzX8z6Si09MlzlW";
    owner.overwrite_hash(id, &format!("bcrypt$$2x$04${body}"));
    let serving = Serving::start(&Place::on(owner.database().url()), &[]);
    assert_eq!(serving.log_in("alice", "pw").status, 404);
    let line = serving.line("no password can log in");
    assert_eq!(line["message"], "no password can log in: the algorithm bcrypt $2x$ is not supported");
    assert_eq!((line["level"].as_str(), line["user"].as_str()), (Some("WARN"), Some(&*id.to_string())));
    assert!(!line.to_string().contains(body));
}

#[test]
fn the_printed_command_of_the_demo_logs_in_and_no_file_remains() {
    let place = Place::new();
    let mut command =
        place.command(&["serve", "--demo", "--listen", "127.0.0.1:0", "--set", "log.format=json"]);
    command.env("TMPDIR", place.path());
    let mut serving = Serving::spawn(command);
    let mut printed = BufReader::new(serving.child.stdout.take().unwrap()).lines().map_while(Result::ok);
    let line = printed.find(|line| line.trim_start().starts_with("curl ")).unwrap();
    let words: Vec<&str> = line.split_whitespace().collect();
    let field = |name: &str| words.iter().find_map(|word| word.strip_prefix(name)).unwrap().to_owned();
    let reply = serving.log_in(&field("username="), &field("password="));
    assert_eq!(reply.status, 200, "{line}");
    assert_eq!(*words.last().unwrap(), format!("http://{}/api/login/", serving.address));
    assert!(printed.any(|line| line.contains("/admin/")));
    serving.signal("INT");
    assert_eq!(serving.end(), Some(0));
    let left: Vec<_> = std::fs::read_dir(place.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

#[test]
fn the_demo_does_not_touch_a_real_database() {
    let place = Place::new();
    place.add("boss", "correct-horse-7", &[]);
    for flags in [["--database-url", "sqlite:doorward.db"], ["--set", "database_url=sqlite:doorward.db"]] {
        let arguments = [&["serve", "--demo", "--listen", "127.0.0.1:0"][..], &flags].concat();
        place.run(&arguments).refused(2, &["temporary database"]);
    }
    assert_eq!(place.run(&["user", "list"]).out.lines().count(), 2);
}

#[test]
fn a_second_signal_does_not_wait_for_slow_clients() {
    let place = Place::new();
    let mut serving = Serving::start(&place, &[]);
    let mut slow = std::net::TcpStream::connect(serving.address).unwrap();
    let head = b"POST /api/login/ HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\n{";
    std::io::Write::write_all(&mut slow, head).unwrap();
    std::thread::sleep(Duration::from_millis(200));
    serving.signal("INT");
    serving.line("stopping");
    let begun = Instant::now();
    serving.signal("INT");
    assert_eq!(serving.end(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(5), "{:?}", begun.elapsed());
}

#[test]
fn bytes_that_are_not_http_are_not_logged() {
    let place = Place::new();
    let serving = Serving::start(&place, &[]);
    let _ = crate::http::send_bytes(serving.address, b"\x16\x03\x01 no http at all\r\n\r\n");
    serving.send(&Request::delete("/api/user/"));
    let next: Value = serde_json::from_str(&serving.lines.recv_timeout(PATIENCE).unwrap()).unwrap();
    assert_eq!(next["message"], "answered", "{next}");
}

#[test]
fn without_a_command_the_server_runs_on_a_sqlite_file() {
    let place = Place::sqlite();
    let mut command = place.command(&[]);
    command.env("DOORWARD_LISTEN", "127.0.0.1:0").env("DOORWARD_LOG__FORMAT", "json");
    let serving = Serving::spawn(command);
    assert_eq!(serving.send(&Request::get("/healthz")).status, 200);
    assert_eq!(serving.greeting.last().unwrap()["database"], "sqlite:doorward.db");
}

#[test]
fn an_unknown_command_is_wrong_usage() {
    let said: Said = Place::new().run(&["srve"]);
    said.refused(2, &["srve", "serve"]);
}

#[test]
fn the_reuse_of_a_refresh_token_is_logged_as_a_warning_without_the_token() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    let more = ["--set", "tokens.rotate_refresh=true", "--set", "tokens.reuse_grace=0s"];
    let serving = Serving::start(&place, &more);
    let body = serde_json::json!({"username": "alice", "password": "correct-horse-7"});
    let pair = serving.send(&Request::post("/api/token/").json(&body)).json();
    let refresh = || {
        let body = serde_json::json!({"refresh": pair["refresh"]});
        serving.send(&Request::post("/api/token/refresh/").json(&body)).status
    };
    assert_eq!([refresh(), refresh()], [200, 401]);
    let line = serving.line("a replaced refresh token was used again");
    assert_eq!((line["level"].as_str(), line["user"].as_str()), (Some("WARN"), Some("1")), "{line}");
    let signature = pair["refresh"].as_str().unwrap().rsplit('.').next().unwrap();
    assert!(!line.to_string().contains(signature));
}
