//! The HTTP server.

use std::future::ready;
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use actix_http::error::DispatchError;
use actix_http::{HttpService, KeepAlive};
use actix_service::{IntoServiceFactory as _, ServiceFactoryExt as _, fn_service, map_config};
use actix_web::dev::{AppConfig, Extensions, Server};
use actix_web::middleware::from_fn;
use actix_web::{rt, web};
use rustix::net::sockopt::set_socket_send_buffer_size;
use tokio::net::TcpStream;

use super::signals::Signals;
use crate::app::App;
use crate::cli::error::CliError;
use crate::http::connection::{ConnectionTable, GuardedStream, Timeouts};
use crate::{http, routes};

/// The buffer of the system for an answer, in bytes. A small one shows soon whether a client reads, and bounds
/// what a client that does not read costs.
const SEND_BUFFER: usize = 64 * 1024;

/// A server for `app` on `listener` that does not run yet. To be called in a runtime.
///
/// # Errors
/// If the listener cannot be used.
pub fn http_server(app: &App, listener: TcpListener) -> io::Result<Server> {
    let config = Arc::clone(&app.config);
    let data = web::Data::new(app.clone());
    let connections = ConnectionTable::new(app);
    let timeouts = Timeouts::with_idle(config.server.idle_timeout);
    // Accepted sockets inherit it.
    set_socket_send_buffer_size(&listener, SEND_BUFFER)?;
    let builder = Server::build()
        .workers(app.workers())
        .max_concurrent_connections(usize::MAX)
        .shutdown_timeout(config.server.shutdown_timeout.as_secs())
        .disable_signals();
    let stop = builder.graceful_shutdown_signal();
    let (stopping, stopped) = (stop.clone(), Arc::clone(&connections));
    rt::spawn(async move {
        stopping.notified().await;
        stopped.stop();
    });
    let server = builder.listen("doorward", listener, move || {
        let app = actix_web::App::new()
            .app_data(data.clone())
            .wrap(from_fn(crate::web::localized_errors))
            .wrap(from_fn(crate::web::deliver_pages))
            .wrap(from_fn(http::cors))
            .wrap(from_fn(http::security_headers))
            .wrap(from_fn(http::trace))
            .wrap(from_fn(crate::web::recover))
            .wrap(from_fn(http::connection::answer))
            .configure(|urls| routes::configure(urls, &data.config));
        let app = app.into_factory().map_err(|error: actix_web::Error| error.error_response());
        let stop = stop.clone();
        let http = HttpService::build()
            // Deadlines are those of the connection.
            .keep_alive(KeepAlive::Os)
            .client_request_timeout(Duration::ZERO)
            .client_disconnect_timeout(timeouts.close)
            // A client that hangs up needs no answer: its place in the queue for a hash becomes free.
            .h1_allow_half_closed(false)
            .graceful_shutdown_signal(move || {
                let stop = stop.clone();
                async move { stop.notified().await }
            })
            .on_connect_ext(|stream: &GuardedStream<TcpStream>, data: &mut Extensions| {
                data.insert(Arc::clone(stream.state()));
            })
            .h1(map_config(app, |()| AppConfig::default()));
        let connections = Arc::clone(&connections);
        fn_service(move |socket| ready(admit(&connections, timeouts, socket))).and_then(http)
    })?;
    Ok(server.run())
}

/// The stream of a new connection.
fn admit(
    connections: &Arc<ConnectionTable>,
    timeouts: Timeouts,
    socket: TcpStream,
) -> Result<(GuardedStream<TcpStream>, Option<SocketAddr>), DispatchError> {
    let peer = socket.peer_addr()?;
    let place = connections.admit(peer.ip()).ok_or(io::ErrorKind::ConnectionRefused);
    let place = place.map_err(io::Error::from)?;
    Ok((GuardedStream::new(socket, place, timeouts), Some(peer)))
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
