//! A small SMTP server in this process: accepts mails, or answers as a test sets it up. Without TLS, with
//! STARTTLS, or with TLS from the first byte.

use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use rustls::pki_types::PrivatePkcs8KeyDer;
use rustls::{ServerConfig, ServerConnection, StreamOwned};

/// A mail that was accepted.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub from: String,
    pub to: String,
    pub data: String,
}

impl Received {
    /// The value of a header on a single line.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let head = self.data.split("\r\n\r\n").next()?;
        head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "))
    }
}

/// The server. Stops when dropped.
pub(crate) struct SmtpServer {
    pub port: u16,
    shared: Arc<Shared>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    mails: Mutex<Vec<Received>>,
    /// The replies to commands other than success; "hang" never replies, "drop" closes the connection.
    replies: Mutex<HashMap<&'static str, String>>,
    /// Such replies for mails to one recipient.
    replies_to: Mutex<HashMap<(&'static str, String), String>>,
    /// The lines of EHLO.
    greetings: Mutex<Vec<String>>,
    /// How often each recipient was offered.
    offered: Mutex<Vec<String>>,
    /// The lines of AUTH PLAIN.
    logins: Mutex<Vec<String>>,
    connections: AtomicUsize,
    stopped: AtomicBool,
}

/// A self-signed certificate.
pub(crate) struct Certificate {
    pub folder: tempfile::TempDir,
    server: Arc<ServerConfig>,
}

impl Certificate {
    pub(crate) fn new() -> Self {
        Self::of("localhost")
    }

    pub(crate) fn of(name: &str) -> Self {
        let made = rcgen::generate_simple_self_signed([name.to_owned()]).unwrap();
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("cert.pem"), made.cert.pem()).unwrap();
        std::fs::write(folder.path().join("key.pem"), made.signing_key.serialize_pem()).unwrap();
        let key = PrivatePkcs8KeyDer::from(made.signing_key.serialize_der());
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let config = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_no_client_auth()
            .with_single_cert(vec![made.cert.der().clone()], key.into())
            .unwrap();
        Self { folder, server: Arc::new(config) }
    }

    pub(crate) fn file(&self) -> PathBuf {
        self.folder.path().join("cert.pem")
    }

    pub(crate) fn key_file(&self) -> PathBuf {
        self.folder.path().join("key.pem")
    }
}

#[derive(Clone)]
enum Tls {
    None,
    Offered(Arc<ServerConfig>),
    AtOnce(Arc<ServerConfig>),
}

impl SmtpServer {
    /// Without TLS.
    pub(crate) fn start() -> Self {
        Self::listen(0, Tls::None)
    }

    /// Without TLS, on the port of a stopped server.
    pub(crate) fn on(port: u16) -> Self {
        Self::listen(port, Tls::None)
    }

    pub(crate) fn with_starttls(certificate: &Certificate) -> Self {
        Self::listen(0, Tls::Offered(Arc::clone(&certificate.server)))
    }

    pub(crate) fn with_tls(certificate: &Certificate) -> Self {
        Self::listen(0, Tls::AtOnce(Arc::clone(&certificate.server)))
    }

