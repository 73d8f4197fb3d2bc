//! Table `mail_texts`: the words of mails that an administrator has written, by text and language. Only
//! `mail::MailWords` knows what they mean.

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::mail_texts;
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

/// The text and language of all words. Those of a later version are left out.
pub(crate) fn all(conn: &mut Conn) -> Result<Vec<(MailText, Lang)>, StoreError> {
    let rows: Vec<(String, String)> =
        dsl::mail_texts.order((dsl::name, dsl::language)).select((dsl::name, dsl::language)).load(conn)?;
    let known = |(name, tag): (String, String)| Some((MailText::named(&name)?, Lang::of_tag(&tag)?));
    Ok(rows.into_iter().filter_map(known).collect())
}

/// Locks the words of a text in a language until the transaction ends.
pub(crate) fn lock(tx: &mut Tx<'_>, text: MailText, language: Lang) -> Result<(), StoreError> {
    dialect::lock(tx, &[format!("mail-text:{}:{}", text.as_str(), language.tag())])
}

/// Stores words in place of earlier ones. The caller has locked them.
pub(crate) fn replace(
    tx: &mut Tx<'_>,
    text: MailText,
    language: Lang,
    source: &MailTextSource,
) -> Result<(), StoreError> {
    remove(tx, text, language)?;
    let row = (
        dsl::name.eq(text.as_str()),
        dsl::language.eq(language.tag()),
        dsl::subject.eq(source.subject.as_str()),
        dsl::body.eq(source.body.as_str()),
    );
    diesel::insert_into(mail_texts::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Removes words, so that the original is used.
pub(crate) fn remove(tx: &mut Tx<'_>, text: MailText, language: Lang) -> Result<(), StoreError> {
    diesel::delete(dsl::mail_texts.find((text.as_str(), language.tag()))).execute(&mut **tx)?;
    Ok(())
}
