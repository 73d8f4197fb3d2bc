//! Table `mails`: the outbox. Verbs queue a mail in their own transaction, `accounts::mail` takes it
//! with a lease and notes what became of it, the command line looks. Nothing here knows what a
//! mail says.
//!
//! `due_at` is when a mail may be taken, and empty once it never may be: so one index finds what
//! there is to do, and a lease is nothing but a later `due_at`.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::mails;
use crate::store::engine::schema::mails::dsl;
use crate::types::{Email, MailId, MessageKind, NewMail, OneTimeKey, OutboxMail, Params, Timestamp, UserId};

/// What has become of a mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailState {
    /// It has not been sent yet.
    Waiting,
    /// A server took it.
    Sent,
    /// It was given up: refused for good, or too often for now.
    Dead,
    /// An operator did not want it to be sent, or its link had run out.
    Dropped,
}

impl MailState {
    /// Every state by its word in the table.
    pub const WORDS: [(&'static str, Self); 4] =
        [("waiting", Self::Waiting), ("sent", Self::Sent), ("dead", Self::Dead), ("dropped", Self::Dropped)];

    /// The word in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Sent => "sent",
            Self::Dead => "dead",
            Self::Dropped => "dropped",
        }
    }
}

/// A mail of the outbox.
#[derive(Debug)]
pub struct Mail {
    /// Which.
    pub id: MailId,
    /// Whom it is about.
    pub user: Option<UserId>,
    /// What it says, and to whom.
    pub letter: OutboxMail,
    /// What has become of it.
    pub state: MailState,
    /// How often a server was asked to take it.
    pub attempts: u32,
    /// When it may be taken (again); while somebody is at it, when they have to be done.
    pub due_at: Option<Timestamp>,
    /// Which taking of it was the last, if it was not settled since.
    pub lease: Option<MailLease>,
    /// Why it was not sent the last time, as `mail::Why` writes and reads it.
    pub last_error: Option<String>,
    /// When it was sent, given up or dropped.
    pub ended_at: Option<Timestamp>,
}

impl Mail {
    /// Whether somebody took it, and may still be at it.
    #[must_use]
    pub fn is_being_sent(&self, now: Timestamp) -> bool {
        self.lease.is_some() && self.due_at.is_some_and(|until| until > now)
    }
}

/// What there was to take.
#[derive(Debug)]
pub enum LeasedMail {
    /// A mail, and the proof that it was taken.
    Mail(Box<Mail>, MailLease),
    /// A mail that a newer doorward must have written. It is passed over until the lease ends.
    Unreadable(String),
    /// No mail is due, or others are at those that are.
    Nothing,
}

/// Says which taking of a mail is meant: whoever holds an old one has no say any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MailLease(String);

impl MailLease {
    /// A new one.
    #[must_use]
    pub fn random() -> Self {
        Self(format!("{:016x}", rand::random::<u64>()))
    }
}

#[derive(Queryable)]
pub(crate) struct MailColumns {
    id: i64,
    kind: String,
    user_id: Option<i64>,
    recipient: String,
    params: String,
    secret: Option<String>,
    state: String,
    attempts: i64,
    due_at: Option<i64>,
    lease: Option<String>,
    message_id: String,
    last_error: Option<String>,
    created_at: i64,
    ended_at: Option<i64>,
    _recipient_key: String,
}

impl TryFrom<MailColumns> for Mail {
    type Error = StoreError;

    fn try_from(row: MailColumns) -> Result<Self, StoreError> {
        let id = MailId::new(row.id);
        let kind = MessageKind::named(&row.kind).ok_or_else(|| unreadable(id, "kind", &row.kind))?;
        let state = MailState::WORDS.into_iter().find(|(word, _)| *word == row.state);
        let (_, state) = state.ok_or_else(|| unreadable(id, "state", &row.state))?;
        let params: Params =
            serde_json::from_str(&row.params).map_err(|_| unreadable(id, "params", &row.params))?;
        let letter = OutboxMail {
            kind,
            to: Email::from_stored(row.recipient),
            params,
            key: row.secret.as_deref().and_then(OneTimeKey::parse),
            message_id: row.message_id,
            written_at: Timestamp::from_micros(row.created_at),
        };
        Ok(Self {
            id,
            user: row.user_id.map(UserId::new),
            letter,
            state,
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            due_at: row.due_at.map(Timestamp::from_micros),
            lease: row.lease.map(MailLease),
            last_error: row.last_error,
            ended_at: row.ended_at.map(Timestamp::from_micros),
        })
    }
}

