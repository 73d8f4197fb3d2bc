//! The API, one file a verb, and the whole recorded contract.

mod contract;
mod cookies;
mod delete_user;
mod email;
mod foreign;
mod http;
mod limits;
mod login;
mod password_reset;
pub mod refresh;
mod sessions;
mod token;
mod user;
