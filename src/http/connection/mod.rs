//! The layer around each connection.

pub(crate) mod framing;
mod table;
mod timeouts;
