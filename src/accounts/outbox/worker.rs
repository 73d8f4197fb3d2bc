//! The worker of a queue of deliveries: one in each process and for each kind.
//!
//! A row is leased for longer than its delivery may take, so that no other worker delivers it at the same
//! time. A worker that dies between the receiver's answer and the record of it leaves a row that is
//! delivered once more when the lease ends: at least once, and never lost.

use std::time::Duration;

use tokio::sync::watch;

use crate::accounts::outbox::backoff::{OutageBackoff, longest_wait, retry_pause};
use crate::accounts::outbox::delivery::{DeliveryEvent, DeliveryFailure, DeliveryKind};
use crate::accounts::outbox::diagnosis::{Diagnosis, Failed, Meaning};
use crate::accounts::outbox::turns::Turns;
use crate::app::App;
use crate::store::engine::delivery_queue::{DeliveryOutcome, DeliveryState, Lease, PostponedRow};
use crate::store::{StoreError, Tx};
use crate::types::Timestamp;

/// How often the table is read without a wake-up: another process may have inserted a row.
pub(super) const POLL: Duration = Duration::from_secs(5);

/// How much longer than a delivery a lease lasts: for the work around it, and for clocks that differ.
const LEASE_MARGIN: Duration = Duration::from_secs(60);

/// The pause between two attempts to record an outcome.
const RECORD_RETRY: Duration = Duration::from_secs(1);

/// How often rows are looked for that a clock which was ahead has postponed, and how many at once.
const POSTPONED_INTERVAL: Duration = Duration::from_secs(60);
const POSTPONED_BATCH: i64 = 1000;

/// A worker of one kind of delivery.
pub(super) struct Worker<'a, K> {
    app: &'a App,
    kind: K,
    outage: OutageBackoff,
    /// Whether the outage is a refusal: the receiver answers, and another item may be accepted.
    is_refused: bool,
    diagnosis: Diagnosis,
    turns: Turns,
    looked_for_postponed_at: Option<Timestamp>,
}

/// What to do after a step.
enum NextStep {
    /// The next step at once.
    Continue,
    /// Wait so long, or until a row is inserted.
    Wait(Duration),
    /// Wait so long, also if a row is inserted.
    Pause(Duration),
}

/// A row that this worker has leased.
struct Leased<T> {
    id: i64,
    lease: Lease,
    until: Timestamp,
    item: Result<Option<T>, StoreError>,
}

impl<'a, K: DeliveryKind> Worker<'a, K> {
    pub(super) fn new(app: &'a App, kind: K) -> Self {
        Self {
            app,
            kind,
            outage: OutageBackoff::default(),
            is_refused: false,
            diagnosis: Diagnosis::default(),
            turns: Turns::default(),
            looked_for_postponed_at: None,
        }
    }

    /// Delivers until `stopped` is true; finishes the current delivery first.
    pub(super) async fn run(mut self, stopped: &mut watch::Receiver<bool>) {
        while !*stopped.borrow() {
            let next = self.step().await.unwrap_or_else(|error| {
                log_store_error(&error);
                NextStep::Pause(POLL)
            });
            let wait = async {
                match next {
                    NextStep::Continue => {}
                    NextStep::Wait(span) => {
                        let _ = tokio::time::timeout(span, self.kind.woken()).await;
                    }
                    NextStep::Pause(span) => tokio::time::sleep(span).await,
                }
            };
            tokio::select! {
                () = wait => {}
                _ = stopped.wait_for(|stop| *stop) => {}
            }
        }
        self.kind.close().await;
    }

    /// Delivers one row, if one is due.
    async fn step(&mut self) -> Result<NextStep, StoreError> {
        let now = self.app.clock.now();
        self.make_postponed_due(now).await?;
        let due = self.app.store.read(|conn| K::QUEUE.next_due(conn)).await?;
        if due.is_none_or(|due| due > now) {
            self.kind.close().await;
            return Ok(NextStep::Wait(due.map_or(POLL, |due| due.since(now).min(POLL))));
        }
        // Other workers may have leased what is due.
        let Some(leased) = self.lease().await? else { return Ok(NextStep::Wait(POLL)) };
        match leased.item {
            Ok(Some(item)) => self.attempt(leased.id, &leased.lease, leased.until, &item).await,
            // The row was deleted after the lease.
            Ok(None) => Ok(NextStep::Continue),
            Err(error @ StoreError::Unreadable(_)) => {
                self.kind.log(DeliveryEvent::Unreadable(&error));
                Ok(NextStep::Continue)
            }
            Err(error) => Err(error),
        }
    }

