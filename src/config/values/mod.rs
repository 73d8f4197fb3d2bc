//! The types of settings that have rules of their own, and the parsers of all of them.
pub(super) mod account_part;
pub(super) mod auth_header_type;
pub(super) mod colour;
pub(super) mod cookies;
pub(super) mod cors;
pub(super) mod hash_cost;
pub(super) mod logging;
pub(super) mod logo_source;
pub(super) mod page_url;
pub(super) mod parse;
pub(super) mod public_url;
pub(super) mod registration;
pub(super) mod sender;
pub(super) mod smtp;
pub(super) mod time_zone;
pub(super) mod token_claim;
