//! The engine: connections, dialects, PostgreSQL, migrations, and copying a whole database.
pub mod canonical;
pub mod connection;
pub mod copy;
pub mod dialect;
pub mod error;
pub mod migrations;
pub mod postgres;
pub mod schema;
pub mod sqlite;
