//! When a failed login is answered in a database with hashes of several formats: at one time for all accounts, that of
//! the slowest format, by timer. With bcrypt alone, the engine itself takes the same time for each.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::formats::{ForeignParameters, HashShape};
use super::pace::now;

/// How long the formats that were read from the database are taken for its formats: an import adds some.
const SHAPES_VALID: Duration = Duration::from_secs(5);

/// A hash takes up to this much longer than on average, in parts of 4.
const MARGIN_PARTS: u32 = 5;

/// The formats of the database, apart from plain bcrypt, as they were last read.
#[derive(Clone, Default)]
pub(super) struct KnownShapes {
    known: Arc<Mutex<ReadShapes>>,
    /// One at a time measures.
    pub(super) measuring: Arc<tokio::sync::Mutex<()>>,
}

#[derive(Default)]
struct ReadShapes {
    shapes: Vec<HashShape>,
    read_at: Option<Instant>,
}

impl KnownShapes {
    /// Whether they are to be read again.
    pub(super) fn are_old(&self) -> bool {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.read_at.is_none_or(|at| now().saturating_duration_since(at) > SHAPES_VALID)
    }

    /// Takes what was read.
    pub(super) fn set(&self, shapes: Vec<HashShape>) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        *known = ReadShapes { shapes, read_at: Some(now()) };
    }

    pub(super) fn all(&self) -> Vec<HashShape> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner).shapes.clone()
    }

    pub(super) fn foreign(&self) -> Vec<ForeignParameters> {
        let foreign = |shape| match shape {
            HashShape::Foreign(parameters) => Some(parameters),
            HashShape::Wrapped(_) => None,
        };
        self.all().into_iter().filter_map(foreign).collect()
    }
}

/// The time of a failed login of which the slowest hash takes `slowest` on average.
pub(super) fn with_margin(slowest: Duration) -> Duration {
    slowest * MARGIN_PARTS / 4
}
