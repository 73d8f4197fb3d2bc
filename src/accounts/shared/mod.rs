//! What the use cases share: the actor and its audit entry, rate limits, checking a password, one change to
//! one user, links in mails, free names and addresses, and what may be revealed about existing accounts.
pub(super) mod account_error;
pub(super) mod actor;
pub(super) mod administrators;
pub(super) mod change_user;
pub(super) mod eligibility;
pub(super) mod enumeration;
pub(super) mod known_address;
pub(super) mod link_keys;
pub(super) mod new_place;
pub(super) mod notices;
pub(super) mod own_session;
pub(super) mod record_sparingly;
pub(super) mod refusal;
pub(super) mod taken;
pub(super) mod throttle;
pub(super) mod token_claims;
pub(super) mod update_profile;
pub(super) mod user_ref;
pub(super) mod verify_password;
