//! The API, one file per area, and the replay of the recorded contract.

mod change_password;
mod contract;
mod cookies;
mod delete_user;
mod email;
mod endpoints;
mod foreign;
mod formats;
mod http;
mod identifiers;
mod keys;
mod limits;
mod login;
mod machines;
mod managed_users;
mod pace;
mod password_reset;
mod passwords;
pub(crate) mod refresh;
mod register;
mod sessions;
mod sliding;
mod takeover;
mod text_ids;
mod token;
mod user;

use crate::server::TestServer;

/// The mails in the outbox, in their order: `recipient kind`.
fn mails(server: &TestServer) -> Vec<String> {
    server.database().lines("SELECT recipient || ' ' || kind AS line FROM mails ORDER BY id")
}
