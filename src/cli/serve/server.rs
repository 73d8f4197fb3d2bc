//! The HTTP server.

use std::io;
use std::net::TcpListener;
use std::time::Duration;

use actix_web::dev::Server;
use actix_web::middleware::from_fn;
use actix_web::{HttpServer, rt, web};

use super::signals::Signals;
use crate::app::App;
use crate::cli::error::CliError;
use crate::{http, routes};

/// How long a client may take to send the head of a request.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);

/// How long an idle connection stays open: longer than common proxies hold theirs, so that the
/// proxy is the one to close it.
const KEEP_ALIVE: Duration = Duration::from_secs(75);

/// A server for `app` on `listener` that does not run yet.
///
/// # Errors
/// If the listener cannot be used.
pub fn http_server(app: &App, listener: TcpListener) -> io::Result<Server> {
    let data = web::Data::new(app.clone());
    let builder = HttpServer::new(move || {
        actix_web::App::new()
            .app_data(data.clone())
            .wrap(from_fn(crate::web::localized_errors))
            .wrap(from_fn(http::cors))
            .wrap(from_fn(http::security_headers))
            .wrap(from_fn(http::trace))
            .configure(routes::configure)
    });
    let server = builder
        .workers(app.workers())
        .client_request_timeout(HEAD_TIMEOUT)
        .keep_alive(KEEP_ALIVE)
        // A client that hangs up needs no answer: its place in the queue for a hash becomes free.
        .h1_allow_half_closed(false)
        .shutdown_timeout(app.config.server.shutdown_timeout.as_secs())
        .disable_signals()
        .listen(listener)?;
    Ok(server.run())
}

/// How the server was stopped.
#[derive(PartialEq, Eq)]
pub(super) enum Stop {
    /// Running requests have finished, or their time is up.
    Graceful,
    /// A second signal demanded an immediate end.
    Immediate,
}

/// Serves. The first signal lets running requests finish; a second one does not wait.
pub(super) async fn serve_until_stopped(
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
        () = signals.next() => Ok(Stop::Immediate),
    }
}

fn cannot_serve(error: io::Error) -> CliError {
    CliError::failed(format!("cannot serve: {error}"), "")
}
