//! `doorward serve`: binds, serves until told to stop, and lets what has begun finish.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_cors::Cors;
use actix_web::dev::Server;
use actix_web::http::header;
use actix_web::middleware::{Condition, from_fn};
use actix_web::{HttpServer, rt, web};
use clap::Args;
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::demo::Demo;
use super::error::CliError;
use super::{GlobalArgs, log};
use crate::accounts;
use crate::app::App;
use crate::clock::SystemClock;
use crate::config::{Config, Flag};
use crate::types::Link;
use crate::{http, routes};

/// How long a client may take to send the head of a request.
const HEAD_PATIENCE: Duration = Duration::from_secs(10);

/// How long an idle connection is kept: longer than common proxies keep theirs, so that the
/// proxy is the one to close it.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// How long a browser may remember what CORS allows, in seconds.
const CORS_MAX_AGE: usize = 3600;

/// What `doorward serve` takes.
#[derive(Debug, Default, Args)]
pub(crate) struct ServeArgs {
    /// The address to listen on, such as 127.0.0.1:8000
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Try it: a throw-away database with an administrator and two users
    #[arg(long)]
    demo: bool,
}

/// Runs the server until it is told to stop.
pub(crate) fn run(settings: GlobalArgs, args: ServeArgs) -> Result<(), CliError> {
    let mut flags: Vec<Flag> = args.listen.iter().map(|address| Flag::own("listen", address)).collect();
    if args.demo && settings.names("database_url") {
        return Err(CliError::usage(
            "--demo has a throw-away database of its own",
            "leave --database-url out, or run `doorward serve` without --demo",
        ));
    }
    let demo = if args.demo { Some(Demo::new()?) } else { None };
    flags.extend(demo.as_ref().map(|demo| Flag::own("database_url", &demo.database_url())));
    let config = settings.load(flags)?;
    log::start(&config.log);
    for warning in config.warnings() {
        tracing::warn!("{warning}");
    }
    let listener = TcpListener::bind(config.listen).map_err(|error| cannot_listen(config.listen, &error))?;
    let address = listener.local_addr().map_err(|error| cannot_listen(config.listen, &error))?;
    let app = App::open(config.listening_at(address), Arc::new(SystemClock))?;
    rt::System::new().block_on(async {
        let server = server(&app, listener).map_err(|error| cannot_listen(address, &error))?;
        // Before anybody is told that it runs, so that whoever was told can stop it.
        let signals = Signals::listen()?;
        greet(&app, demo.as_ref()).await?;
        let mails = accounts::MailWorker::start(&app);
        let patience = app.config.server.shutdown_timeout;
        if until_told_to_stop(server, signals, patience).await? == Stop::Graceful {
            // Nobody waits for these hashes and mails any more; none is worth more than the time it
            // has. What was not sent is sent after the next start.
            let ending = async { tokio::join!(app.passwords.shutdown(), mails.finish()) };
            let _ = tokio::time::timeout(patience, ending).await;
            // What is lost here is when a session was last seen, by some seconds.
            let _ = accounts::record_last_seen(&app).await;
            // What is not chained now is chained after the next start.
            let _ = tokio::time::timeout(patience, accounts::seal_audit(&app)).await;
        }
        tracing::info!("stopped");
        Ok(())
    })
}

/// A server for `app` on `listener`, not running yet, and what keeps its house. The tests' servers are
/// made here, too.
///
/// # Errors
/// If the listener cannot be used.
pub fn server(app: &App, listener: TcpListener) -> io::Result<Server> {
    let config = Arc::clone(&app.config);
    let data = web::Data::new(app.clone());
    let builder = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(data.clone())
            .wrap(Condition::new(!config.cors.allowed_origins.is_empty(), cors(&config)))
            .wrap(from_fn(crate::web::localized_errors))
            .wrap(from_fn(http::security_headers))
            .wrap(from_fn(http::trace))
            .configure(routes::configure)
    });
    rt::spawn(accounts::run_housekeeping(app.clone()));
    rt::spawn(accounts::run_audit_sealing(app.clone()));
    let workers = app.workers();
    let server = builder
        .workers(workers)
        .client_request_timeout(HEAD_PATIENCE)
        .keep_alive(KEEP_ALIVE)
        // Who hangs up is not worked for: what waits for a hash gives up its place.
        .h1_allow_half_closed(false)
        .shutdown_timeout(app.config.server.shutdown_timeout.as_secs())
        .disable_signals()
        .listen(listener)?;
    Ok(server.run())
}

