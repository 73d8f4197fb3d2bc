//! Shared by the benches over HTTP: a server with a database of its own, users in its store, clients that
//! load it, statistics and reports.

#![allow(dead_code, reason = "each bench takes what it needs")]

pub(crate) mod client;
pub(crate) mod loads;
pub(crate) mod numbers;
pub(crate) mod postgres;
pub(crate) mod report;
pub(crate) mod server;
pub(crate) mod users;