    /// Makes rows due that wait longer than any pause lasts: the clock was ahead when they were written.
    async fn make_postponed_due(&mut self, now: Timestamp) -> Result<(), StoreError> {
        let looked = self.looked_for_postponed_at;
        if looked.is_some_and(|at| at <= now && now.since(at) < POSTPONED_INTERVAL) {
            return Ok(());
        }
        self.looked_for_postponed_at = Some(now);
        let limit = self.kind.time_limit();
        let longest = move |row: &PostponedRow| match row.is_leased {
            0 => longest_wait(row.attempts).max(limit) + LEASE_MARGIN,
            _ => limit + LEASE_MARGIN * 2,
        };
        let after = now.plus(longest_wait(0));
        let rows = self.app.store.read(move |conn| K::QUEUE.postponed(conn, after, POSTPONED_BATCH)).await?;
        let too_late = |row: &PostponedRow| Timestamp::from_micros(row.due_at) > now.plus(longest(row));
        let rows: Vec<PostponedRow> = rows.into_iter().filter(too_late).collect();
        if rows.is_empty() {
            return Ok(());
        }
        self.app.store.write(move |tx| rows.iter().try_for_each(|row| K::QUEUE.make_due(tx, row, now))).await
    }

    async fn lease(&self) -> Result<Option<Leased<K::Item>>, StoreError> {
        let (now, turn) = (self.app.clock.now(), self.turns.next());
        let until = now.plus(self.kind.time_limit() + LEASE_MARGIN);
        self.app
            .store
            .write(move |tx| {
                let lease = Lease::random();
                let Some(id) = K::QUEUE.lease(tx, turn, now, until, &lease)? else { return Ok(None) };
                // An unreadable row stays leased, or it would be the next one again.
                match K::read(tx, id) {
                    Err(error) if !matches!(error, StoreError::Unreadable(_)) => Err(error),
                    item => Ok(Some(Leased { id, lease, until, item })),
                }
            })
            .await
    }

    async fn attempt(
        &mut self,
        id: i64,
        lease: &Lease,
        until: Timestamp,
        item: &K::Item,
    ) -> Result<NextStep, StoreError> {
        if let Some(reason) = self.kind.obsolete(item).await? {
            self.kind.log(DeliveryEvent::Dropped(item));
            self.record(id, lease, until, item, DeliveryOutcome::Dropped(reason)).await;
            return Ok(NextStep::Continue);
        }
        // The machine may have been suspended since the lease: then the time left is too short.
        if self.app.clock.now().plus(self.kind.time_limit()) >= until {
            return Ok(NextStep::Continue);
        }
        let begun = self.app.clock.now();
        let (_, system) = K::receiver(item);
        if let Some(due_at) = self.diagnosis.rests_until(system, begun) {
            let outcome = DeliveryOutcome::PutBack { error: None, due_at, is_refused: false };
            self.record(id, lease, until, item, outcome).await;
            return Ok(NextStep::Continue);
        }
        let delivered = self.kind.deliver(item).await;
        let now = self.app.clock.now();
        self.diagnosis.record_duration(system, now.since(begun), now);
        let (outcome, next) = match delivered {
            Ok(()) => {
                self.diagnosis.record_success();
                self.turns.record_success();
                self.record_contact();
                self.kind.log(DeliveryEvent::Sent(item));
                (DeliveryOutcome::Sent, NextStep::Continue)
            }
            Err(failure) => self.after_failure(id, item, failure, now).await?,
        };
        self.record(id, lease, until, item, outcome).await;
        Ok(next)
    }

    /// What becomes of an item that was not delivered, and of the worker.
    async fn after_failure(
        &mut self,
        id: i64,
        item: &K::Item,
        failure: DeliveryFailure,
        now: Timestamp,
    ) -> Result<(DeliveryOutcome, NextStep), StoreError> {
        self.turns.record_failure();
        let is_proven_alone = match K::refused_since(item) {
            Some(since) => self.app.store.read(move |conn| K::QUEUE.has_delivered_since(conn, since)).await?,
            None => false,
        };
        let DeliveryFailure { scope, is_permanent, likeness, .. } = &failure;
        let ((receiver, _), is_permanent) = (K::receiver(item), *is_permanent);
        let meaning = self.diagnosis.record_failure(&Failed {
            id,
            receiver,
            is_proven_alone,
            scope: *scope,
            is_permanent,
            likeness,
        });
        match meaning {
            Meaning::One { is_permanent } => {
                // The receiver answers, so nothing keeps others from being delivered, unless it refuses all.
                if !self.is_refused {
                    self.record_contact();
                }
                Ok((self.after_rejection(item, failure.stored, is_permanent), NextStep::Continue))
            }
            Meaning::Unreachable => {
                let pause = self.begin_outage(&failure, false).await;
                let put_back =
                    DeliveryOutcome::PutBack { error: Some(failure.stored), due_at: now, is_refused: false };
                Ok((put_back, NextStep::Pause(pause)))
            }
            Meaning::Refused(earlier) => {
                let (due_at, next) = self.after_refusal(id, &failure, now).await;
                self.revive(earlier, due_at, now).await?;
                let put_back =
                    DeliveryOutcome::PutBack { error: Some(failure.stored), due_at, is_refused: true };
                Ok((put_back, next))
            }
        }
    }

