//! The ids of users, sessions and mails.

use super::macros::id;

id! {
    /// A user's id: the integer that Simple JWT puts into the `user_id` claim. Never reused after the user
    /// is deleted.
    pub struct UserId;
}

id! {
    /// A session's id, for its owner's list of sessions. It gives access to nothing.
    pub struct SessionId;
}

id! {
    /// A mail's id in the outbox. Later mails have higher ids.
    pub struct MailId;
}
