//! Connections, dialects, PostgreSQL, migrations, delivery queues, and copies of a whole database. Knows no
//! table's rules.
pub(crate) mod canonical;
pub(crate) mod connection;
pub(crate) mod copy;
pub(crate) mod delivery_queue;
pub(crate) mod delivery_turn;
pub(crate) mod dialect;
pub(crate) mod error;
pub(crate) mod key_schema;
pub(crate) mod migrations;
pub(crate) mod origin;
pub(crate) mod postgres;
pub(crate) mod schema;
pub(crate) mod snapshot;
pub(crate) mod sqlite;
pub(crate) mod stored_text;
