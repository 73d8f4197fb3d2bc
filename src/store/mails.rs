//! Table `mails`: the outbox. Verbs queue a mail in their own transaction, `accounts::mail` takes it
//! with a lease and notes what became of it, the command line looks. Nothing here knows what a
//! mail says.

use diesel::prelude::*;

use super::connection::Tx;
use super::error::StoreError;
use super::schema::mails::dsl;
use crate::types::{OneTimeKey, Outgoing, Timestamp, UserId};

/// Writes a mail into the outbox, in the transaction of what it speaks of. Whoever calls this wakes
/// the worker after the commit (`app.mailer.wake()`).
///
/// # Errors
/// If the database fails.
pub fn queue(tx: &mut Tx<'_>, mail: &Outgoing, now: Timestamp) -> Result<(), StoreError> {
    let message = &mail.message;
    let params = serde_json::Value::from_iter(message.params()).to_string();
    diesel::insert_into(dsl::mails)
        .values((
            dsl::kind.eq(message.kind().as_str()),
            dsl::user_id.eq(mail.user.map(UserId::get)),
            dsl::recipient.eq(mail.to.as_str()),
            dsl::params.eq(params),
            dsl::secret.eq(message.key().map(OneTimeKey::expose)),
            dsl::state.eq("waiting"),
            dsl::attempts.eq(0),
            dsl::due_at.eq(now.micros()),
            dsl::message_id.eq(format!("{:032x}", rand::random::<u128>())),
            dsl::created_at.eq(now.micros()),
        ))
        .execute(&mut **tx)?;
    Ok(())
}
