//! Editing the words of mails, and going back to the original.

use sha2::{Digest as _, Sha256};
use thiserror::Error;

use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::app::App;
use crate::mail::{MailWords, WordsError};
use crate::store::tables::audit::Action;
use crate::store::tables::mails::texts as mail_texts;
use crate::store::{StoreError, Tx};
use crate::types::{Lang, MailText, MailTextSource};

/// Why the words of a mail were not changed.
#[derive(Debug, Error)]
pub(crate) enum MailTextError {
    /// They cannot be used.
    #[error("the text cannot be used")]
    Invalid(Vec<WordsError>),
    /// They are not those that the form displayed.
    #[error("the text has changed meanwhile")]
    Changed,
    /// A file in `mail.templates` decides.
    #[error("the file {0} in the folder mail.templates is used instead")]
    OwnFile(String),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The words of a text in a language as they are used.
#[derive(Clone, Debug)]
pub(crate) struct CurrentMailText {
    pub source: MailTextSource,
    /// Whether an administrator has written them.
    pub is_edited: bool,
}

impl CurrentMailText {
    /// What a form carries so that it changes only the words that it displayed: a digest of them.
    pub(crate) fn version(&self) -> String {
        version(&self.source)
    }
}

fn version(source: &MailTextSource) -> String {
    let mut digest = Sha256::new();
    digest.update(&source.subject);
    digest.update([0]);
    digest.update(&source.body);
    hex::encode(&digest.finalize()[..8])
}

/// The words that are used for a text, unless there is a file.
pub(crate) async fn current_mail_text(
    app: &App,
    text: MailText,
    lang: Lang,
) -> Result<CurrentMailText, StoreError> {
    let edited = app.store.read(move |conn| mail_texts::find(conn, text, lang)).await?;
    let is_edited = edited.is_some();
    let source = edited.unwrap_or_else(|| app.mailer.original(text, lang));
    Ok(CurrentMailText { source, is_edited })
}

/// Stores other words for a text, if it still has those of `version`. The original ones are not stored.
pub(crate) async fn edit_mail_text(
    app: &App,
    text: MailText,
    lang: Lang,
    source: MailTextSource,
    version: &str,
    by: &Actor,
) -> Result<(), MailTextError> {
    if let Some(file) = app.mailer.own_file(text, lang) {
        return Err(MailTextError::OwnFile(file));
    }
    let source = normalized(&source);
    MailWords::parse(text, &source).map_err(MailTextError::Invalid)?;
    change(app, text, lang, Some(source), Some(version.to_owned()), by).await
}

/// Goes back to the original words, if the text still has those of `version`.
pub(crate) async fn reset_mail_text(
    app: &App,
    text: MailText,
    lang: Lang,
    version: Option<&str>,
    by: &Actor,
) -> Result<(), MailTextError> {
    change(app, text, lang, None, version.map(str::to_owned), by).await
}

async fn change(
    app: &App,
    text: MailText,
    lang: Lang,
    new: Option<MailTextSource>,
    expected: Option<String>,
    by: &Actor,
) -> Result<(), MailTextError> {
    let (now, by, original) = (app.clock.now(), by.clone(), app.mailer.original(text, lang));
    app.store
        .write(move |tx: &mut Tx<'_>| {
            mail_texts::lock(tx, text, lang)?;
            let old = mail_texts::find(tx, text, lang)?.unwrap_or_else(|| original.clone());
            if expected.is_some_and(|expected| expected != version(&old)) {
                return Err(MailTextError::Changed);
            }
            let action = if new.is_some() { Action::MailTextEdited } else { Action::MailTextReset };
            let new = new.unwrap_or_else(|| original.clone());
            if new == original {
                mail_texts::remove(tx, text, lang)?;
            } else {
                mail_texts::replace(tx, text, lang, &new)?;
            }
            if new == old {
                return Ok(());
            }
            let detail = format!("{} ({}): {}", text.as_str(), lang.tag(), difference(&old, &new));
            by.record(tx, action, None::<AuditSubject<'_>>, Some(&detail), now)?;
            Ok(())
        })
        .await
}

/// The words as they are stored: with `\n` at the ends of lines and without blanks around them.
fn normalized(source: &MailTextSource) -> MailTextSource {
    let lines: Vec<_> = source.body.lines().map(str::trim).collect();
    let subject = source.subject.trim().to_owned();
    MailTextSource { subject, body: format!("{}\n", lines.join("\n").trim_matches('\n')) }
}

/// The lines that differ, old and new, as one line of the audit log.
fn difference(old: &MailTextSource, new: &MailTextSource) -> String {
    let lines = |source: &MailTextSource| {
        let body = source.body.lines().filter(|line| !line.is_empty()).map(str::to_owned);
        std::iter::once(source.subject.clone()).chain(body).collect::<Vec<_>>()
    };
    let (old, new) = (lines(old), lines(new));
    let first = old.iter().zip(&new).take_while(|(old, new)| old == new).count();
    let (old, new) = (&old[first..], &new[first..]);
    let last = old.iter().rev().zip(new.iter().rev()).take_while(|(old, new)| old == new).count();
    let quoted = |lines: &[String]| format!("“{}”", lines[..lines.len() - last].join(" / "));
    format!("{} → {}", quoted(old), quoted(new))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_audit_entry_has_the_changed_lines_alone() {
        let source = |body: &str| MailTextSource { subject: "Hi".to_owned(), body: body.to_owned() };
        let of = |old, new| difference(&source(old), &source(new));
        assert_eq!(of("a\n\nb\n\nc\n", "a\n\nx\ny\n\nc\n"), "“b” → “x / y”");
        assert_eq!(of("a\n", "a\n\na\n"), "“” → “a”");
        assert_eq!(of("a\n\na\n", "a\n"), "“a” → “”");
    }

    #[test]
    fn forms_send_other_line_ends_and_blanks_than_are_stored() {
        let typed = MailTextSource { subject: " Hi ".to_owned(), body: "\r\na \r\n\r\nb\r\n\r\n".to_owned() };
        let stored = MailTextSource { subject: "Hi".to_owned(), body: "a\n\nb\n".to_owned() };
        assert_eq!(normalized(&typed), stored);
    }
}
