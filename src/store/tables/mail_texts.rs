//! Table `mail_texts`: the words of mails that an administrator has written, by text and language. Only
//! `mail::MailWords` knows what they mean.

use diesel::prelude::*;

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::mail_texts::dsl;
use crate::types::{Lang, MailText, MailTextSource};

/// The words of a text in a language, if there are some.
pub(crate) fn find(
    conn: &mut Conn,
    text: MailText,
    language: Lang,
) -> Result<Option<MailTextSource>, StoreError> {
    let row = dsl::mail_texts
        .find((text.as_str(), language.tag()))
        .select((dsl::subject, dsl::body))
        .get_result::<(String, String)>(conn);
    Ok(row.optional()?.map(|(subject, body)| MailTextSource { subject, body }))
}
