//! Mails as a kind of delivery: rendered, and handed to the SMTP server.

use std::time::Duration;

use tokio::sync::watch;

use crate::accounts::outbox::delivery::{DeliveryEvent, DeliveryFailure, DeliveryKind};
use crate::accounts::outbox::edited_words::edited_words;
use crate::accounts::outbox::links;
use crate::accounts::outbox::worker::{POLL, Worker, log_store_error};
use crate::app::App;
use crate::mail::{ComposeError, DeliveryError, FailureScope, SendError, SmtpSession};
use crate::store::engine::delivery_queue::{DeliveryQueue, DeliveryState};
use crate::store::tables::mails;
use crate::store::tables::mails::Mail;
use crate::store::{Conn, StoreError};
use crate::texts::Lang;
use crate::types::{MailId, OneTimeKey, Timestamp};

/// Sends mails until `stopped` is true; the current mail is finished first.
pub async fn run_mail_worker(app: App, mut stopped: watch::Receiver<bool>) {
    match app.mailer.session() {
        Some(session) => Worker::new(&app, MailDelivery { app: &app, session }).run(&mut stopped).await,
        None => {
            tokio::select! {
                () = log_waiting_mails(&app) => {}
                _ = stopped.wait_for(|stop| *stop) => {}
            }
        }
    }
}

/// Without a server: one line in the log when the first mail waits.
async fn log_waiting_mails(app: &App) {
    loop {
        match app.store.read(|conn| mails::QUEUE.count(conn, DeliveryState::Waiting)).await {
            Ok(0) => {}
            Ok(waiting) => {
                let mails = if waiting == 1 { "mail waits" } else { "mails wait" };
                tracing::warn!(waiting, "{waiting} {mails}; set mail.smtp.host and mail.from to send any");
                return;
            }
            Err(error) => log_store_error(&error),
        }
        let _ = tokio::time::timeout(POLL, app.mailer.woken()).await;
    }
}

struct MailDelivery<'a> {
    app: &'a App,
    session: SmtpSession<'a>,
}

impl DeliveryKind for MailDelivery<'_> {
    type Item = Mail;

    const QUEUE: DeliveryQueue = mails::QUEUE;

    fn read(conn: &mut Conn, id: i64) -> Result<Option<Mail>, StoreError> {
        mails::by_id(conn, MailId::new(id))
    }

    fn time_limit(&self) -> Duration {
        self.app.config.mail.smtp.as_ref().map_or(Duration::ZERO, |smtp| smtp.timeout)
    }

    fn max_attempts(&self) -> u32 {
        self.app.config.mail.attempts
    }

    fn attempts(mail: &Mail) -> u32 {
        mail.attempts
    }

    fn receiver(mail: &Mail) -> (&str, &str) {
        let address = mail.content.to.as_str();
        (address, address.rsplit_once('@').map_or(address, |(_, domain)| domain))
    }

    fn refused_since(mail: &Mail) -> Option<Timestamp> {
        mail.refused_at
    }

    async fn woken(&self) {
        self.app.mailer.woken().await;
    }

    /// A link expires while its mail waits, or a newer link replaces it.
    async fn obsolete(&self, mail: &Mail) -> Result<Option<String>, StoreError> {
        let (key, link) = (mail.content.key.clone(), mail.content.kind.link());
        let now = self.app.clock.now();
        let works = self.app.store.read(move |conn| links::works(conn, key.as_ref(), link, now)).await?;
        Ok((!works).then(|| DeliveryError::LinkExpired.to_stored(None)))
    }

    async fn deliver(&mut self, mail: &Mail) -> Result<(), DeliveryFailure> {
        let edited = edited_words(self.app, &mail.content).await.unwrap_or_else(|error| {
            log_store_error(&error);
            None
        });
        let mime = self.app.mailer.compose(&mail.content, edited.as_ref()).map_err(|error| match error {
            ComposeError::Invalid(error) => failure(mail, error),
            // An operator can repair a template, so later attempts may succeed.
            error => DeliveryFailure {
                scope: FailureScope::This,
                is_permanent: false,
                likeness: String::new(),
                stored: stored(mail, &DeliveryError::RenderingFailed(error.to_string())),
                message: error.to_string(),
                hint: "",
            },
        })?;
        self.session.send(&mime).await.map_err(|error| failure(mail, error))
    }

    async fn close(&mut self) {
        self.session.close().await;
    }

    fn log(&self, event: DeliveryEvent<'_, Mail>) {
        let id_and_kind = |mail: &Mail| (mail.id, mail.content.kind.as_str());
        match event {
            DeliveryEvent::Sent(mail) => {
                let (id, kind) = id_and_kind(mail);
                tracing::debug!(mail = %id, kind, "a mail was sent");
            }
            DeliveryEvent::Dropped(mail) => {
                let ((id, kind), reason) =
                    (id_and_kind(mail), DeliveryError::LinkExpired.explain(Lang::English));
                tracing::info!(mail = %id, kind, "a mail is not sent: {reason}");
            }
            DeliveryEvent::GivenUp(mail) => {
                let (id, kind) = id_and_kind(mail);
                tracing::warn!(mail = %id, kind, "delivery of a mail failed for good; `doorward mail show {id}` says why");
            }
            DeliveryEvent::Unreadable(error) => tracing::warn!("a mail is skipped: {error}"),
            DeliveryEvent::LeaseLost(mail) => {
                let (id, kind) = id_and_kind(mail);
                tracing::warn!(mail = %id, kind, "another worker took a mail before its outcome was recorded");
            }
            DeliveryEvent::OutageBegan { waiting, message, hint } => {
                tracing::warn!(waiting, hint, "mails cannot be sent, and wait: {message}");
            }
            DeliveryEvent::Revived(count) => {
                tracing::warn!(count, "mails that were refused wait again: the server refuses all alike");
            }
            DeliveryEvent::OutageEnded => tracing::info!("mails can be sent again"),
        }
    }
}

fn failure(mail: &Mail, error: SendError) -> DeliveryFailure {
    DeliveryFailure {
        scope: error.scope(),
        is_permanent: error.is_permanent(),
        likeness: error.likeness(),
        message: error.to_string(),
        hint: error.hint(Lang::English),
        stored: stored(mail, &error.into()),
    }
}

/// The error for `last_error`, without the mail's key.
fn stored(mail: &Mail, error: &DeliveryError) -> String {
    error.to_stored(mail.content.key.as_ref().map(OneTimeKey::expose))
}
