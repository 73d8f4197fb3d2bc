//! `doorward serve`: binds, serves until it is stopped, and lets running work finish.

mod open_files;
pub(crate) mod server;
mod signals;
pub(crate) mod tasks;

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;

use actix_web::rt;
use clap::Args;
use tokio::sync::oneshot;

use super::demo::Demo;
use super::error::CliError;
use super::global_args::GlobalArgs;
use super::log;
use crate::accounts::{self, LinkKeys};
use crate::app::App;
use crate::clock::SystemClock;
use crate::config::{Config, Flag};
use crate::texts::Lang;
use crate::types::Link;
use server::{Stop, http_server, serve_until_stopped};
use signals::Signals;
use tasks::BackgroundTasks;

/// The arguments of `doorward serve`.
#[derive(Debug, Default, Args)]
pub(super) struct ServeArgs {
    /// The address to listen on, such as 127.0.0.1:8000
    #[arg(long, value_name = "ADDRESS:PORT")]
    listen: Option<String>,
    /// Try doorward: a temporary database with an administrator and two users
    #[arg(long)]
    demo: bool,
}

/// Runs the server until it is stopped.
pub(super) fn run(global: GlobalArgs, args: ServeArgs) -> Result<(), CliError> {
    let mut flags: Vec<Flag> = args.listen.iter().map(|address| Flag::own("listen", address)).collect();
    if args.demo && global.sets("database_url") {
        return Err(CliError::usage(
            "--demo makes a temporary database of its own",
            "leave --database-url out, or run `doorward serve` without --demo",
        ));
    }
    let demo = if args.demo { Some(Demo::new()?) } else { None };
    flags.extend(demo.as_ref().map(|demo| Flag::own("database_url", &demo.database_url())));
    let config = global.load(flags)?;
    log::start(&config.log);
    for warning in config.warnings() {
        tracing::warn!("{warning}");
    }
    open_files::raise_limit();
    let listener = TcpListener::bind(config.listen).map_err(|error| cannot_listen(config.listen, &error))?;
    let address = listener.local_addr().map_err(|error| cannot_listen(config.listen, &error))?;
    rt::System::new().block_on(async {
        // Before the start waits for a database, and before the log says that the server runs.
        let mut signals = Signals::listen()?;
        let Some(app) = open(config.listening_at(address), &mut signals).await? else {
            tracing::info!("stopped before the start was complete");
            return Ok(());
        };
        let server = http_server(&app, listener).map_err(|error| cannot_listen(address, &error))?;
        correct_clock(&app).await?;
        accounts::prepare_keys(&app).await?;
        greet(&app, demo.as_ref()).await?;
        let tasks = BackgroundTasks::start(&app);
        let patience = app.config.server.shutdown_timeout;
        if serve_until_stopped(server, signals, patience).await? == Stop::Graceful {
            let hashes = tokio::time::timeout(patience, app.passwords.shutdown());
            let _ = tokio::join!(hashes, tasks.finish(patience));
        }
        tracing::info!("stopped");
        Ok(())
    })
}

/// Opens the application, which may wait for a server or a migration; `None` if a signal stops it.
async fn open(config: Config, signals: &mut Signals) -> Result<Option<App>, CliError> {
    let (sender, opened) = oneshot::channel();
    // A thread of its own, which ends with the process: what it does to the database may be cut off anywhere.
    std::thread::spawn(move || {
        // The receiver has gone if a signal came first.
        let _ = sender.send(App::open(config, Arc::new(SystemClock)));
    });
    tokio::select! {
        app = opened => {
            let app = app.map_err(|_| CliError::failed("the start was interrupted", ""))?;
            Ok(Some(app?))
        }
        () = signals.next() => Ok(None),
    }
}

/// Corrects what a clock that was ahead has stored, before the first request, and says so in the log.
async fn correct_clock(app: &App) -> Result<(), CliError> {
    if let Some(ahead) = accounts::clock_was_ahead(app).await? {
        let span = Lang::English.span(ahead);
        tracing::warn!(
            ahead_s = ahead.as_secs(),
            "the newest entry of the audit log lies {span} in the future: the clock of this machine was ahead \
             then, or is behind now; rate limits and due times that it stored are corrected"
        );
    }
    accounts::correct_moments(app, LinkKeys::Unchanged).await?;
    Ok(())
}

/// Logs the address, and how to create the first administrator.
async fn greet(app: &App, demo: Option<&Demo>) -> Result<(), CliError> {
    let origin = app.config.public_url.origin();
    accounts::store_served_origin(app).await?;
    if let Some(demo) = demo {
        demo.add_users(app).await?;
    } else if let Some(key) = accounts::issue_setup_key(app).await? {
        let (url, hours) = (Link::Setup.url(origin, &key), Link::Setup.lifetime().as_secs() / 3600);
        tracing::warn!("no administrator yet: create the first one at {url} (works once, for {hours} hours)");
    }
    if app.current().mail.smtp.is_none() {
        tracing::info!("no email will be sent: mail.smtp.host and mail.from are not set");
    }
    tracing::info!(listen = %app.config.listen, database = %app.config.database_url, "serving on {origin}");
    Ok(())
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> CliError {
    let (message, hint) = match error.kind() {
        io::ErrorKind::AddrInUse => (
            format!("port {} on {} is in use", address.port(), address.ip()),
            format!("is doorward running already? Choose another port with --listen {}", next_port(address)),
        ),
        io::ErrorKind::PermissionDenied => (
            format!("not allowed to listen on {address}"),
            "ports below 1024 are reserved: listen on 8000 and put a proxy in front".to_owned(),
        ),
        io::ErrorKind::AddrNotAvailable => (
            format!("{} is not an address of this machine", address.ip()),
            "use 127.0.0.1 for this machine only, or 0.0.0.0 for all of its networks".to_owned(),
        ),
        _ => (format!("cannot listen on {address}: {error}"), String::new()),
    };
    CliError::failed(message, hint)
}

/// The same address with the next port; after the last port, the default one.
fn next_port(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip(), address.port().checked_add(1).unwrap_or(8000))
}
