//! The API, one file a verb, and the whole recorded contract.

mod contract;
mod http;
mod limits;
mod login;
mod user;
