//! SIGTERM, SIGINT (Ctrl-C) and SIGHUP.

use std::io::{self, IsTerminal as _};

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::cli::error::CliError;

/// The signals that a server handles.
pub(super) struct Signals {
    terminate: Signal,
    interrupt: Signal,
    hangup: Signal,
    /// Whether the server was started from a terminal, which sends SIGHUP when it is closed.
    has_terminal: bool,
}

impl Signals {
    /// From now on, these signals do not end the process by themselves. As process 1 of a container it would
    /// ignore them without this (`pid_namespaces(7)`).
    pub(super) fn listen() -> Result<Self, CliError> {
        let listen = |kind| {
            signal(kind).map_err(|error| CliError::failed(format!("cannot listen for signals: {error}"), ""))
        };
        Ok(Self {
            terminate: listen(SignalKind::terminate())?,
            interrupt: listen(SignalKind::interrupt())?,
            hangup: listen(SignalKind::hangup())?,
            has_terminal: io::stdin().is_terminal(),
        })
    }

    /// Waits for the next signal to stop. SIGHUP is none, unless a terminal was closed: service managers and log
    /// rotation send it to make a server read its settings again.
    pub(super) async fn next(&mut self) {
        loop {
            tokio::select! {
                _ = self.terminate.recv() => return,
                _ = self.interrupt.recv() => return,
                _ = self.hangup.recv() => {}
            }
            if self.has_terminal {
                return;
            }
            tracing::info!("SIGHUP does nothing: settings take effect at the next start");
        }
    }
}
