//! A client in Rust: logs in, refreshes the access token when it has expired, logs out.
//!
//!     cargo run -- http://127.0.0.1:8000 alice PASSWORD [SECONDS]

use std::time::Duration;

use serde_json::{json, Value};
use ureq::http::Response;
use ureq::{Agent, Body};

/// Requests to doorward as one user.
struct Doorward {
    base: String,
    http: Agent,
    access: String,
    refresh: String,
}

/// What went wrong: a connection, or an answer that is no success with its status.
#[derive(Debug)]
enum Error {
    Connection(ureq::Error),
    /// `{"detail": "…"}`, or a list of errors for each field.
    Status(u16, Value),
}

impl From<ureq::Error> for Error {
    fn from(error: ureq::Error) -> Self {
        Self::Connection(error)
    }
}

impl Doorward {
    /// Logs in with a username or an email address.
    fn log_in(base: &str, username: &str, password: &str) -> Result<Self, Error> {
        let config = Agent::config_builder().http_status_as_error(false).timeout_global(Some(Duration::from_secs(10)));
        let (access, refresh) = (String::new(), String::new());
        let mut client = Self { base: base.trim_end_matches('/').to_owned(), http: config.build().into(), access, refresh };
        let tokens = client.post("/api/token/", json!({"username": username, "password": password}))?;
        client.keep(&tokens);
        Ok(client)
    }

    /// The JSON at a path.
    fn get(&mut self, path: &str) -> Result<Value, Error> {
        match self.get_once(path) {
            Err(Error::Status(401, _)) => {
                let tokens = self.post("/api/token/refresh/", json!({"refresh": self.refresh}))?;
                self.keep(&tokens);
                self.get_once(path)
            }
            answer => answer,
        }
    }

    fn log_out(self) -> Result<(), Error> {
        self.post("/api/token/blacklist/", json!({"refresh": self.refresh})).map(|_| ())
    }

    /// With rotation there is a new refresh token, and the old one is used up.
    fn keep(&mut self, tokens: &Value) {
        for (name, token) in [("access", &mut self.access), ("refresh", &mut self.refresh)] {
            if let Some(text) = tokens[name].as_str() {
                *token = text.to_owned();
            }
        }
    }

    fn get_once(&self, path: &str) -> Result<Value, Error> {
        let request = self.http.get(format!("{}{path}", self.base));
        checked(request.header("Authorization", format!("Bearer {}", self.access)).call()?)
    }

    fn post(&self, path: &str, body: Value) -> Result<Value, Error> {
        checked(self.http.post(format!("{}{path}", self.base)).send_json(body)?)
    }
}

fn checked(mut answer: Response<Body>) -> Result<Value, Error> {
    let body: Value = answer.body_mut().read_json()?;
    match answer.status().as_u16() {
        status @ 400.. => Err(Error::Status(status, body)),
        _ => Ok(body),
    }
}

fn run(base: &str, username: &str, password: &str, seconds: u64) -> Result<(), Error> {
    let mut client = Doorward::log_in(base, username, password)?;
    println!("logged in as {}", client.get("/api/user/")?["username"].as_str().unwrap_or_default());
    std::thread::sleep(Duration::from_secs(seconds));
    println!("still {}", client.get("/api/user/")?["username"].as_str().unwrap_or_default());
    client.log_out()?;
    println!("logged out");
    Ok(())
}

fn main() {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [base, username, password, rest @ ..] = arguments.as_slice() else {
        eprintln!("usage: doorward-client BASE USERNAME PASSWORD [SECONDS]");
        std::process::exit(2);
    };
    let seconds = rest.first().and_then(|text| text.parse().ok()).unwrap_or(0);
    match run(base, username, password, seconds) {
        Ok(()) => {}
        Err(Error::Connection(error)) => {
            eprintln!("{error}");
            std::process::exit(1);
        }
        Err(Error::Status(status, body)) => {
            eprintln!("{status}: {body}");
            std::process::exit(1);
        }
    }
}
