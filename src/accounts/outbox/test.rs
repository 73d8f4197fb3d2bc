//! A test mail, sent at once and past the outbox, so that its sender is told what goes wrong. Called
//! by the admin; the command line does the same without a database.

use thiserror::Error;

use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::app::App;
use crate::mail::{ComposeError, Message, OutboxMail, SendError};
use crate::store::StoreError;
use crate::store::tables::audit::Action;
use crate::types::Email;

/// Why a test mail did not leave.
#[derive(Debug, Error)]
pub(crate) enum TestMailError {
    /// There is no server to send it to.
    #[error("mail.smtp.host is not set, so no mail can be sent")]
    NoServer,
    /// It cannot be worded.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// It came no further than this.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The store could not note it.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sends a test mail and waits for what the server says. That it was tried is written down first.
///
/// # Errors
/// Whatever kept it from being sent.
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
