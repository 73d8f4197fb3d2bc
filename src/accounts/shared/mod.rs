//! What the use cases share: the actor and its audit entry, throttling, one change to one user, links in
//! mails, and what may be told about existing accounts.
pub(super) mod actor;
pub(super) mod change_user;
pub(super) mod enumeration;
pub(super) mod link_keys;
pub(super) mod notices;
pub(super) mod throttle;
pub(super) mod user_ref;
