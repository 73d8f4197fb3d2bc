//! What holds on PostgreSQL, beyond what the whole suite shows when it runs there
//! (`TEST_DATABASE=postgres`): many replicas, a server that goes away, and the way to it.

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
