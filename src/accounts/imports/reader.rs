//! Reads and maps the source on a thread of its own, while batches are written.

use std::thread::JoinHandle;

use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::accounts::imports::error::ImportError;
use crate::accounts::imports::mapping::Mapping;
use crate::accounts::imports::origin_rows::{BadRow, OriginToken};
use crate::accounts::imports::source::UserSource;
use crate::accounts::imports::user_row::{MappedUser, map_row};
use crate::types::Timestamp;

/// How many rows one transaction writes.
pub(super) const BATCH: usize = 1000;

/// How many batches wait for being written.
const WAITING: usize = 2;

/// A batch of the source.
type Batch<T> = Vec<Result<T, BadRow>>;

/// A running reader. Its source comes back at the end.
pub(super) struct SourceReader<T> {
    batches: Receiver<Batch<T>>,
    thread: JoinHandle<(Box<dyn UserSource>, Result<(), ImportError>)>,
}

/// Reads all users.
pub(super) fn read_users(
    mut source: Box<dyn UserSource>,
    mapping: Mapping,
    now: Timestamp,
) -> SourceReader<MappedUser> {
    let (sender, batches) = channel(WAITING);
    let thread = std::thread::spawn(move || {
        let mut batch = Batcher::new(sender);
        let read = source
            .each_user(&mapping, &mut |row| batch.push(row.and_then(|row| map_row(&row, &mapping, now))));
        batch.send();
        (source, read)
    });
    SourceReader { batches, thread }
}

/// Reads all tokens that have not expired.
pub(super) fn read_tokens(
    mut source: Box<dyn UserSource>,
    mapping: Mapping,
    now: Timestamp,
) -> SourceReader<OriginToken> {
    let (sender, batches) = channel(WAITING);
    let thread = std::thread::spawn(move || {
        let mut batch = Batcher::new(sender);
        let read = source.each_token(&mapping, now, &mut |token| batch.push(token));
        batch.send();
        (source, read)
    });
    SourceReader { batches, thread }
}

impl<T> SourceReader<T> {
    /// The next batch; `None` at the end, or if the source cannot be read any further.
    pub(super) async fn next(&mut self) -> Option<Batch<T>> {
        self.batches.recv().await
    }

    /// The source, after its end.
    ///
    /// # Errors
    /// If it could not be read to its end.
    pub(super) fn finish(self) -> Result<Box<dyn UserSource>, ImportError> {
        drop(self.batches);
        let interrupted = |_| ImportError::Source("the reader was interrupted".to_owned());
        let (source, read) = self.thread.join().map_err(interrupted)?;
        read.map(|()| source)
    }
}

struct Batcher<T> {
    sender: Sender<Batch<T>>,
    batch: Batch<T>,
}

impl<T> Batcher<T> {
    fn new(sender: Sender<Batch<T>>) -> Self {
        Self { sender, batch: Vec::with_capacity(BATCH) }
    }

    /// Adds a row; answers whether anyone still takes batches.
    fn push(&mut self, row: Result<T, BadRow>) -> bool {
        self.batch.push(row);
        self.batch.len() < BATCH || self.send()
    }

    fn send(&mut self) -> bool {
        let batch = std::mem::replace(&mut self.batch, Vec::with_capacity(BATCH));
        batch.is_empty() || self.sender.blocking_send(batch).is_ok()
    }
}
