//! Table `mails` as the admin looks at it: newest first, by state and recipient, page by page. What
//! becomes of a mail is `mails`' affair.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::mails::dsl;
use crate::store::tables::mails::{Mail, MailColumns, MailState};
use crate::types::{Email, MailId, MessageKind, Timestamp, UserId};

/// Which mails of the outbox are looked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct MailFilter {
    /// What has become of them.
    pub state: Option<MailStage>,
    /// To whom they go.
    pub recipient: Option<Email>,
}

/// What has become of a mail, as an operator asks for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MailStage {
    /// In this state; of those that wait, also those that are being sent.
    Is(MailState),
    /// A worker is at it.
    BeingSent,
}

/// A place in the outbox, which is read from the newest mail to the oldest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MailCursor {
    /// From the newest on.
    Start,
    /// Those older than this one.
    OlderThan(MailId),
    /// Those newer than this one and next to it.
    NewerThan(MailId),
}

/// Up to `limit` mails that are wanted, newest first.
pub(crate) fn page(
    conn: &mut Conn,
    wanted: &MailFilter,
    seek: MailCursor,
    limit: i64,
    now: Timestamp,
) -> Result<Vec<Mail>, StoreError> {
    let mut found = dsl::mails.limit(limit).into_boxed();
    found = match wanted.state {
        None => found,
        Some(MailStage::Is(state)) => found.filter(dsl::state.eq(state.as_str())),
        Some(MailStage::BeingSent) => {
            found.filter(dsl::lease.is_not_null().and(dsl::due_at.gt(now.micros())))
        }
    };
    if let Some(recipient) = &wanted.recipient {
        found = found.filter(dsl::recipient_key.eq(recipient.key().as_str().to_owned()));
    }
    found = match seek {
        MailCursor::Start => found.order(dsl::id.desc()),
        MailCursor::OlderThan(id) => found.filter(dsl::id.lt(id.get())).order(dsl::id.desc()),
        MailCursor::NewerThan(id) => found.filter(dsl::id.gt(id.get())).order(dsl::id),
    };
    let mut mails: Vec<Mail> =
        found.load::<MailColumns>(conn)?.into_iter().map(Mail::try_from).collect::<Result<_, _>>()?;
    if matches!(seek, MailCursor::NewerThan(_)) {
        mails.reverse();
    }
    Ok(mails)
}

/// The last `limit` mails about a user, newest first.
pub(crate) fn about(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<Mail>, StoreError> {
    let rows = dsl::mails.filter(dsl::user_id.eq(user.get())).order(dsl::id.desc()).limit(limit);
    rows.load::<MailColumns>(conn)?.into_iter().map(Mail::try_from).collect()
}

/// The last mail of a kind to an address, if it is still kept.
pub(crate) fn last_to(conn: &mut Conn, to: &Email, kind: MessageKind) -> Result<Option<Mail>, StoreError> {
    let theirs = dsl::mails
        .filter(dsl::recipient_key.eq(to.key().as_str().to_owned()))
        .filter(dsl::kind.eq(kind.as_str()))
        .order(dsl::id.desc());
    theirs.first::<MailColumns>(conn).optional()?.map(Mail::try_from).transpose()
}

/// How many mails are in a state, up to `most`.
pub(crate) fn count_up_to(conn: &mut Conn, state: MailState, most: u32) -> Result<u64, StoreError> {
    #[derive(QueryableByName)]
    struct MailCountRow {
        #[diesel(sql_type = BigInt)]
        count: i64,
    }
    let query = "SELECT count(*) AS count FROM (SELECT 1 FROM mails WHERE state = $1 LIMIT $2) AS few";
    let query = diesel::sql_query(query).bind::<Text, _>(state.as_str()).bind::<BigInt, _>(i64::from(most));
    Ok(u64::try_from(query.get_result::<MailCountRow>(conn)?.count).unwrap_or(0))
}

/// The mail that has been waiting for longest, if any does.
pub(crate) fn oldest_waiting(conn: &mut Conn) -> Result<Option<Mail>, StoreError> {
    let waiting = dsl::mails.filter(dsl::state.eq(MailState::Waiting.as_str())).order(dsl::id);
    waiting.first::<MailColumns>(conn).optional()?.map(Mail::try_from).transpose()
}
