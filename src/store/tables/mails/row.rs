//! A row of the outbox as the program reads it.

use diesel::prelude::*;

use crate::store::engine::delivery_queue::{DeliveryState, Lease};
use crate::store::engine::error::StoreError;
use crate::store::engine::schema::mails;
use crate::types::{Email, MailId, MessageKind, OneTimeKey, OutboxMail, Params, Timestamp, UserId};

/// A mail of the outbox.
#[derive(Debug)]
pub struct Mail {
    /// The id.
    pub id: MailId,
    /// The user that the mail concerns.
    pub user: Option<UserId>,
    /// The recipient and the parameters of the template.
    pub content: OutboxMail,
    /// The state of its delivery.
    pub state: DeliveryState,
    /// How many attempts to deliver it there were.
    pub attempts: u32,
    /// When it is due; under a lease, when the lease ends.
    pub due_at: Option<Timestamp>,
    /// The last lease, until its outcome is recorded.
    pub lease: Option<Lease>,
    /// The last error, as `mail::DeliveryError` writes and reads it.
    pub last_error: Option<String>,
    /// When it was sent, given up or dropped.
    pub ended_at: Option<Timestamp>,
    /// Since when the server refuses it in a way that looked like a refusal of all mails, if it does.
    pub refused_at: Option<Timestamp>,
}

impl Mail {
    /// Whether a worker has a lease that has not ended.
    #[must_use]
    pub fn is_being_sent(&self, now: Timestamp) -> bool {
        self.lease.is_some() && self.due_at.is_some_and(|until| until > now)
    }
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = mails)]
pub(crate) struct OutboxRow {
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
    refused_at: Option<i64>,
}

impl TryFrom<OutboxRow> for Mail {
    type Error = StoreError;

    fn try_from(row: OutboxRow) -> Result<Self, StoreError> {
        let id = MailId::new(row.id);
        let kind = MessageKind::named(&row.kind).ok_or_else(|| unreadable(id, "kind", &row.kind))?;
        let state = DeliveryState::WORDS.into_iter().find(|(word, _)| *word == row.state);
        let (_, state) = state.ok_or_else(|| unreadable(id, "state", &row.state))?;
        let params: Params =
            serde_json::from_str(&row.params).map_err(|_| unreadable(id, "params", &row.params))?;
        let content = OutboxMail {
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
            content,
            state,
            attempts: u32::try_from(row.attempts).unwrap_or(u32::MAX),
            due_at: row.due_at.map(Timestamp::from_micros),
            lease: row.lease.map(Lease::from_stored),
            last_error: row.last_error,
            ended_at: row.ended_at.map(Timestamp::from_micros),
            refused_at: row.refused_at.map(Timestamp::from_micros),
        })
    }
}

fn unreadable(id: MailId, column: &str, text: &str) -> StoreError {
    StoreError::Unreadable(format!("mail {id} has the {column} `{text}`, which this doorward does not know"))
}
