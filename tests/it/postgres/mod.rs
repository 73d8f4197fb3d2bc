//! What holds on PostgreSQL, beyond what the whole suite shows when it runs there
//! (`TEST_DATABASE=postgres`): many replicas, a server that goes away, and the way to it.

mod access;
pub mod cluster;
mod outage;
mod replicas;
mod schema;
