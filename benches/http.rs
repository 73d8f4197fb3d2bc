//! How fast the release binary is over HTTP, against named rivals in the same run:
//! `cargo bench --bench http`. Starts servers of its own on this machine and prints ratios; it
//! asserts nothing, because machines differ and are noisy.

#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::disallowed_methods, reason = "a measuring tool")]

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

const DOORWARD: &str = env!("CARGO_BIN_EXE_doorward");
const PASSWORD: &str = "correct-horse-7";

/// What `GET /api/user/` answers in this bench: the rival answers the same bytes.
const USER: &str = r#"{"username":"alice","email":"alice@example.com","is_email_confirmed":false}"#;

fn main() {
    if std::env::args().any(|argument| argument == "--rival") {
        return rival();
    }
    println!("cores {}, binary {:.1} MB", cores(), std::fs::metadata(DOORWARD).unwrap().len() as f64 / 1e6);
    for measure in [start, same_time, logins, reads] {
        let folder = std::env::temp_dir().join(format!("doorward-bench-{}", std::process::id()));
        std::fs::create_dir(&folder).unwrap();
        measure(&folder);
        std::fs::remove_dir_all(&folder).unwrap();
    }
}

// ---- what is measured

fn start(folder: &Path) {
    drop(Server::start(folder, 4));
    let times: Vec<Duration> = (0..10)
        .map(|_| {
            let begun = Instant::now();
            let server = Server::start(folder, 4);
            server.connection().send(&get("/healthz", ""));
            begun.elapsed()
        })
        .collect();
    println!("start to first answer, existing database: median {:.1} ms", ms(median(times)));
}

/// Unknown user against wrong password, interleaved, at cost 8.
fn same_time(folder: &Path) {
    let server = Server::start(folder, 8);
    server.add("alice");
    let mut connection = server.connection();
    let (mut unknown, mut wrong) = (Vec::new(), Vec::new());
    for _ in 0..200 {
        for (name, times) in [("nobody", &mut unknown), ("alice", &mut wrong)] {
            let begun = Instant::now();
            assert_eq!(connection.send(&login(name, "wrong")), 404);
            times.push(begun.elapsed());
        }
    }
    let (unknown, wrong) = (median(unknown), median(wrong));
    println!(
        "failed login at cost 8, median of 200: unknown user {:.3} ms, wrong password {:.3} ms, ratio {:.4}",
        ms(unknown),
        ms(wrong),
        unknown.as_secs_f64() / wrong.as_secs_f64()
    );
}

/// Logins a second against what `bcrypt::verify` allows on these cores.
fn logins(folder: &Path) {
    const COST: u32 = 10;
    let server = Server::start(folder, COST);
    server.add("alice");
    let idle = server.resident();
    let hash = bcrypt::hash(PASSWORD, COST).unwrap();
    let before = verify_time(&hash);
    let (count, times) = server.load(8, Duration::from_secs(10), &login("alice", PASSWORD), 200);
    let after = verify_time(&hash);
    let alone = (before + after) / 2;
    let ideal = cores() as f64 / alone.as_secs_f64();
    println!(
        "bcrypt::verify at cost {COST}: {:.2} ms before, {:.2} ms after; {} cores allow {ideal:.1} logins/s",
        ms(before),
        ms(after),
        cores()
    );
    println!(
        "logins at concurrency 8, cost {COST}: {count:.1}/s, p50 {:.1} ms, p99 {:.1} ms; ratio to the ideal {:.3}",
        ms(percentile(&times, 0.5)),
        ms(percentile(&times, 0.99)),
        count / ideal
    );
    println!("resident memory: {idle:.1} MB idle, {:.1} MB at most during logins", server.peak());
}

/// `GET /api/user/` against an Actix handler that only answers the same bytes.
fn reads(folder: &Path) {
    const SPAN: Duration = Duration::from_secs(5);
    let server = Server::start(folder, 4);
    server.add("alice");
    let token = server.token("alice");
    let request = get("/api/user/", &format!("Authorization: Bearer {token}\r\n"));
    let rival = Server::rival();
    let mut ratios = Vec::new();
    for _ in 0..3 {
        let (ours, times) = server.load(16, SPAN, &request, 200);
        let (bare, _) = rival.load(16, SPAN, &get("/", ""), 200);
        println!(
            "GET /api/user/ at concurrency 16: {ours:.0}/s, p50 {:.2} ms, p99 {:.2} ms; bare Actix {bare:.0}/s; ratio {:.3}",
            ms(percentile(&times, 0.5)),
            ms(percentile(&times, 0.99)),
            ours / bare
        );
        ratios.push(ours / bare);
    }
    ratios.sort_by(f64::total_cmp);
    println!("median ratio {:.3}; resident memory {:.1} MB at most", ratios[1], server.peak());
}

fn verify_time(hash: &str) -> Duration {
    let times = (0..15).map(|_| {
        let begun = Instant::now();
        assert!(bcrypt::verify(PASSWORD, hash).unwrap());
        begun.elapsed()
    });
    median(times.collect())
}

// ---- servers

