//! The layer around each connection: deadlines, one request at a time, and how many connections there may be.

mod answer;
pub(crate) mod framing;
mod stream;
mod table;
mod timeouts;

pub(crate) use answer::answer;
pub(crate) use stream::GuardedStream;
pub(crate) use table::ConnectionTable;
pub(crate) use timeouts::Timeouts;