fn unreadable(id: MailId, column: &str, text: &str) -> StoreError {
    StoreError::Unreadable(format!("mail {id} has the {column} `{text}`, which this doorward does not know"))
}

/// Writes a mail into the outbox, in the transaction of what it speaks of. Whoever calls this wakes
/// the worker after the commit (`app.mailer.wake()`).
pub fn queue(tx: &mut Tx<'_>, mail: &NewMail, now: Timestamp) -> Result<(), StoreError> {
    let message = &mail.message;
    let params = serde_json::Value::from_iter(message.params()).to_string();
    diesel::insert_into(dsl::mails)
        .values((
            dsl::kind.eq(message.kind().as_str()),
            dsl::user_id.eq(mail.user.map(UserId::get)),
            dsl::recipient.eq(mail.to.as_str()),
            dsl::recipient_key.eq(mail.to.key().as_str().to_owned()),
            dsl::params.eq(params),
            dsl::secret.eq(message.key().map(OneTimeKey::expose)),
            dsl::state.eq(MailState::Waiting.as_str()),
            dsl::attempts.eq(0),
            dsl::due_at.eq(now.micros()),
            dsl::message_id.eq(OutboxMail::new_message_id()),
            dsl::created_at.eq(now.micros()),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// When the next mail may be taken, if there is any.
pub fn next_due(conn: &mut Conn) -> Result<Option<Timestamp>, StoreError> {
    let next = dsl::mails.filter(dsl::due_at.is_not_null()).order((dsl::due_at, dsl::id));
    let next = next.select(dsl::due_at).first::<Option<i64>>(conn).optional()?;
    Ok(next.flatten().map(Timestamp::from_micros))
}

#[derive(QueryableByName)]
struct MailIdRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Takes the mail that has been due for longest, until `until`. Nobody else is given it before that,
/// on whatever replica.
pub fn take(
    tx: &mut Tx<'_>,
    now: Timestamp,
    until: Timestamp,
    lease: &MailLease,
) -> Result<LeasedMail, StoreError> {
    let rest = dialect::skip_locked(tx);
    let oldest = format!("SELECT id FROM mails WHERE due_at <= $1 ORDER BY due_at, id LIMIT 1 {rest}");
    let found = diesel::sql_query(oldest).bind::<BigInt, _>(now.micros()).get_result::<MailIdRow>(&mut **tx);
    let Some(MailIdRow { id }) = found.optional()? else { return Ok(LeasedMail::Nothing) };
    let row = diesel::update(dsl::mails.find(id))
        .set((dsl::due_at.eq(until.micros()), dsl::lease.eq(&lease.0)))
        .returning(mails::all_columns)
        .get_result::<MailColumns>(&mut **tx)?;
    Ok(match Mail::try_from(row) {
        Ok(mail) => LeasedMail::Mail(Box::new(mail), lease.clone()),
        Err(error) => LeasedMail::Unreadable(error.to_string()),
    })
}

/// What became of a mail that was taken.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// A server took it.
    Sent,
    /// It is given up, for this reason.
    Dead(String),
    /// It is not sent, for this reason. No server was asked.
    Dropped(String),
    /// This try failed; the next one is at this moment.
    Later(String, Timestamp),
    /// It was not its fault: the try does not count, and it may be taken again at once.
    PutBack(String),
}

/// Notes what became of a mail, if the lease is still the last one; answers whether it is. What ends
/// loses its key.
pub fn settle(
    tx: &mut Tx<'_>,
    id: MailId,
    lease: &MailLease,
    outcome: &Outcome,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let held = dsl::mails.find(id.get()).filter(dsl::lease.eq(&lease.0));
    let free = dsl::lease.eq(None::<String>);
    let tried = dsl::attempts.eq(dsl::attempts + 1);
    let ended = (dsl::secret.eq(None::<String>), dsl::due_at.eq(None::<i64>), dsl::ended_at.eq(now.micros()));
    let rows = match outcome {
        Outcome::Sent => {
            let sent = (dsl::state.eq(MailState::Sent.as_str()), dsl::last_error.eq(None::<String>));
            diesel::update(held).set((sent, ended, free, tried)).execute(&mut **tx)
        }
        Outcome::Dead(why) => {
            let dead = (dsl::state.eq(MailState::Dead.as_str()), dsl::last_error.eq(why));
            diesel::update(held).set((dead, ended, free, tried)).execute(&mut **tx)
        }
        Outcome::Dropped(why) => {
            let dropped = (dsl::state.eq(MailState::Dropped.as_str()), dsl::last_error.eq(why));
            diesel::update(held).set((dropped, ended, free)).execute(&mut **tx)
        }
        Outcome::Later(why, at) => {
            let later = (dsl::due_at.eq(at.micros()), dsl::last_error.eq(why));
            diesel::update(held).set((later, free, tried)).execute(&mut **tx)
        }
        Outcome::PutBack(why) => {
            let back = (dsl::due_at.eq(now.micros()), dsl::last_error.eq(why));
            diesel::update(held).set((back, free)).execute(&mut **tx)
        }
    }?;
    Ok(rows > 0)
}

/// Lets a mail be taken at once, with all its tries before it.
pub fn retry(tx: &mut Tx<'_>, id: MailId, now: Timestamp) -> Result<(), StoreError> {
    diesel::update(dsl::mails.find(id.get()))
        .set((
            dsl::state.eq(MailState::Waiting.as_str()),
            dsl::attempts.eq(0),
            dsl::due_at.eq(now.micros()),
            dsl::lease.eq(None::<String>),
            dsl::ended_at.eq(None::<i64>),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Keeps a mail from being sent. Its key goes.
pub fn drop(tx: &mut Tx<'_>, id: MailId, now: Timestamp) -> Result<(), StoreError> {
    diesel::update(dsl::mails.find(id.get()))
        .set((
            dsl::state.eq(MailState::Dropped.as_str()),
            dsl::secret.eq(None::<String>),
            dsl::due_at.eq(None::<i64>),
            dsl::lease.eq(None::<String>),
            dsl::ended_at.eq(now.micros()),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// Keeps the mails of a kind to an address that still wait from being sent: their links would not work.
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
        drop(tx, MailId::new(id), now)?;
    }
    Ok(())
}

/// Forgets every mail about a user, sent or not: for when the account goes. A notice of that is
/// queued afterwards.
pub fn forget(tx: &mut Tx<'_>, user: UserId) -> Result<usize, StoreError> {
    Ok(diesel::delete(dsl::mails.filter(dsl::user_id.eq(user.get()))).execute(&mut **tx)?)
}

/// Forgets the mails that ended before a moment.
pub fn sweep(tx: &mut Tx<'_>, before: Timestamp) -> Result<usize, StoreError> {
    let rest = dialect::skip_locked(tx);
    let old = format!("DELETE FROM mails WHERE id IN (SELECT id FROM mails WHERE ended_at < $1 {rest})");
    Ok(diesel::sql_query(old).bind::<BigInt, _>(before.micros()).execute(&mut **tx)?)
}

/// The mail with this id.
pub fn by_id(conn: &mut Conn, id: MailId) -> Result<Option<Mail>, StoreError> {
    dsl::mails.find(id.get()).get_result::<MailColumns>(conn).optional()?.map(Mail::try_from).transpose()
}

/// The same mail, kept as it is until the transaction ends: for deciding by what it is.
pub fn hold(tx: &mut Tx<'_>, id: MailId) -> Result<Option<Mail>, StoreError> {
    dialect::lock_mail(tx, id)?;
    by_id(tx, id)
}

/// Up to `limit` mails with an id above `after`, by rising id; all, or those in one state.
pub fn page(
    conn: &mut Conn,
    state: Option<MailState>,
    after: MailId,
    limit: i64,
) -> Result<Vec<Mail>, StoreError> {
    let mut page = dsl::mails.filter(dsl::id.gt(after.get())).order(dsl::id).limit(limit).into_boxed();
    if let Some(state) = state {
        page = page.filter(dsl::state.eq(state.as_str()));
    }
    page.load::<MailColumns>(conn)?.into_iter().map(Mail::try_from).collect()
}

/// How many mails are in a state.
pub fn count(conn: &mut Conn, state: MailState) -> Result<i64, StoreError> {
    Ok(dsl::mails.filter(dsl::state.eq(state.as_str())).count().get_result(conn)?)
}
