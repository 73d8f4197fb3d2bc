//! A test mail from the admin: sent at once, without the outbox, so that the page can display the error. The
//! command line does the same without a database.

use thiserror::Error;

use crate::accounts::outbox::edited_words::edited_words;
use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::app::App;
use crate::mail::{ComposeError, Message, NewMail, OutboxMail, SendError};
use crate::store::StoreError;
use crate::store::tables::audit::Action;
use crate::types::Email;

/// Why a test mail was not sent.
#[derive(Debug, Error)]
pub(crate) enum TestMailError {
    /// The settings have no SMTP server.
    #[error("mail.smtp.host is not set, so no mail can be sent")]
    NoServer,
    /// The template failed.
    #[error(transparent)]
    Compose(#[from] ComposeError),
    /// The server did not accept it, or was not reached.
    #[error(transparent)]
    Send(#[from] SendError),
    /// The attempt could not be recorded.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Sends a test mail and waits for the server's answer. The attempt is recorded in the audit log first.
pub(crate) async fn send_test_mail(app: &App, to: Email, by: &Actor) -> Result<(), TestMailError> {
    let mut session = app.mailer.session().ok_or(TestMailError::NoServer)?;
    let now = app.clock.now();
    let mail = OutboxMail::new(
        NewMail { user: None, to, message: Message::Test, is_confirmed: true, language: by.language },
        now,
    );
    let edited = edited_words(app, &mail).await?;
    let mime = app.mailer.compose(&mail, edited.as_ref())?;
    let by = by.clone();
    app.store.write(move |tx| by.record(tx, Action::MailTested, None::<AuditSubject<'_>>, None, now)).await?;
    session.send(&mime).await?;
    session.close().await;
    Ok(())
}
