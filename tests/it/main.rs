//! The integration tests: one binary, so that it links once. Most tests send requests as users of a
//! [`server::TestServer`], a real server on a real socket.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::disallowed_types,
    reason = "tests stop at the first failure, and may read the clock"
)]

mod account;
mod admin;
mod api;
mod browser;
mod cli;
mod clock;
mod connections;
mod contract;
mod database;
mod dialects;
mod docs;
mod fuzz_seeds;
mod http;
mod imported;
mod machine;
mod mail;
mod openapi;
mod origin;
mod outbox;
mod pages;
mod postgres;
mod server;
mod smtp;
mod structure;
mod tokens;