struct Server {
    child: Child,
    address: SocketAddr,
    folder: PathBuf,
    cost: u32,
}

impl Server {
    fn start(folder: &Path, cost: u32) -> Self {
        let mut command = Command::new(DOORWARD);
        command
            .args([
                "serve",
                "--listen",
                "127.0.0.1:0",
                "--set",
                "log.format=json",
                "--set",
                "limits.enabled=false",
            ])
            .env("DOORWARD_PASSWORD__COST", cost.to_string())
            .current_dir(folder)
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let address = lines.find_map(|line| listening(&line)).unwrap();
        // The pipe is read to its end, or the server would wait for it one day.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address, folder: folder.to_owned(), cost }
    }

    fn rival() -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg("--rival")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        Self { child, address: line.trim().parse().unwrap(), folder: PathBuf::new(), cost: 0 }
    }

    fn add(&self, name: &str) {
        let email = format!("{name}@example.com");
        let mut child = Command::new(DOORWARD)
            .args(["user", "add", "--username", name, "--email", &email, "--password-stdin", "--force"])
            .current_dir(&self.folder)
            .env("DOORWARD_PASSWORD__COST", self.cost.to_string())
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        child.stdin.take().unwrap().write_all(PASSWORD.as_bytes()).unwrap();
        assert!(child.wait().unwrap().success());
    }

    fn token(&self, name: &str) -> String {
        let mut connection = self.connection();
        assert_eq!(connection.send(&login(name, PASSWORD)), 200);
        let head = &connection.head;
        let from = head.find("access_token=").unwrap() + "access_token=".len();
        head[from..].split(';').next().unwrap().to_owned()
    }

    fn connection(&self) -> Connection {
        Connection::open(self.address)
    }

    /// Sends `request` over `clients` connections for `span`; answers how many a second were
    /// answered with `status`, and how long each took.
    fn load(&self, clients: usize, span: Duration, request: &str, status: u16) -> (f64, Vec<Duration>) {
        let begun = Instant::now();
        let threads: Vec<_> = (0..clients)
            .map(|_| {
                let (mut connection, request) = (self.connection(), request.to_owned());
                std::thread::spawn(move || {
                    let mut times = Vec::new();
                    while begun.elapsed() < span {
                        let sent = Instant::now();
                        assert_eq!(connection.send(&request), status);
                        times.push(sent.elapsed());
                    }
                    times
                })
            })
            .collect();
        let times: Vec<Duration> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        (times.len() as f64 / begun.elapsed().as_secs_f64(), times)
    }

    /// Resident memory now, in MB, as Linux tells it.
    fn resident(&self) -> f64 {
        self.memory("VmRSS:")
    }

    /// The most resident memory so far, in MB.
    fn peak(&self) -> f64 {
        self.memory("VmHWM:")
    }

    fn memory(&self, field: &str) -> f64 {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap_or("0");
        line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(f64::NAN) / 1e3
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn listening(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once(r#""listen":""#)?;
    rest.split('"').next()?.parse().ok()
}

/// An Actix server whose one handler answers a constant as JSON.
fn rival() {
    use actix_web::{App, HttpResponse, HttpServer, web};
    let answer = async || HttpResponse::Ok().content_type("application/json").body(USER);
    let server = HttpServer::new(move || App::new().route("/", web::get().to(answer)))
        .workers(cores())
        .bind("127.0.0.1:0")
        .unwrap();
    println!("{}", server.addrs()[0]);
    std::io::stdout().flush().unwrap();
    actix_web::rt::System::new().block_on(server.run()).unwrap();
}

// ---- a client that keeps its connection

struct Connection {
    stream: BufReader<TcpStream>,
    head: String,
}

impl Connection {
    fn open(address: SocketAddr) -> Self {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        Self { stream: BufReader::new(stream), head: String::new() }
    }

    fn send(&mut self, request: &str) -> u16 {
        self.stream.get_mut().write_all(request.as_bytes()).unwrap();
        self.head.clear();
        while !self.head.ends_with("\r\n\r\n") {
            assert!(self.stream.read_line(&mut self.head).unwrap() > 0, "the server hung up");
        }
        let length = self
            .head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length:")?.trim().parse().ok())
            .unwrap_or(0);
        self.stream.read_exact(&mut vec![0; length]).unwrap();
        self.head[9..12].parse().unwrap()
    }
}

fn get(path: &str, headers: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: bench\r\n{headers}\r\n")
}

fn login(name: &str, password: &str) -> String {
    let body = format!(r#"{{"username":"{name}","password":"{password}"}}"#);
    format!(
        "POST /api/login/ HTTP/1.1\r\nHost: bench\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )
}

// ---- arithmetic

fn cores() -> usize {
    std::thread::available_parallelism().unwrap().get()
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1e3
}

fn median(times: Vec<Duration>) -> Duration {
    percentile(&times, 0.5)
}

fn percentile(times: &[Duration], part: f64) -> Duration {
    let mut sorted = times.to_vec();
    sorted.sort_unstable();
    sorted[((sorted.len() - 1) as f64 * part).round() as usize]
}
