//! Table `mail_requests`: who asked for a mail to an address, until somebody has looked up whose
//! address it is. A row tells nothing about accounts.

use diesel::prelude::*;
use diesel::sql_types::{Nullable, Text};

use crate::store::engine::connection::Tx;
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::mail_requests as columns;
use crate::store::tables::one_time_keys::Purpose;
use crate::types::{Email, Timestamp};

/// A mail that somebody asked for.
#[derive(Clone, Debug)]
pub(crate) struct StoredMailRequest {
    /// What its link is to open.
    pub purpose: Purpose,
    /// To which address.
    pub email: Email,
    /// From which network address it was asked for.
    pub address: Option<String>,
    /// With which client.
    pub user_agent: Option<String>,
}

#[derive(QueryableByName)]
struct MailRequestColumns {
    #[diesel(sql_type = Text)]
    purpose: String,
    #[diesel(sql_type = Text)]
    email: String,
    #[diesel(sql_type = Nullable<Text>)]
    address: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    user_agent: Option<String>,
}

/// Notes what was asked for.
pub(crate) fn add(tx: &mut Tx<'_>, asked: &StoredMailRequest, now: Timestamp) -> Result<(), StoreError> {
    diesel::insert_into(columns::table)
        .values((
            columns::purpose.eq(asked.purpose.as_str()),
            columns::email.eq(asked.email.as_str()),
            columns::address.eq(asked.address.as_deref()),
            columns::user_agent.eq(asked.user_agent.as_deref()),
            columns::created_at.eq(now.micros()),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Takes the oldest that nobody else is at; it is gone with the commit.
pub(crate) fn take(tx: &mut Tx<'_>) -> Result<Option<StoredMailRequest>, StoreError> {
    let rest = dialect::skip_locked(tx);
    let oldest = format!(
        "DELETE FROM mail_requests WHERE id = (SELECT id FROM mail_requests ORDER BY id LIMIT 1 {rest}) \
         RETURNING purpose, email, address, user_agent"
    );
    let row: Option<MailRequestColumns> = diesel::sql_query(oldest).get_result(&mut **tx).optional()?;
    Ok(row.and_then(|row| {
        Some(StoredMailRequest {
            purpose: Purpose::named(&row.purpose)?,
            email: Email::from_stored(row.email),
            address: row.address,
            user_agent: row.user_agent,
        })
    }))
}
