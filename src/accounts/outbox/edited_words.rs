//! The words that an administrator has written for a mail.

use crate::app::App;
use crate::mail::MailWords;
use crate::store::StoreError;
use crate::store::tables::mails::texts as mail_texts;
use crate::types::{MailText, OutboxMail};

/// The edited words of a mail; `None` where the original is used. Words that cannot be used, such as those of another
/// version, are logged, and the original is used.
pub(crate) async fn edited_words(app: &App, mail: &OutboxMail) -> Result<Option<MailWords>, StoreError> {
    let (text, lang) = (MailText::of(mail.kind, &mail.params), app.mailer.language_of(mail));
    let Some(source) = app.store.read(move |conn| mail_texts::find(conn, text, lang)).await? else {
        return Ok(None);
    };
    match MailWords::parse(text, &source) {
        Ok(words) => Ok(Some(words)),
        Err(errors) => {
            let error = errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            let (text, language) = (text.as_str(), lang.tag());
            tracing::warn!(
                text,
                language,
                "the edited text of an email cannot be used, so the original is: {error}"
            );
            Ok(None)
        }
    }
}