/// Pages of the listed origins may call the API with the cookie; nobody else is told anything.
fn cors(config: &Config) -> Cors {
    let origins = config.cors.allowed_origins.iter();
    origins
        .fold(Cors::default(), |cors, origin| cors.allowed_origin(origin.as_str()))
        .allowed_methods(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])
        .allowed_headers([header::ACCEPT, header::AUTHORIZATION, header::CONTENT_TYPE])
        .expose_headers(["Retry-After", "X-Request-Id"])
        .supports_credentials()
        .max_age(CORS_MAX_AGE)
}

/// Says where the door is, and how the first administrator gets in.
async fn greet(app: &App, demo: Option<&Demo>) -> Result<(), CliError> {
    let origin = app.config.public_url.origin();
    if let Some(demo) = demo {
        demo.furnish(app).await?;
    } else if let Some(key) = accounts::issue_setup_key(app).await? {
        let (url, hours) = (Link::Setup.url(origin, &key), Link::Setup.lifetime().as_secs() / 3600);
        tracing::warn!("no users yet: make the first administrator at {url} (works once, for {hours} hours)");
    }
    if app.config.mail.smtp.is_none() {
        tracing::info!("no mail will be sent: mail.smtp.host and mail.from are not set");
    }
    tracing::info!(listen = %app.config.listen, database = %app.config.database_url, "serving on {origin}");
    Ok(())
}

/// How it was stopped.
#[derive(PartialEq, Eq)]
enum Stop {
    /// What was running has finished, or had its time.
    Graceful,
    /// Somebody did not want to wait.
    AtOnce,
}

/// What tells a server to stop.
struct Signals {
    terminate: Signal,
    interrupt: Signal,
}

impl Signals {
    fn listen() -> Result<Self, CliError> {
        let listen = |kind| signal(kind).map_err(cannot_serve);
        Ok(Self { terminate: listen(SignalKind::terminate())?, interrupt: listen(SignalKind::interrupt())? })
    }

    async fn next(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
        }
    }
}

/// SIGTERM and SIGINT (Ctrl-C) let running requests finish; a second one does not wait.
async fn until_told_to_stop(
    server: Server,
    mut signals: Signals,
    patience: Duration,
) -> Result<Stop, CliError> {
    let handle = server.handle();
    let mut serving = rt::spawn(server);
    let ended = |outcome: Result<io::Result<()>, rt::task::JoinError>| {
        outcome.map_err(io::Error::other).and_then(|served| served).map_err(cannot_serve)
    };
    tokio::select! {
        outcome = &mut serving => return ended(outcome).map(|()| Stop::Graceful),
        () = signals.next() => {}
    }
    tracing::info!(patience_s = patience.as_secs(), "stopping; running requests may finish");
    tokio::select! {
        () = handle.stop(true) => ended(serving.await).map(|()| Stop::Graceful),
        () = signals.next() => Ok(Stop::AtOnce),
    }
}

fn cannot_serve(error: io::Error) -> CliError {
    CliError::failed(format!("cannot serve: {error}"), "")
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> CliError {
    let (message, hint) = match error.kind() {
        io::ErrorKind::AddrInUse => (
            format!("port {} on {} is taken", address.port(), address.ip()),
            format!("is doorward running already? Choose another port with --listen {}", next_port(address)),
        ),
        io::ErrorKind::PermissionDenied => (
            format!("not allowed to listen on {address}"),
            "ports below 1024 are the system's: listen on 8000 and put a proxy in front".to_owned(),
        ),
        io::ErrorKind::AddrNotAvailable => (
            format!("{} is no address of this machine", address.ip()),
            "127.0.0.1 is for this machine alone, 0.0.0.0 for every network it is in".to_owned(),
        ),
        _ => (format!("cannot listen on {address}: {error}"), String::new()),
    };
    CliError::failed(message, hint)
}

/// The same address with the port after this one, or with our usual one after the last.
fn next_port(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip(), address.port().checked_add(1).unwrap_or(8000))
}
