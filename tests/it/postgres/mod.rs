//! PostgreSQL, beyond the whole suite on it (`TEST_DATABASE=postgres`): several replicas, outages of the server,
//! and connections to it.

mod access;
mod balanced;
mod balancer;
pub(crate) mod cluster;
mod failover;
mod outage;
mod pgbouncer;
mod replicas;
mod schema;
mod storm;