    fn listen(port: u16, tls: Tls) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", port)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let shared = Arc::new(Shared::default());
        let own = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            for stream in listener.incoming() {
                if own.stopped.load(Ordering::SeqCst) {
                    return;
                }
                let (shared, tls) = (Arc::clone(&own), tls.clone());
                std::thread::spawn(move || {
                    // The client may disconnect at any time.
                    let _ = converse(&shared, stream?, tls);
                    Ok::<(), std::io::Error>(())
                });
            }
        });
        Self { port, shared, thread: Some(thread) }
    }

    /// Sets the reply to a command ("MAIL", "RCPT", "DATA", "BODY", "AUTH", "EHLO" or "GREETING"); "hang" never
    /// replies.
    pub(crate) fn answers(&self, command: &'static str, reply: &str) {
        self.shared.replies.lock().unwrap().insert(command, reply.to_owned());
    }

    /// Sets the reply to a command ("RCPT" or "BODY") of a mail to this recipient.
    pub(crate) fn answers_to(&self, recipient: &str, command: &'static str, reply: &str) {
        let key = (command, format!("<{recipient}>"));
        self.shared.replies_to.lock().unwrap().insert(key, reply.to_owned());
    }

    /// How often a mail to this recipient was offered.
    pub(crate) fn offers_to(&self, recipient: &str) -> usize {
        let recipient = format!("<{recipient}>");
        self.shared.offered.lock().unwrap().iter().filter(|to| **to == recipient).count()
    }

    /// The name in the last EHLO.
    pub(crate) fn greeted_by(&self) -> Option<String> {
        self.shared.greetings.lock().unwrap().last().cloned()
    }

    /// Accepts mails without a reply.
    pub(crate) fn takes_and_falls_silent(&self) {
        self.answers("TAKEN", "hang");
    }

    /// Resets all replies to success.
    pub(crate) fn is_kind(&self) {
        self.shared.replies.lock().unwrap().clear();
        self.shared.replies_to.lock().unwrap().clear();
    }

    pub(crate) fn mails(&self) -> Vec<Received> {
        self.shared.mails.lock().unwrap().clone()
    }

    pub(crate) fn logins(&self) -> Vec<String> {
        self.shared.logins.lock().unwrap().clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.shared.connections.load(Ordering::SeqCst)
    }

    /// Waits until `count` mails were accepted.
    pub(crate) fn wait_for(&self, count: usize) -> Vec<Received> {
        wait_until(|| self.mails().len() >= count);
        self.mails()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.shared.stopped.store(true, Ordering::SeqCst);
        let _ = TcpStream::connect(SocketAddr::from(([127, 0, 0, 1], self.port)));
        if let Some(thread) = self.thread.take() {
            thread.join().unwrap();
        }
    }
}

/// Waits until a condition is true, for at most half a minute.
pub(crate) fn wait_until(is_true: impl Fn() -> bool) {
    let begun = Instant::now();
    while !is_true() {
        assert!(begun.elapsed() < Duration::from_secs(30), "the condition did not become true");
        std::thread::sleep(Duration::from_millis(10));
    }
}

trait Both: Read + Write {}
impl<T: Read + Write> Both for T {}

fn converse(shared: &Shared, stream: TcpStream, tls: Tls) -> std::io::Result<()> {
    shared.connections.fetch_add(1, Ordering::SeqCst);
    let over_tls = |config: &Arc<ServerConfig>, stream| {
        StreamOwned::new(ServerConnection::new(Arc::clone(config)).unwrap(), stream)
    };
    match tls {
        Tls::None => talk(shared, Box::new(stream), true, false).map(|_| ()),
        Tls::AtOnce(config) => talk(shared, Box::new(over_tls(&config, stream)), true, false).map(|_| ()),
        Tls::Offered(config) => {
            let again = stream.try_clone()?;
            if talk(shared, Box::new(stream), true, true)? {
                talk(shared, Box::new(over_tls(&config, again)), false, false)?;
            }
            Ok(())
        }
    }
}

