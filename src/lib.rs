//! doorward: one binary that logs API clients in and lets administrators manage users.
//!
//! The layers, lowest first: a layer uses only layers above it in this list. `tests/it/structure/`
//! checks the rules, ARCHITECTURE.md explains them. The modules are private, so that the compiler finds
//! unused code; [`testing`] lists what tests, benches and fuzzing reach.

// Values that cannot be bad.
mod types;

// The texts that people read, in every language.
mod texts;

// Engines. They know types, and not each other.
mod clock;
mod config;
mod last_seen;
mod limits;
mod passwords;
mod store;
mod tokens;

// Mail: its templates and its delivery.
mod mail;

// All engines of one running doorward.
mod app;

// The use cases: what can happen to an account. The only layer that writes.
mod accounts;

// What all handlers on the network share.
mod http;

// What all pages share.
mod web;

// The handlers. They never call each other.
mod admin;
mod api;
mod ops;
mod pages;

// Every URL, and the command line, which also starts the server.
mod cli;
mod routes;

#[doc(hidden)]
pub mod testing;

pub use cli::main;
