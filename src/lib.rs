//! doorward: one binary that logs API clients in and lets administrators manage users.
//!
//! The modules below are listed from the lowest layer to the highest. A layer uses only lower layers, which
//! are those listed before it; `tests/it/structure/` checks that, and ARCHITECTURE.md explains it. The
//! modules are private, so that the compiler reports unused code; [`testing`] lists what tests, benches and
//! fuzzing use.

// Values that are valid by construction.
mod types;

// The texts of pages and mails, in every language.
mod texts;

// Engines. They use types, and not each other.
mod clock;
mod config;
mod last_seen;
mod limits;
mod passwords;
mod precise_sleep;
mod store;
mod tokens;

// How the site looks, on pages and in mails.
mod brand;

// Mail: its templates and its delivery.
mod mail;

// The state of one running doorward: its settings and all engines.
mod app;

// The use cases: every change of an account. The only layer that writes to the database.
mod accounts;

// Shared by all HTTP handlers.
mod http;

// Shared by all pages for browsers.
mod web;

// The handlers and the command line. They never call each other.
mod account;
mod admin;
mod api;
mod cli;
mod ops;
mod pages;

// All URLs. The command line starts a server with them.
mod routes;

#[doc(hidden)]
pub mod testing;

pub use cli::main;
