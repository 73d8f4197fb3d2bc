//! `OutboxMail`: a message as the outbox keeps it. Read by `store`, worded and sent by `mail`.

use crate::types::{Email, Message, MessageKind, OneTimeKey, Params, Timestamp};

/// A message with everything that its wording needs.
#[derive(Debug)]
pub struct OutboxMail {
    /// Which message.
    pub kind: MessageKind,
    /// Where it goes.
    pub to: Email,
    /// What its templates are told, but for the key.
    pub params: Params,
    /// The one-time key; `None` where there never was one, or it has done its work.
    pub key: Option<OneTimeKey>,
    /// What stands before the `@` of its Message-ID: the same each time it is sent.
    pub message_id: String,
    /// When it was written.
    pub written_at: Timestamp,
}

impl OutboxMail {
    /// A new one, for no outbox.
    #[must_use]
    pub fn new(message: Message, to: Email, now: Timestamp) -> Self {
        let (kind, params) = (message.kind(), message.params());
        let message_id = Self::new_message_id();
        Self { kind, to, params, key: message.into_key(), message_id, written_at: now }
    }

    /// What stands before the `@` of a Message-ID that nobody else has (RFC 5322 §3.6.4).
    #[must_use]
    pub fn new_message_id() -> String {
        format!("{:032x}", rand::random::<u128>())
    }
}
