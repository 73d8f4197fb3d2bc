//! The worker that sends the mails of the outbox: one in each process, started by `cli::serve`.
//!
//! A mail is leased for longer than the server may take for it, so that no other worker sends it at the same
//! time. If the process dies after the server accepted the mail and before that is recorded, the mail is sent
//! again when the lease ends, with the same Message-ID: delivery is at least once.

use std::time::Duration;

use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::accounts::outbox::outage::{MailOutage, backoff};
use crate::accounts::outbox::{is_link_dead, lease_next, record_outcome, sweep};
use crate::app::App;
use crate::mail::{ComposeError, DeliveryError, RetryVerdict, SendError, SmtpSession};
use crate::store::StoreError;
use crate::store::tables::mails;
use crate::store::tables::mails::{LeasedMail, Mail, MailLease, MailState, Outcome};
use crate::texts::Lang;
use crate::types::{MailId, OneTimeKey, Timestamp};

/// The outbox is read this often, since another process may have queued a mail.
const POLL_INTERVAL: Duration = Duration::from_secs(5);

/// A lease outlasts the server's timeout by this much: for our own work, and for clock skew.
const LEASE_MARGIN: Duration = Duration::from_secs(60);

/// The pause between two attempts to record an outcome.
const RECORD_RETRY: Duration = Duration::from_secs(1);

/// How often old mails are deleted.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// A running worker.
pub struct MailWorker {
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl MailWorker {
    /// Starts the worker on the current runtime.
    #[must_use]
    pub fn start(app: &App) -> Self {
        let (stop, stopped) = watch::channel(false);
        let task = tokio::spawn(run(app.clone(), stopped));
        Self { stop, task }
    }

    /// Waits until the worker has finished its current mail, and stops it.
    pub async fn finish(self) {
        self.stop.send_replace(true);
        let _ = self.task.await;
    }
}

async fn run(app: App, mut stopped: watch::Receiver<bool>) {
    match app.mailer.session() {
        Some(session) => Worker::new(&app, session).work(&mut stopped).await,
        None => {
            tokio::select! {
                () = warn_without_server(&app) => {}
                _ = stopped.wait_for(|stop| *stop) => {}
            }
        }
    }
}

/// Logs one line when the first mail waits: no server is configured.
async fn warn_without_server(app: &App) {
    loop {
        match app.store.read(|conn| mails::count(conn, MailState::Waiting)).await {
            Ok(0) => {}
            Ok(waiting) => {
                let mails = if waiting == 1 { "mail waits" } else { "mails wait" };
                tracing::warn!(waiting, "{waiting} {mails}; set mail.smtp.host and mail.from to send any");
                return;
            }
            Err(error) => log_store_error(&error),
        }
        let _ = tokio::time::timeout(POLL_INTERVAL, app.mailer.woken()).await;
    }
}

struct Worker<'a> {
    app: &'a App,
    session: SmtpSession<'a>,
    outage: MailOutage,
    sweep_at: Timestamp,
}

/// What to do after a step.
enum NextStep {
    /// The next step.
    Continue,
    /// Sleep for this long, or until a mail is queued.
    Wait(Duration),
    /// Sleep for this long.
    Pause(Duration),
}

impl<'a> Worker<'a> {
    fn new(app: &'a App, session: SmtpSession<'a>) -> Self {
        Self { app, session, outage: MailOutage::default(), sweep_at: app.clock.now() }
    }

    async fn work(mut self, stopped: &mut watch::Receiver<bool>) {
        while !*stopped.borrow() {
            let next = self.step().await.unwrap_or_else(|error| {
                log_store_error(&error);
                NextStep::Pause(POLL_INTERVAL)
            });
            let woken = async {
                match next {
                    NextStep::Continue => {}
                    NextStep::Wait(span) => {
                        let _ = tokio::time::timeout(span, self.app.mailer.woken()).await;
                    }
                    NextStep::Pause(span) => tokio::time::sleep(span).await,
                }
            };
            tokio::select! {
                () = woken => {}
                _ = stopped.wait_for(|stop| *stop) => {}
            }
        }
        self.session.close().await;
    }

    /// Sends one mail, if one is due.
    async fn step(&mut self) -> Result<NextStep, StoreError> {
        let now = self.app.clock.now();
        if now >= self.sweep_at {
            self.sweep_at = now.plus(SWEEP_INTERVAL);
            sweep(self.app).await?;
        }
        let due = self.app.store.read(mails::next_due).await?;
        if due.is_none_or(|due| due > now) {
            self.session.close().await;
            return Ok(NextStep::Wait(due.map_or(POLL_INTERVAL, |due| due.since(now).min(POLL_INTERVAL))));
        }
        match lease_next(self.app, self.send_timeout() + LEASE_MARGIN).await? {
            LeasedMail::Mail(mail, lease) => self.deliver(*mail, lease).await,
            // Other workers have leased the due mails.
            LeasedMail::Nothing => Ok(NextStep::Wait(POLL_INTERVAL)),
            LeasedMail::Unreadable(why) => {
                tracing::warn!("an unreadable mail is skipped: {why}");
                Ok(NextStep::Continue)
            }
        }
    }

