//! doorward: one binary that logs API clients in and lets administrators manage users.
//!
//! The floors, lowest first; each may call those above it in this list, never those below.
//! `tests/it/structure/` holds the rules, ARCHITECTURE.md tells the story.

// Values that cannot be bad.
pub mod types;

// What people read, in every language.
pub mod texts;

// Engines. They know types, and not each other.
pub mod clock;
pub mod config;
pub mod last_seen;
pub mod limits;
pub mod passwords;
pub mod store;
pub mod tokens;

// What people are written: its words, and its way to them.
pub mod mail;

// All engines of one running doorward.
pub mod app;

// What can happen to an account. The only floor that writes.
pub mod accounts;

// What the doors on the network share.
pub mod http;
pub mod web;

// The doors. They never call each other.
pub mod admin;
pub mod api;
pub mod ops;
pub mod pages;

// Every URL, and the command line, which is also what starts the server.
pub mod cli;
pub mod routes;
