//! The layer around each connection.

pub(crate) mod framing;
mod stream;
mod table;
mod timeouts;
