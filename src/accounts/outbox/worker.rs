//! The worker of a queue of deliveries: one in each process and for each kind.
//!
//! A row is leased for longer than its delivery may take, so that no other worker delivers it at the same
//! time. A worker that dies between the receiver's answer and the record of it leaves a row that is
//! delivered once more when the lease ends: at least once, and never lost.

use std::time::Duration;

use tokio::sync::watch;

use crate::accounts::outbox::backoff::{OutageBackoff, retry_pause};
use crate::accounts::outbox::delivery::{DeliveryEvent, DeliveryFailure, DeliveryKind};
use crate::app::App;
use crate::store::StoreError;
use crate::store::engine::delivery_queue::{DeliveryOutcome, DeliveryState, Lease};
use crate::types::Timestamp;

/// How often the table is read without a wake-up: another process may have inserted a row.
pub(super) const POLL: Duration = Duration::from_secs(5);

/// How much longer than a delivery a lease lasts: for the work around it, and for clocks that differ.
const LEASE_MARGIN: Duration = Duration::from_secs(60);

/// The pause between two attempts to record an outcome.
const RECORD_RETRY: Duration = Duration::from_secs(1);

/// How often rows that have ended are swept.
const SWEEP_INTERVAL: Duration = Duration::from_secs(60 * 60);

/// A worker of one kind of delivery.
pub(super) struct Worker<'a, K> {
    app: &'a App,
    kind: K,
    outage: OutageBackoff,
    sweep_at: Timestamp,
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
        Self { app, kind, outage: OutageBackoff::default(), sweep_at: app.clock.now() }
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
        if now >= self.sweep_at {
            self.sweep_at = now.plus(SWEEP_INTERVAL);
            let before = now.minus(self.kind.retention());
            self.app.store.write(move |tx| K::QUEUE.sweep(tx, before)).await?;
        }
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

    async fn lease(&self) -> Result<Option<Leased<K::Item>>, StoreError> {
        let now = self.app.clock.now();
        let until = now.plus(self.kind.time_limit() + LEASE_MARGIN);
        self.app
            .store
            .write(move |tx| {
                let lease = Lease::random();
                let Some(id) = K::QUEUE.lease(tx, now, until, &lease)? else { return Ok(None) };
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
        let (outcome, next) = match self.kind.deliver(item).await {
            Ok(()) => {
                self.record_contact();
                self.kind.log(DeliveryEvent::Sent(item));
                (DeliveryOutcome::Sent, NextStep::Continue)
            }
            Err(DeliveryFailure::Outage { stored, message, hint }) => {
                let (pause, is_new) = self.outage.record_failure();
                if is_new {
                    let waiting =
                        self.app.store.read(|conn| K::QUEUE.count(conn, DeliveryState::Waiting)).await;
                    let (waiting, message) = (waiting.unwrap_or(1), message.as_str());
                    self.kind.log(DeliveryEvent::OutageBegan { waiting, message, hint });
                }
                (DeliveryOutcome::PutBack(stored), NextStep::Pause(pause))
            }
            Err(DeliveryFailure::Rejected { stored, is_permanent }) => {
                self.record_contact();
                (self.after_rejection(item, stored, is_permanent), NextStep::Continue)
            }
        };
        self.record(id, lease, until, item, outcome).await;
        Ok(next)
    }

    fn record_contact(&mut self) {
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