    /// How long sending one mail may take.
    fn send_timeout(&self) -> Duration {
        self.app.config.mail.smtp.as_ref().map_or(Duration::ZERO, |smtp| smtp.timeout)
    }

    async fn deliver(&mut self, mail: Mail, lease: MailLease) -> Result<NextStep, StoreError> {
        let id = mail.id;
        let until = mail.due_at.unwrap_or_else(|| self.app.clock.now());
        if is_link_dead(self.app, &mail).await? {
            let why = DeliveryError::LinkDead;
            let reason = why.told(Lang::English);
            tracing::info!(mail = %id, kind = mail.letter.kind.as_str(), "a mail is not sent: {reason}");
            self.record(id, &lease, &Outcome::Dropped(why.to_stored(None)), until).await;
            return Ok(NextStep::Continue);
        }
        // The machine may have been suspended since: then the lease may end too early.
        let in_time = self.app.clock.now().plus(self.send_timeout()) < until;
        let sent = if in_time { self.send(&mail).await } else { return Ok(NextStep::Continue) };
        let (outcome, next) = match sent {
            Ok(()) => {
                self.outage.end();
                tracing::debug!(mail = %id, kind = mail.letter.kind.as_str(), "a mail was sent");
                (Outcome::Sent, NextStep::Continue)
            }
            Err(Failure::Outage(error)) => {
                let waiting = self.app.store.read(|conn| mails::count(conn, MailState::Waiting)).await;
                let pause = self.outage.record_failure(&error, waiting.unwrap_or(1));
                (Outcome::PutBack(stored_reason(&mail, &error.into())), NextStep::Pause(pause))
            }
            Err(Failure::Rejected { why, is_permanent }) => {
                self.outage.end();
                (self.after_failure(&mail, stored_reason(&mail, &why), is_permanent), NextStep::Continue)
            }
        };
        self.record(id, &lease, &outcome, until).await;
        Ok(next)
    }

    async fn send(&mut self, mail: &Mail) -> Result<(), Failure> {
        let mime = self.app.mailer.compose(&mail.letter).map_err(|error| match error {
            ComposeError::Unwritable(error) => Failure::from_send(error),
            // An operator can correct the template, so a later attempt may succeed.
            error => {
                Failure::Rejected { why: DeliveryError::Unworded(error.to_string()), is_permanent: false }
            }
        })?;
        self.session.send(&mime).await.map_err(Failure::from_send)
    }

    fn after_failure(&self, mail: &Mail, why: String, is_permanent: bool) -> Outcome {
        let attempts = mail.attempts.saturating_add(1);
        if is_permanent || attempts >= self.app.config.mail.attempts {
            let (id, kind) = (mail.id, mail.letter.kind.as_str());
            tracing::warn!(mail = %id, kind, "a mail was given up; `doorward mail show {id}` says why");
            return Outcome::Dead(why);
        }
        Outcome::Later(why, self.app.clock.now().plus(backoff(attempts)))
    }

    /// Records the outcome, and tries again as long as the lease is valid.
    async fn record(&self, id: MailId, lease: &MailLease, outcome: &Outcome, until: Timestamp) {
        loop {
            match record_outcome(self.app, id, lease.clone(), outcome.clone()).await {
                Ok(true) => return,
                Ok(false) => {
                    tracing::warn!(mail = %id, "another worker leased a mail before its outcome was recorded");
                    return;
                }
                Err(error) => log_store_error(&error),
            }
            if self.app.clock.now() >= until {
                return;
            }
            tokio::time::sleep(RECORD_RETRY).await;
        }
    }
}

/// Why a mail was not sent.
enum Failure {
    /// The server cannot be used for any mail.
    Outage(SendError),
    /// The mail was rejected, permanently or for now.
    Rejected { why: DeliveryError, is_permanent: bool },
}

impl Failure {
    fn from_send(error: SendError) -> Self {
        match error.verdict() {
            RetryVerdict::Outage => Self::Outage(error),
            verdict => Self::Rejected { why: error.into(), is_permanent: verdict == RetryVerdict::Never },
        }
    }
}

/// The reason as the row stores it, without the key of the mail's link.
fn stored_reason(mail: &Mail, why: &DeliveryError) -> String {
    why.to_stored(mail.letter.key.as_ref().map(OneTimeKey::expose))
}

fn log_store_error(error: &StoreError) {
    if !error.is_logged() {
        tracing::error!("the outbox cannot be used: {error}");
    }
}
