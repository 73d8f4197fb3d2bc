//! Table `mails` for the admin: newest first, by state and recipient, a page at a time.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::mails::dsl;
use crate::store::tables::mails::{DeliveryState, Mail, OutboxRow};
use crate::types::{Email, MailId, MessageKind, Timestamp, UserId};

/// Which mails a list has.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MailFilter {
    /// The state.
    pub state: Option<MailStage>,
    /// The recipient.
    pub recipient: Option<Email>,
}

/// A state of a mail, as the admin filters by it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MailStage {
    /// In this state. Mails that are being sent are among the waiting ones.
    Is(DeliveryState),
    /// A worker has a lease of it.
    BeingSent,
}

/// A position in the list, which goes from the newest mail to the oldest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MailCursor {
    /// The beginning: the newest mail.
    Start,
    /// The page after this mail.
    OlderThan(MailId),
    /// The page before this mail.
    NewerThan(MailId),
}

/// Up to `limit` mails that the filter matches, newest first.
pub(crate) fn page(
    conn: &mut Conn,
    filter: &MailFilter,
    cursor: MailCursor,
    limit: i64,
    now: Timestamp,
) -> Result<Vec<Mail>, StoreError> {
    let mut query = dsl::mails.limit(limit).select(OutboxRow::as_select()).into_boxed();
    query = match filter.state {
        None => query,
        Some(MailStage::Is(state)) => query.filter(dsl::state.eq(state.as_str())),
        Some(MailStage::BeingSent) => {
            query.filter(dsl::lease.is_not_null().and(dsl::due_at.gt(now.micros())))
        }
    };
    if let Some(recipient) = &filter.recipient {
        query = query.filter(dsl::recipient_key.eq(recipient.key().as_str().to_owned()));
    }
    query = match cursor {
        MailCursor::Start => query.order(dsl::id.desc()),
        MailCursor::OlderThan(id) => query.filter(dsl::id.lt(id.get())).order(dsl::id.desc()),
        MailCursor::NewerThan(id) => query.filter(dsl::id.gt(id.get())).order(dsl::id),
    };
    let mut mails: Vec<Mail> = query.load(conn)?.into_iter().map(Mail::try_from).collect::<Result<_, _>>()?;
    if matches!(cursor, MailCursor::NewerThan(_)) {
        mails.reverse();
    }
    Ok(mails)
}

/// The last `limit` mails about a user, newest first.
pub(crate) fn about(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<Mail>, StoreError> {
    let mails = dsl::mails.filter(dsl::user_id.eq(user.get())).order(dsl::id.desc()).limit(limit);
    mails.select(OutboxRow::as_select()).load(conn)?.into_iter().map(Mail::try_from).collect()
}

/// The last mail of a kind to an address, unless it was swept.
pub(crate) fn last_to(conn: &mut Conn, to: &Email, kind: MessageKind) -> Result<Option<Mail>, StoreError> {
    let mails = dsl::mails
        .filter(dsl::recipient_key.eq(to.key().as_str().to_owned()))
        .filter(dsl::kind.eq(kind.as_str()))
        .order(dsl::id.desc());
    mails.select(OutboxRow::as_select()).first(conn).optional()?.map(Mail::try_from).transpose()
}

/// How many mails are in a state, counted up to `max`.
pub(crate) fn count_up_to(conn: &mut Conn, state: DeliveryState, max: u32) -> Result<u64, StoreError> {
    #[derive(QueryableByName)]
    struct MailCountRow {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let query = "SELECT count(*) AS count FROM (SELECT 1 FROM mails WHERE state = $1 LIMIT $2) AS limited";
    let query = diesel::sql_query(query).bind::<Text, _>(state.as_str()).bind::<BigInt, _>(i64::from(max));
    Ok(u64::try_from(query.get_result::<MailCountRow>(conn)?.count).unwrap_or(0))
}

/// The last error of the oldest waiting mail that has one.
pub(crate) fn error_of_waiting(conn: &mut Conn) -> Result<Option<String>, StoreError> {
    let waiting = dsl::mails
        .filter(dsl::state.eq(DeliveryState::Waiting.as_str()))
        .filter(dsl::last_error.is_not_null())
        .order(dsl::id);
    Ok(waiting.select(dsl::last_error).first::<Option<String>>(conn).optional()?.flatten())
}

/// The mail that has been waiting for the longest time, if any waits.
pub(crate) fn oldest_waiting(conn: &mut Conn) -> Result<Option<Mail>, StoreError> {
    let waiting = dsl::mails.filter(dsl::state.eq(DeliveryState::Waiting.as_str())).order(dsl::id);
    waiting.select(OutboxRow::as_select()).first(conn).optional()?.map(Mail::try_from).transpose()
}
