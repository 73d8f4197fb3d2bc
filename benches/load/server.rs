//! A server for one measurement: the release binary, or a bare Actix server for comparison.

use std::io::{BufRead as _, BufReader, Write as _};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use doorward::testing::app::{Clock as _, SystemClock};
use doorward::testing::tokens::{KeyRing, Times, Tokens};
use doorward::testing::types::{PublicId, SessionHandle, SigningKey, SuccessorKey, UserId};

use super::client::Connection;
use super::users::file_in;

const SIGNING_KEY: &str = "a-key-for-measuring-that-is-long-enough-for-every-bench";
const A_DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// The binary that is measured.
pub(crate) const DOORWARD: &str = env!("CARGO_BIN_EXE_doorward");

/// The answer of the bare Actix server: as many bytes as `GET /api/user/` has in these benches.
const USER: &str =
    r#"{"username":"user00000000","email":"user00000000@example.com","is_email_confirmed":false}"#;

/// A running server, stopped when it is dropped.
pub(crate) struct Server {
    child: Child,
    pub address: SocketAddr,
}

impl Server {
    /// Starts doorward on the database in `folder`. Failed logins are not limited, and the address of a client
    /// is taken from its `X-Forwarded-For`.
    pub(crate) fn start(folder: &Path, cost: u32) -> Self {
        Self::start_on(&file_in(folder), cost)
    }

    /// Starts doorward on the database of any URL.
    pub(crate) fn start_on(database_url: &str, cost: u32) -> Self {
        Self::start_signing(database_url, cost, "HS256")
    }

    /// Starts doorward with an algorithm of its tokens.
    pub(crate) fn start_signing(database_url: &str, cost: u32, algorithm: &str) -> Self {
        let mut child = Command::new(DOORWARD)
            .args(["serve", "--listen", "127.0.0.1:0"])
            .args(["--set", "log.format=json", "--set", "limits.enabled=false"])
            .args(["--set", "trusted_proxies=127.0.0.1/32"])
            .env("DOORWARD_PASSWORD__COST", cost.to_string())
            .env("DOORWARD_TOKENS__ALGORITHM", algorithm)
            .env("DOORWARD_SIGNING_KEY", SIGNING_KEY)
            .env("DOORWARD_DATABASE_URL", database_url)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap()).lines().map_while(Result::ok);
        let address = lines.find_map(|line| listening(&line)).unwrap();
        // The pipe is read to its end, or the server would block when it is full.
        std::thread::spawn(move || lines.for_each(drop));
        Self { child, address }
    }

    /// Starts this program again as a bare Actix; see [`serve_as_rival`].
    pub(crate) fn rival() -> Self {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .arg("--rival")
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap()).read_line(&mut line).unwrap();
        Self { child, address: line.trim().parse().unwrap() }
    }

    pub(crate) fn connection(&self) -> Connection {
        Connection::open(self.address).unwrap()
    }

    /// The resident memory in MB, as reported by Linux.
    pub(crate) fn resident(&self) -> f64 {
        self.memory("VmRSS:")
    }

    /// The most resident memory so far, in MB.
    pub(crate) fn peak(&self) -> f64 {
        self.memory("VmHWM:")
    }

    fn memory(&self, field: &str) -> f64 {
        memory(self.child.id(), field)
    }
}

/// A memory field of a process in MB, as reported by Linux; 0 if the process has ended.
pub(crate) fn memory(process: u32, field: &str) -> f64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(field)).unwrap_or("0");
    line.trim().trim_end_matches(" kB").parse::<f64>().unwrap_or(f64::NAN) * 1024.0 / 1e6
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// An access token that every server here accepts.
pub(crate) fn token(user: UserId) -> String {
    let times = Times { access_lifetime: A_DAY, refresh_lifetime: A_DAY, leeway: Duration::ZERO };
    let keys = KeyRing::hs256(&SigningKey::new(SIGNING_KEY.as_bytes().to_vec()));
    let tokens = Tokens::new(keys, &SuccessorKey::new(Vec::new()), times);
    let user = PublicId::Integer(user);
    let token =
        tokens.mint_access(&user, serde_json::Map::new(), &SessionHandle::random(), SystemClock.now());
    token.unwrap().expose().to_owned()
}

/// Runs an Actix server whose only handler returns a constant as JSON. Prints its address.
pub(crate) fn serve_as_rival() {
    use actix_web::{App, HttpResponse, HttpServer, web};
    let answer = async || HttpResponse::Ok().content_type("application/json").body(USER);
    let server = HttpServer::new(move || App::new().route("/", web::get().to(answer)))
        .workers(super::report::cores())
        .bind("127.0.0.1:0")
        .unwrap();
    println!("{}", server.addrs()[0]);
    std::io::stdout().flush().unwrap();
    actix_web::rt::System::new().block_on(server.run()).unwrap();
}

fn listening(line: &str) -> Option<SocketAddr> {
    let (_, rest) = line.split_once(r#""listen":""#)?;
    rest.split('"').next()?.parse().ok()
}
