//! `doorward mail retry` and `doorward mail drop`.

use crate::accounts::{Actor, Retried, drop_mail, retry_all_mails, retry_mail};
use crate::app::App;
use crate::cli::error::CliError;
use crate::cli::output;
use crate::types::MailId;

/// Makes one mail due at once.
pub(super) async fn retry(app: &App, id: MailId) -> Result<(), CliError> {
    retry_mail(app, id, &Actor::command_line()).await?;
    output::line(&format!("mail {id} will be sent as soon as possible{}", sender(app)))
}

/// Makes all mails due that wait or were given up.
pub(super) async fn retry_all(app: &App) -> Result<(), CliError> {
    let Retried { retried, lost } = retry_all_mails(app, &Actor::command_line()).await?;
    output::line(&format!("{retried} mails will be sent as soon as possible{}", sender(app)))?;
    if lost > 0 {
        output::line(&format!(
            "{lost} can no longer be sent: their links were removed when they were given up"
        ))?;
    }
    Ok(())
}

/// Drops one mail from the outbox.
pub(super) async fn drop(app: &App, id: MailId) -> Result<(), CliError> {
    drop_mail(app, id, &Actor::command_line()).await?;
    output::line(&format!("mail {id} will not be sent"))
}

/// This command itself sends nothing.
fn sender(app: &App) -> &'static str {
    match app.config.mail.smtp {
        Some(_) => " while doorward runs",
        None => ", once mail.smtp.host is set and doorward runs",
    }
}
