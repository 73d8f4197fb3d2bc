//! What every bench over HTTP needs: a server with a database of its own, users in its store, clients
//! that load it, and the arithmetic and paper for what they saw. The benches name what is loaded.

#![allow(dead_code, reason = "each bench takes what it needs")]

pub(crate) mod client;
pub(crate) mod loads;
pub(crate) mod numbers;
pub(crate) mod postgres;
pub(crate) mod report;
pub(crate) mod server;
pub(crate) mod users;
