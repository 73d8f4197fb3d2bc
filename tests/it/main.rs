//! The integration tests: one binary, so that it links once. Tests speak as people
//! ([`server::TestServer`]'s actors) to a real server over a real socket.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests stop at the first surprise, and may look at the clock"
)]

mod admin;
mod api;
mod browser;
mod cli;
mod contract;
mod database;
mod docs;
mod fuzz_seeds;
mod http;
mod mail;
mod outbox;
mod pages;
mod postgres;
mod server;
mod smtp;
mod structure;
mod tokens;
