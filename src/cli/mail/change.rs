//! `doorward mail retry` and `doorward mail drop`.

use crate::accounts::{Actor, Retried, drop_mail, retry_all_mails, retry_mail};
use crate::app::App;
use crate::cli::error::CliError;
use crate::cli::output;
use crate::types::MailId;

/// Makes one mail due at once.
pub(super) async fn retry(app: &App, id: MailId) -> Result<(), CliError> {
    retry_mail(app, id, &Actor::command_line()).await?;
    output::line(&format!("mail {id} is due now: {}", sender(app)))
}

/// Makes all mails due that wait or were given up.
pub(super) async fn retry_all(app: &App) -> Result<(), CliError> {
    let Retried { retried, lost } = retry_all_mails(app, &Actor::command_line()).await?;
    let mails = if retried == 1 { "1 mail is".to_owned() } else { format!("{retried} mails are") };
    output::line(&format!("{mails} due now: {}", sender(app)))?;
    if lost > 0 {
        output::line(&format!("{lost} can no longer be sent: their links expired or were replaced"))?;
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
    match app.current().mail.smtp {
        Some(_) => "a running `doorward serve` sends what is due",
        None => "set mail.smtp.host and mail.from; then a running `doorward serve` sends what is due",
    }
}
