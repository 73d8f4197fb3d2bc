//! What pages and API share: the connection and the client of a request and the site that sent it, its id and log
//! line, CORS, and the headers of every answer. Has no rules about accounts.

mod access_note;
mod address;
pub(crate) mod client;
pub(crate) mod connection;
mod cors;
mod get_or_head;
mod headers;
mod origin;
mod request_id;
mod retry_after;
mod trace;

pub(crate) use crate::texts::client_in_words;
pub(crate) use access_note::{note_refusal, note_user};
pub(crate) use address::{is_elsewhere, is_from_own_page, is_link_from_other_site, is_on_plain_http};
pub(crate) use client::actor;
pub(crate) use cors::cors;
pub(crate) use get_or_head::get_or_head;
pub(crate) use headers::security_headers;
pub(crate) use origin::{ForeignOrigin, OriginPolicy, verify_origin};
pub(crate) use retry_after::retry_after;
pub(crate) use trace::trace;
