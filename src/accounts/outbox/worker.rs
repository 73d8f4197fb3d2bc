//! The worker that sends what is in the outbox: one in each process, started by `cli::serve::tasks`.
//!
//! A mail is taken with a lease that outlives the time a server may take for it, so that no other
//! worker sends it meanwhile. Whoever dies between the server's yes and the note of it leaves a mail
//! that is sent once more when the lease ends, under the same Message-ID: at least once, and never
//! lost.

use std::time::Duration;

use tokio::sync::watch;

use crate::accounts::outbox::outage::{MailOutage, backoff};
use crate::accounts::outbox::{is_link_dead, settle, sweep, take};
use crate::app::App;
use crate::mail::{ComposeError, DeliveryError, RetryVerdict, SendError, SmtpSession};
use crate::store::StoreError;
use crate::store::tables::mails;
use crate::store::tables::mails::{LeasedMail, Mail, MailLease, MailState, Outcome};
use crate::texts::Lang;
use crate::types::{MailId, OneTimeKey, Timestamp};

/// How long a mail may wait that nobody said a word about: another process wrote it.
const POLL: Duration = Duration::from_secs(5);

/// What a lease has more than a server's time: for our own work, and for clocks that differ.
const MARGIN: Duration = Duration::from_secs(60);

/// How long between two attempts to note what became of a mail.
const NOTE_AGAIN: Duration = Duration::from_secs(1);

/// How often the outbox is swept.
const SWEEP: Duration = Duration::from_secs(60 * 60);

/// Sends mails until `stopped` is true; the mail that is being sent is finished first.
pub async fn run_mail_worker(app: App, mut stopped: watch::Receiver<bool>) {
    match app.mailer.session() {
        Some(session) => Worker::new(&app, session).work(&mut stopped).await,
        None => {
            tokio::select! {
                () = tell_that_mails_wait(&app) => {}
                _ = stopped.wait_for(|stop| *stop) => {}
            }
        }
    }
}

