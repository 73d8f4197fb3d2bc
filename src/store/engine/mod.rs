//! The engine: connections, dialects, PostgreSQL, migrations, and copying a whole database.
pub(crate) mod canonical;
pub(crate) mod connection;
pub(crate) mod copy;
pub(crate) mod dialect;
pub(crate) mod error;
pub(crate) mod migrations;
pub(crate) mod postgres;
pub(crate) mod schema;
pub(crate) mod sqlite;
