//! `doorward mail retry` and `doorward mail drop`.

use super::super::error::CliError;
use super::super::output;
use crate::accounts::{Actor, Retried, drop_mail, retry_all_mails, retry_mail};
use crate::app::App;
use crate::types::MailId;

/// Has one mail tried again.
pub(crate) async fn retry(app: &App, id: MailId) -> Result<(), CliError> {
    retry_mail(app, id, &Actor::command_line()).await?;
    output::line(&format!("mail {id} will be tried at once{}", by_whom(app)))
}

/// Has all of them tried again.
pub(crate) async fn retry_all(app: &App) -> Result<(), CliError> {
    let Retried { retried, lost } = retry_all_mails(app, &Actor::command_line()).await?;
    output::line(&format!("{retried} mails will be tried at once{}", by_whom(app)))?;
    if lost > 0 {
        output::line(&format!(
            "{lost} cannot be sent any more: their links were removed when they were given up"
        ))?;
    }
    Ok(())
}

/// Keeps one from being sent.
pub(crate) async fn drop(app: &App, id: MailId) -> Result<(), CliError> {
    drop_mail(app, id, &Actor::command_line()).await?;
    output::line(&format!("mail {id} will not be sent"))
}

/// This command sends nothing itself.
fn by_whom(app: &App) -> &'static str {
    match app.config.mail.smtp {
        Some(_) => " by the running doorward",
        None => ", once mail.smtp.host is set and doorward runs",
    }
}
