//! The ids of users, sessions and mails.

use std::fmt;

use serde::Serialize;

use super::macros::id;

id! {
    /// The number of a user's row. Never reused after the user is deleted. Clients see [`PublicId`], which mostly is
    /// this number.
    pub struct UserId;
}

/// A user's id as clients know it: what `id` in bodies and `user_id` in tokens say. Users of a server whose ids are no
/// integers, such as a Django with a UUID as primary key, keep that id as a text.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(untagged)]
pub enum PublicId {
    /// The number of the row, for users without an id of another kind.
    Integer(UserId),
    /// Any other id. Made by [`PublicId::text`], or read from the database.
    Text(String),
}

impl PublicId {
    /// The most characters of a text.
    pub const MAX_CHARS: usize = 255;

    /// A text as id. `None` for what no user has: a blank one, one of more than [`Self::MAX_CHARS`] characters, and one
    /// with a NUL, which PostgreSQL refuses.
    #[must_use]
    pub fn text(text: String) -> Option<Self> {
        let is_id = !text.trim().is_empty() && !text.contains('\0') && text.chars().count() <= Self::MAX_CHARS;
        is_id.then_some(Self::Text(text))
    }
}

impl fmt::Display for PublicId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Integer(id) => id.fmt(f),
            Self::Text(text) => f.write_str(text),
        }
    }
}

id! {
    /// The number of a session's row. Clients see [`crate::types::SessionHandle::public_id`] instead: numbers
    /// would tell how many logins there are.
    pub struct SessionId;
}

id! {
    /// The number of a bulk action. Later ones have higher numbers.
    pub struct BulkId;
}

id! {
    /// A mail's id in the outbox. Later mails have higher ids.
    pub struct MailId;
}
