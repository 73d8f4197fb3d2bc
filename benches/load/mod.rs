//! What every bench over HTTP needs: a server with a database of its own, users in its store, clients
//! that load it, and the arithmetic and paper for what they saw. The benches name what is loaded.

#![allow(dead_code, reason = "each bench takes what it needs")]

pub mod client;
pub mod loads;
pub mod numbers;
pub mod postgres;
pub mod report;
pub mod server;
pub mod users;
