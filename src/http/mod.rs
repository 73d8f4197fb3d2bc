//! What all doors on the network share: who is calling, the id and the log line of a request,
//! and the headers of every answer. Below `html` and `api`; decides nothing about accounts.

mod client;
mod headers;
mod request_id;
mod retry_after;
mod trace;
mod user_agent;

pub(crate) use client::actor;
pub(crate) use headers::security_headers;

pub(crate) use retry_after::retry_after;
pub(crate) use trace::trace;
pub(crate) use user_agent::client_in_words;
