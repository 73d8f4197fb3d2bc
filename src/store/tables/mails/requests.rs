//! Table `mail_requests`: requests for a mail to an address, until `accounts` has looked up whose address it
//! is. A row is the same whether an account exists or not, so it reveals nothing about accounts.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use crate::store::engine::connection::Tx;
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::mail_requests;
use crate::types::{Email, Lang, Link, Timestamp};

/// A request for a mail.
#[derive(Clone, Debug)]
pub(crate) struct StoredMailRequest {
    /// What the mail's link is for.
    pub purpose: Link,
    /// The address.
    pub email: Email,
    /// The network address of the request.
    pub address: Option<String>,
    /// The client of the request.
    pub user_agent: Option<String>,
    /// The language that the client asked for.
    pub language: Option<Lang>,
}

#[derive(QueryableByName)]
struct MailRequestRow {
    #[diesel(sql_type = Text)]
    purpose: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Nullable<Text>)]
    address: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    user_agent: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    language: Option<String>,
}

#[derive(Insertable)]
#[diesel(table_name = mail_requests)]
struct NewMailRequestRow<'a> {
    purpose: &'static str,
    email: &'a str,
    address: Option<&'a str>,
    user_agent: Option<&'a str>,
    language: Option<&'static str>,
    created_at: i64,
}

/// Inserts a request.
pub(crate) fn insert(tx: &mut Tx<'_>, request: &StoredMailRequest, now: Timestamp) -> Result<(), StoreError> {
    let row = NewMailRequestRow {
        purpose: request.purpose.as_str(),
        email: request.email.as_str(),
        address: request.address.as_deref(),
        user_agent: request.user_agent.as_deref(),
        language: request.language.map(Lang::tag),
        created_at: now.micros(),
    };
    diesel::insert_into(mail_requests::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Deletes the oldest request that no other transaction has, and answers it.
pub(crate) fn pop(tx: &mut Tx<'_>) -> Result<Option<StoredMailRequest>, StoreError> {
    let skip_locked = dialect::skip_locked(tx);
    let oldest = format!(
        "DELETE FROM mail_requests WHERE id = (SELECT id FROM mail_requests ORDER BY id LIMIT 1 {skip_locked}) \
         RETURNING purpose, email, address, user_agent, language"
    );
    let row: Option<MailRequestRow> = diesel::sql_query(oldest).get_result(&mut **tx).optional()?;
    Ok(row.and_then(|row| {
        Some(StoredMailRequest {
            purpose: Link::named(&row.purpose)?,
            email: Email::from_stored(row.email),
            address: row.address,
            user_agent: row.user_agent,
            language: row.language.as_deref().and_then(Lang::of_tag),
        })
    }))
}
