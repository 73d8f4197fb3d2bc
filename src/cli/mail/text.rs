//! `doorward mail text …`: the texts of mails that were edited in the admin.

use std::fs;
use std::path::{Path, PathBuf};

use clap::Subcommand;

use crate::accounts::{Actor, MailTextError, current_mail_text, reset_mail_text};
use crate::app::App;
use crate::cli::error::CliError;
use crate::cli::output;
use crate::types::{Lang, MailText};

/// The commands for the texts of mails.
#[derive(Debug, Subcommand)]
pub(in crate::cli) enum MailTextCommand {
    /// List the texts of emails in each language: original, edited, or replaced by a file
    List,
    /// Write the texts that are used into a folder, a file each: NAME.LANGUAGE.txt
    Export {
        /// The folder; it is created if it does not exist
        folder: PathBuf,
    },
    /// Go back to the original text
    Reset {
        /// The name of the text, as in `doorward mail text list`
        #[arg(value_parser = text)]
        name: MailText,
        /// The language: en or de
        #[arg(value_parser = language)]
        language: Lang,
    },
}

fn text(name: &str) -> Result<MailText, String> {
    MailText::named(name)
        .ok_or_else(|| "no text has this name; `doorward mail text list` lists them".to_owned())
}

fn language(tag: &str) -> Result<Lang, String> {
    Lang::ALL.into_iter().find(|lang| lang.tag() == tag).ok_or_else(|| "one of en, de".to_owned())
}

/// Runs a command.
pub(super) async fn run(app: &App, command: MailTextCommand) -> Result<(), CliError> {
    match command {
        MailTextCommand::List => list(app).await,
        MailTextCommand::Export { folder } => export(app, &folder).await,
        MailTextCommand::Reset { name, language } => reset(app, name, language).await,
    }
}

fn every_text() -> impl Iterator<Item = (MailText, Lang)> {
    MailText::ALL.iter().flat_map(|text| Lang::ALL.map(|lang| (*text, lang)))
}

async fn list(app: &App) -> Result<(), CliError> {
    for (text, lang) in every_text() {
        let state = match app.mailer.own_file(text, lang) {
            Some(file) => format!("replaced by {file}"),
            None if current_mail_text(app, text, lang).await?.is_edited => "edited".to_owned(),
            None => "original".to_owned(),
        };
        output::escaped_line(&format!("{:34}  {}  {state}", text.as_str(), lang.tag()))?;
    }
    Ok(())
}

async fn export(app: &App, folder: &Path) -> Result<(), CliError> {
    let cannot =
        |path: &Path, error| CliError::failed(format!("cannot write {}: {error}", path.display()), "");
    fs::create_dir_all(folder).map_err(|error| cannot(folder, error))?;
    for (text, lang) in every_text() {
        let source = current_mail_text(app, text, lang).await?.source;
        let path = folder.join(format!("{}.{}.txt", text.as_str(), lang.tag()));
        let content = format!("Subject: {}\n\n{}", source.subject, source.body);
        fs::write(&path, content).map_err(|error| cannot(&path, error))?;
    }
    output::escaped_line(&format!("{} texts are in {}", every_text().count(), folder.display()))
}

async fn reset(app: &App, text: MailText, lang: Lang) -> Result<(), CliError> {
    let is_edited = current_mail_text(app, text, lang).await?.is_edited;
    reset_mail_text(app, text, lang, None, &Actor::command_line()).await?;
    let state = if is_edited { "has its original text again" } else { "already has its original text" };
    output::line(&format!("{} ({}) {state}", text.as_str(), lang.tag()))
}

impl From<MailTextError> for CliError {
    fn from(error: MailTextError) -> Self {
        match error {
            MailTextError::Store(error) => error.into(),
            error => Self::failed(error.to_string(), ""),
        }
    }
}