/// Serves a connection until the client disconnects. Answers whether it continues with TLS.
fn talk(shared: &Shared, stream: Box<dyn Both>, greets: bool, starttls: bool) -> std::io::Result<bool> {
    let mut stream = BufReader::new(stream);
    if greets {
        say(shared, &mut stream, "GREETING", "220 test ESMTP")?;
    }
    let mut mail = Received { from: String::new(), to: String::new(), data: String::new() };
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 || shared.stopped.load(Ordering::SeqCst) {
            return Ok(false);
        }
        let line = line.trim_end();
        let command = line.split([' ', ':']).next().unwrap().to_ascii_uppercase();
        match command.as_str() {
            "EHLO" => {
                shared.greetings.lock().unwrap().push(line["EHLO ".len()..].to_owned());
                let offer = if starttls { "STARTTLS" } else { "AUTH PLAIN LOGIN" };
                say(shared, &mut stream, "EHLO", &format!("250-test\r\n250 {offer}"))?;
            }
            "STARTTLS" => {
                stream.get_mut().write_all(b"220 go\r\n")?;
                return Ok(true);
            }
            "AUTH" => {
                shared.logins.lock().unwrap().push(line.to_owned());
                say(shared, &mut stream, "AUTH", "235 ok")?;
            }
            "MAIL" => {
                mail.from = line["MAIL FROM:".len()..].to_owned();
                say(shared, &mut stream, "MAIL", "250 ok")?;
            }
            "RCPT" => {
                mail.to = line["RCPT TO:".len()..].to_owned();
                shared.offered.lock().unwrap().push(mail.to.clone());
                if !say_to(shared, &mut stream, "RCPT", "250 ok", &mail.to)? {
                    return Ok(false);
                }
            }
            "DATA" => {
                say(shared, &mut stream, "DATA", "354 go on")?;
                if shared.replies.lock().unwrap().contains_key("DATA") {
                    continue;
                }
                mail.data = body(&mut stream)?;
                let refused = shared.reply("BODY", &mail.to).is_some();
                if !refused {
                    shared.mails.lock().unwrap().push(mail.clone());
                }
                let stage = if refused { "BODY" } else { "TAKEN" };
                if !say_to(shared, &mut stream, stage, "250 taken", &mail.to)? {
                    return Ok(false);
                }
            }
            "QUIT" => {
                stream.get_mut().write_all(b"221 bye\r\n")?;
                return Ok(false);
            }
            _ => stream.get_mut().write_all(b"250 ok\r\n")?,
        }
    }
}

impl Shared {
    /// The reply to a command, if it is not success.
    fn reply(&self, command: &'static str, recipient: &str) -> Option<String> {
        let own = self.replies_to.lock().unwrap().get(&(command, recipient.to_owned())).cloned();
        own.or_else(|| self.replies.lock().unwrap().get(command).cloned())
    }
}

fn say(
    shared: &Shared,
    stream: &mut BufReader<Box<dyn Both>>,
    to: &'static str,
    yes: &str,
) -> std::io::Result<()> {
    say_to(shared, stream, to, yes, "").map(|_| ())
}

/// Answers whether the connection stays open.
fn say_to(
    shared: &Shared,
    stream: &mut BufReader<Box<dyn Both>>,
    to: &'static str,
    yes: &str,
    recipient: &str,
) -> std::io::Result<bool> {
    let own = shared.reply(to, recipient);
    let reply = own.as_deref().unwrap_or(yes);
    if reply == "drop" {
        return Ok(false);
    }
    let is_silent = || shared.reply(to, recipient).is_some_and(|reply| reply == "hang");
    while is_silent() && !shared.stopped.load(Ordering::SeqCst) {
        std::thread::sleep(Duration::from_millis(20));
    }
    let reply = if reply == "hang" { yes } else { reply };
    stream.get_mut().write_all(format!("{reply}\r\n").as_bytes())?;
    stream.get_mut().flush()?;
    Ok(true)
}

/// Reads up to the line with a single dot. Doubled dots become one (RFC 5321 §4.5.2).
fn body(stream: &mut BufReader<Box<dyn Both>>) -> std::io::Result<String> {
    let mut data = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        match line.strip_prefix('.') {
            Some("\r\n") => return Ok(data),
            Some(rest) => data += rest,
            None => data += &line,
        }
    }
}

/// Settings for sending mails to this port of this machine.
pub(crate) fn settings(port: u16) -> Vec<(&'static str, String)> {
    vec![
        ("mail.from", "Example <accounts@example.com>".to_owned()),
        ("mail.smtp.host", "localhost".to_owned()),
        ("mail.smtp.port", port.to_string()),
        ("mail.smtp.tls", "none".to_owned()),
        ("mail.smtp.timeout", "5s".to_owned()),
    ]
}

/// Settings for sending mails with TLS and this certificate.
pub(crate) fn tls_settings(port: u16, kind: &str, trusted: &Path) -> Vec<(&'static str, String)> {
    let mut all = settings(port);
    all.push(("mail.smtp.tls", kind.to_owned()));
    all.push(("mail.smtp.ca_file", trusted.display().to_string()));
    all
}
