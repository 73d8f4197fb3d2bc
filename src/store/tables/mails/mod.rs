//! Table `mails`: the outbox. Use cases insert a mail in their own transaction; `accounts::outbox` leases
//! and delivers it by `QUEUE`. Nothing here knows the text of a mail.

pub(crate) mod requests;
mod row;
pub(crate) mod texts;

use diesel::prelude::*;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::delivery_queue::DeliveryQueue;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::mails;
use crate::store::engine::schema::mails::dsl;
use crate::store::tables::users;
use crate::types::{Email, MailId, MessageKind, NewMail, OneTimeKey, OutboxMail, Timestamp, UID, UserId};

pub use crate::store::engine::delivery_queue::DeliveryState;
pub use row::Mail;
pub(crate) use row::OutboxRow;

/// The outbox as a queue of deliveries. `secret` is the key in the mail's link.
pub(crate) const QUEUE: DeliveryQueue =
    DeliveryQueue { table: "mails", receiver: "recipient_key", secrets: &["secret"] };

#[derive(Insertable)]
#[diesel(table_name = mails)]
struct NewOutboxRow<'a> {
    kind: &'static str,
    user_id: Option<i64>,
    recipient: &'a str,
    recipient_key: &'a str,
    params: String,
    secret: Option<&'a str>,
    state: &'static str,
    attempts: i64,
    due_at: i64,
    message_id: String,
    created_at: i64,
}

/// Inserts a mail, in the transaction of the change that it is about; none to a user without an address. The caller
/// wakes the worker after the commit (`app.mailer.wake()`).
pub fn insert(tx: &mut Tx<'_>, mail: &NewMail, now: Timestamp) -> Result<(), StoreError> {
    if mail.to.is_blank() {
        return Ok(());
    }
    let message = &mail.message;
    let recipient_key = mail.to.key();
    let mut params = mail.params();
    if let (Some(user), Some(_)) = (mail.user, message.key()) {
        params.insert(UID.to_owned(), users::public_id(tx, user)?.to_uid());
    }
    let row = NewOutboxRow {
        kind: message.kind().as_str(),
        user_id: mail.user.map(UserId::get),
        recipient: mail.to.as_str(),
        recipient_key: recipient_key.as_str(),
        params: serde_json::Value::from_iter(params).to_string(),
        secret: message.key().map(OneTimeKey::expose),
        state: DeliveryState::Waiting.as_str(),
        attempts: 0,
        due_at: now.micros(),
        message_id: OutboxMail::new_message_id(),
        created_at: now.micros(),
    };
    diesel::insert_into(mails::table).values(row).execute(&mut **tx)?;
    Ok(())
}

/// Drops the waiting mails of a kind to an address: their links no longer work.
pub fn drop_waiting(
    tx: &mut Tx<'_>,
    kind: MessageKind,
    to: &Email,
    now: Timestamp,
) -> Result<(), StoreError> {
    let waiting = dsl::mails
        .filter(dsl::due_at.ge(0))
        .filter(dsl::kind.eq(kind.as_str()))
        .filter(dsl::recipient.eq(to.as_str()));
    for id in waiting.select(dsl::id).load::<i64>(&mut **tx)? {
        QUEUE.drop(tx, id, None, now)?;
    }
    Ok(())
}

/// Up to `limit` waiting or failed mails with a key and an id above `after`, by rising id.
pub(crate) fn with_key(conn: &mut Conn, after: MailId, limit: i64) -> Result<Vec<Mail>, StoreError> {
    let rows = dsl::mails
        .filter(dsl::id.gt(after.get()))
        .filter(dsl::secret.is_not_null())
        .order(dsl::id)
        .limit(limit)
        .select(OutboxRow::as_select())
        .load(conn)?;
    rows.into_iter().map(Mail::try_from).collect()
}

/// Deletes the mails that have waited since before a moment.
pub(crate) fn delete_waiting_since(tx: &mut Tx<'_>, before: Timestamp) -> Result<(), StoreError> {
    let old = dsl::mails
        .filter(dsl::state.eq(DeliveryState::Waiting.as_str()))
        .filter(dsl::created_at.lt(before.micros()));
    diesel::delete(old).execute(&mut **tx)?;
    Ok(())
}

/// Sets the end of the mails that ended after `latest`, as a clock that was ahead recorded it, to `now`.
pub(crate) fn correct_future_end(
    tx: &mut Tx<'_>,
    latest: Timestamp,
    now: Timestamp,
) -> Result<usize, StoreError> {
    let future = dsl::mails.filter(dsl::ended_at.gt(latest.micros()));
    Ok(diesel::update(future).set(dsl::ended_at.eq(now.micros())).execute(&mut **tx)?)
}

/// Deletes every mail about a user, sent or not: when the account is deleted. The notice of that is inserted
/// afterwards.
pub fn delete_about(tx: &mut Tx<'_>, user: UserId) -> Result<usize, StoreError> {
    Ok(diesel::delete(dsl::mails.filter(dsl::user_id.eq(user.get()))).execute(&mut **tx)?)
}

/// The mail with this id.
pub fn by_id(conn: &mut Conn, id: MailId) -> Result<Option<Mail>, StoreError> {
    let row = dsl::mails.find(id.get()).select(OutboxRow::as_select()).get_result(conn);
    row.optional()?.map(Mail::try_from).transpose()
}

/// Locks the mail until the transaction ends, and reads it.
pub fn lock(tx: &mut Tx<'_>, id: MailId) -> Result<Option<Mail>, StoreError> {
    QUEUE.lock(tx, id.get())?;
    by_id(tx, id)
}

/// Up to `limit` mails with an id above `after`, by rising id; all, or those in one state.
pub fn page(
    conn: &mut Conn,
    state: Option<DeliveryState>,
    after: MailId,
    limit: i64,
) -> Result<Vec<Mail>, StoreError> {
    let mut page = dsl::mails
        .filter(dsl::id.gt(after.get()))
        .order(dsl::id)
        .limit(limit)
        .select(OutboxRow::as_select())
        .into_boxed();
    if let Some(state) = state {
        page = page.filter(dsl::state.eq(state.as_str()));
    }
    page.load(conn)?.into_iter().map(Mail::try_from).collect()
}
