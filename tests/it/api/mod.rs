//! The API, one file a verb, and the whole recorded contract.

mod contract;
mod cookies;
mod foreign;
mod http;
mod limits;
mod login;
pub mod refresh;
mod sessions;
mod token;
mod user;
