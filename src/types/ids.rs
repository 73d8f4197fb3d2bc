//! The ids of users, sessions and mails.

use super::macros::id;

id! {
    /// A user's id: the integer that Simple JWT puts into the `user_id` claim. Never reused after the user
    /// is deleted.
    pub struct UserId;
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