    /// When an item is due again that was refused as it seems all are, and what the worker does: it tries some
    /// others, of which one may be accepted, and then pauses.
    async fn after_refusal(
        &mut self,
        id: i64,
        failure: &DeliveryFailure,
        now: Timestamp,
    ) -> (Timestamp, NextStep) {
        let last = self.outage.pause().filter(|_| self.is_refused);
        match (self.turns.record_refusal(id, last.is_none()), last) {
            (false, Some(pause)) => (now.plus(pause), NextStep::Continue),
            _ => {
                let pause = self.begin_outage(failure, true).await;
                (now.plus(pause), NextStep::Wait(pause))
            }
        }
    }

    /// Records a failure that concerns all items, and logs the first one. Answers how long to pause.
    async fn begin_outage(&mut self, failure: &DeliveryFailure, is_refused: bool) -> Duration {
        let (pause, is_new) = self.outage.record_failure();
        self.is_refused = is_refused;
        if is_new {
            let waiting = self.app.store.read(|conn| K::QUEUE.count(conn, DeliveryState::Waiting)).await;
            let (waiting, message, hint) = (waiting.unwrap_or(1), failure.message.as_str(), failure.hint);
            self.kind.log(DeliveryEvent::OutageBegan { waiting, message, hint });
        }
        pause
    }

    /// Makes items wait again that were thought to be the only ones refused.
    async fn revive(&self, ids: Vec<i64>, due_at: Timestamp, now: Timestamp) -> Result<(), StoreError> {
        if ids.is_empty() {
            return Ok(());
        }
        let revive = move |tx: &mut Tx<'_>| {
            ids.iter().try_fold(0, |revived, id| {
                Ok::<_, StoreError>(revived + usize::from(K::QUEUE.revive(tx, *id, due_at, now)?))
            })
        };
        let revived = self.app.store.write(revive).await?;
        self.kind.log(DeliveryEvent::Revived(revived));
        Ok(())
    }

    fn record_contact(&mut self) {
        self.is_refused = false;
        if self.outage.record_contact() {
            self.kind.log(DeliveryEvent::OutageEnded);
        }
    }

    fn after_rejection(&self, item: &K::Item, stored: String, is_permanent: bool) -> DeliveryOutcome {
        let attempts = K::attempts(item).saturating_add(1);
        if is_permanent || attempts >= self.kind.max_attempts() {
            self.kind.log(DeliveryEvent::GivenUp(item));
            return DeliveryOutcome::Dead(stored);
        }
        DeliveryOutcome::RetryAt(stored, self.app.clock.now().plus(retry_pause(attempts)))
    }

    /// Records the outcome, with retries until the lease ends: after that another worker has the row.
    async fn record(
        &self,
        id: i64,
        lease: &Lease,
        until: Timestamp,
        item: &K::Item,
        outcome: DeliveryOutcome,
    ) {
        loop {
            let (now, lease, outcome) = (self.app.clock.now(), lease.clone(), outcome.clone());
            let recorded =
                self.app.store.write(move |tx| K::QUEUE.finish(tx, id, &lease, &outcome, now)).await;
            match recorded {
                Ok(true) => return,
                Ok(false) => {
                    self.kind.log(DeliveryEvent::LeaseLost(item));
                    return;
                }
                Err(error) => log_store_error(&error),
            }
            if self.app.clock.now() >= until {
                return;
            }
            tokio::time::sleep(RECORD_RETRY).await;
        }
    }
}

/// Logs an error of the outbox, unless the store has.
pub(super) fn log_store_error(error: &StoreError) {
    if !error.is_logged() {
        tracing::error!("the outbox cannot be used: {error}");
    }
}
