//! A leaky bucket: how full it is after an attempt, and how long until there is room.

use std::time::Duration;

use crate::types::Timestamp;

/// How many times the attempts of an IPv6 /64 the /48 around it has: 65,536 networks of one subscriber.
const WIDE_FACTOR: u32 = 10;

/// The size of one kind of bucket.
#[derive(Clone, Copy, Debug)]
pub(super) struct BucketSize {
    pub(super) capacity: u32,
    pub(super) window: Duration,
    /// Up to how many attempts one may be added. Less than the capacity where others share the bucket, whom
    /// these attempts must leave room.
    room: u32,
}

/// A bucket that an attempt falls into.
#[derive(Clone, Debug)]
pub struct Bucket {
    /// Its name in the store.
    pub name: String,
    pub(super) rule: BucketSize,
}

impl BucketSize {
    pub(super) const fn new(capacity: u32, window: Duration) -> Self {
        Self { capacity, window, room: capacity }
    }

    pub(super) const fn wide(self) -> Self {
        Self::new(self.capacity.saturating_mul(WIDE_FACTOR), self.window)
    }

    pub(super) const fn with_room(self, parts: u32, of: u32) -> Self {
        let room = self.capacity as u64 * parts as u64 / of as u64;
        Self { room: if room == 0 { 1 } else { room as u32 }, ..self }
    }

    pub(super) fn named(self, name: String) -> Bucket {
        Bucket { name, rule: self }
    }
}

impl Bucket {
    /// A stored level as it counts at `now`: none if it is of a clock that was ahead, because no bucket is filled
    /// for longer than its window.
    #[must_use]
    pub fn plausible(&self, empty_at: Option<Timestamp>, now: Timestamp) -> Option<Timestamp> {
        empty_at.filter(|at| *at <= now.plus(self.rule.window))
    }

    /// How long until there is room for one more attempt; `None` if there is now.
    #[must_use]
    pub fn wait(&self, empty_at: Option<Timestamp>, now: Timestamp) -> Option<Duration> {
        let room_at = self.after_one_more(empty_at, now);
        let reserved = self.drop_time() * (self.rule.capacity - self.rule.room);
        let wait = room_at.plus(reserved).since(now.plus(self.rule.window));
        (!wait.is_zero()).then_some(wait)
    }

    /// When the bucket will be empty after one more attempt.
    #[must_use]
    pub fn after_one_more(&self, empty_at: Option<Timestamp>, now: Timestamp) -> Timestamp {
        // Fuller than full is full: a clock that was ahead wrote the level, or one of another replica is.
        let level = empty_at.map_or(now, |then| then.clamp(now, now.plus(self.rule.window)));
        level.plus(self.drop_time())
    }

    /// How long it takes until one attempt leaks.
    fn drop_time(&self) -> Duration {
        self.rule.window / self.rule.capacity.max(1)
    }
}
