//! A test mail, sent at once and not through the outbox, so that the error is shown. Called by the admin; the
//! command line does the same without a database.

use thiserror::Error;

use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::app::App;
use crate::mail::{ComposeError, Message, OutboxMail, SendError};
use crate::store::StoreError;
use crate::store::tables::audit::Action;
use crate::types::Email;

/// Why a test mail was not sent.
#[derive(Debug, Error)]
pub(crate) enum TestMailError {
    /// No server is configured.
    #[error("mail.smtp.host is not set, so no mail can be sent")]
    NoServer,
    /// The mail could not be composed.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// The server could not be reached or rejected it.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sends a test mail and waits for the server's answer. The audit entry is written before the attempt.
pub(crate) async fn send_test_mail(app: &App, to: Email, by: &Actor) -> Result<(), TestMailError> {
    let mut session = app.mailer.session().ok_or(TestMailError::NoServer)?;
    let now = app.clock.now();
    let mime = app.mailer.compose(&OutboxMail::new(Message::Test, to, now))?;
    let by = by.clone();
    app.store.write(move |tx| by.record(tx, Action::MailTested, None::<AuditSubject<'_>>, None, now)).await?;
    session.send(&mime).await?;
    session.close().await;
    Ok(())
}