/// Without a server: one line in the log when the first mail waits.
async fn tell_that_mails_wait(app: &App) {
    loop {
        match app.store.read(|conn| mails::count(conn, MailState::Waiting)).await {
            Ok(0) => {}
            Ok(waiting) => {
                let mails = if waiting == 1 { "mail waits" } else { "mails wait" };
                tracing::warn!(waiting, "{waiting} {mails}; set mail.smtp.host and mail.from to send any");
                return;
            }
            Err(error) => complain(&error),
        }
        let _ = tokio::time::timeout(POLL, app.mailer.woken()).await;
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
    GoOn,
    /// Nothing, until a mail is due or somebody says that there is one.
    Wait(Duration),
    /// Nothing, whoever calls.
    Pause(Duration),
}

impl<'a> Worker<'a> {
    fn new(app: &'a App, session: SmtpSession<'a>) -> Self {
        Self { app, session, outage: MailOutage::default(), sweep_at: app.clock.now() }
    }

    async fn work(mut self, stopped: &mut watch::Receiver<bool>) {
        while !*stopped.borrow() {
            let next = self.step().await.unwrap_or_else(|error| {
                complain(&error);
                NextStep::Pause(POLL)
            });
            let woken = async {
                match next {
                    NextStep::GoOn => {}
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
            self.sweep_at = now.plus(SWEEP);
            sweep(self.app).await?;
        }
        let due = self.app.store.read(mails::next_due).await?;
        if due.is_none_or(|due| due > now) {
            self.session.close().await;
            return Ok(NextStep::Wait(due.map_or(POLL, |due| due.since(now).min(POLL))));
        }
        match take(self.app, self.patience() + MARGIN).await? {
            LeasedMail::Mail(mail, lease) => self.deliver(*mail, lease).await,
            // Others are at what is due.
            LeasedMail::Nothing => Ok(NextStep::Wait(POLL)),
            LeasedMail::Unreadable(why) => {
                tracing::warn!("a mail is passed over: {why}");
                Ok(NextStep::GoOn)
            }
        }
    }

    /// How long sending one mail may take.
    fn patience(&self) -> Duration {
        self.app.config.mail.smtp.as_ref().map_or(Duration::ZERO, |smtp| smtp.timeout)
    }

    async fn deliver(&mut self, mail: Mail, lease: MailLease) -> Result<NextStep, StoreError> {
        let id = mail.id;
        let until = mail.due_at.unwrap_or_else(|| self.app.clock.now());
        if is_link_dead(self.app, &mail).await? {
            let why = DeliveryError::LinkDead;
            let said = why.told(Lang::English);
            tracing::info!(mail = %id, kind = mail.letter.kind.as_str(), "a mail is not sent: {said}");
            self.note(id, &lease, &Outcome::Dropped(why.to_stored(None)), until).await;
            return Ok(NextStep::GoOn);
        }
        // This machine may have slept since: then the time left does not do any more.
        let in_time = self.app.clock.now().plus(self.patience()) < until;
        let sent = if in_time { self.send(&mail).await } else { return Ok(NextStep::GoOn) };
        let (outcome, next) = match sent {
            Ok(()) => {
                self.outage.is_over();
                tracing::debug!(mail = %id, kind = mail.letter.kind.as_str(), "a mail was sent");
                (Outcome::Sent, NextStep::GoOn)
            }
            Err(Failure::OfAll(error)) => {
                let waiting = self.app.store.read(|conn| mails::count(conn, MailState::Waiting)).await;
                let pause = self.outage.goes_on(&error, waiting.unwrap_or(1));
                (Outcome::PutBack(kept(&mail, &error.into())), NextStep::Pause(pause))
            }
            Err(Failure::OfThis { why, for_good }) => {
                self.outage.is_over();
                (self.after_failure(&mail, kept(&mail, &why), for_good), NextStep::GoOn)
            }
        };
        self.note(id, &lease, &outcome, until).await;
        Ok(next)
    }

    async fn send(&mut self, mail: &Mail) -> Result<(), Failure> {
        let mime = self.app.mailer.compose(&mail.letter).map_err(|error| match error {
            ComposeError::Unwritable(error) => Failure::of(error),
            // An operator can mend that, so there is hope.
            error => Failure::OfThis { why: DeliveryError::Unworded(error.to_string()), for_good: false },
        })?;
        self.session.send(&mime).await.map_err(Failure::of)
    }

    fn after_failure(&self, mail: &Mail, why: String, for_good: bool) -> Outcome {
        let attempts = mail.attempts.saturating_add(1);
        if for_good || attempts >= self.app.config.mail.attempts {
            let (id, kind) = (mail.id, mail.letter.kind.as_str());
            tracing::warn!(mail = %id, kind, "a mail was given up; `doorward mail show {id}` says why");
            return Outcome::Dead(why);
        }
        Outcome::Later(why, self.app.clock.now().plus(backoff(attempts)))
    }

    /// Notes what became of a mail, again and again as long as nobody else can have taken it.
    async fn note(&self, id: MailId, lease: &MailLease, outcome: &Outcome, until: Timestamp) {
        loop {
            match settle(self.app, id, lease.clone(), outcome.clone()).await {
                Ok(true) => return,
                Ok(false) => {
                    tracing::warn!(mail = %id, "a mail was taken by another worker before it was noted as sent");
                    return;
                }
                Err(error) => complain(&error),
            }
            if self.app.clock.now() >= until {
                return;
            }
            tokio::time::sleep(NOTE_AGAIN).await;
        }
    }
}

/// DeliveryError a mail was not sent.
enum Failure {
    /// No mail would have been.
    OfAll(SendError),
    /// This one was not, and whether it never will be.
    OfThis { why: DeliveryError, for_good: bool },
}

impl Failure {
    fn of(error: SendError) -> Self {
        match error.verdict() {
            RetryVerdict::Outage => Self::OfAll(error),
            verdict => Self::OfThis { why: error.into(), for_good: verdict == RetryVerdict::Never },
        }
    }
}

/// What the mail's row keeps of that.
fn kept(mail: &Mail, why: &DeliveryError) -> String {
    why.to_stored(mail.letter.key.as_ref().map(OneTimeKey::expose))
}

fn complain(error: &StoreError) {
    if !error.is_logged() {
        tracing::error!("the outbox cannot be used: {error}");
    }
}
