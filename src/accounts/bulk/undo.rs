//! Undoing a bulk action, and stopping one. An undo is a bulk action of its own, of the users that were changed.

use std::time::Duration;

use thiserror::Error;

use crate::accounts::bulk::action::BulkAction;
use crate::accounts::bulk::run;
use crate::accounts::bulk::run::LEASE;
use crate::accounts::bulk::start::{BulkOrder, new_lease, wait};
use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::accounts::shared::notices::UserNotice;
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::bulk_actions;
use crate::store::tables::bulk_actions::{BulkRecord, BulkState};
use crate::store::tables::bulk_users;
use crate::store::{StoreError, Tx};
use crate::types::{BrowserKey, BulkId, Timestamp, UserId};

/// How long after its end a bulk action can be undone.
pub(crate) const UNDO_WITHIN: Duration = Duration::from_secs(3600);

/// Why a bulk action is not undone.
#[derive(Debug, Error)]
pub(crate) enum UndoBulkError {
    /// There is no such action (any more).
    #[error("there is no such bulk action")]
    NotFound,
    /// It is still running, changed no user, is an undo itself, or cannot be undone.
    #[error("this bulk action cannot be undone")]
    Impossible,
    /// It ended more than [`UNDO_WITHIN`] ago.
    #[error("this bulk action can no longer be undone")]
    TooLate,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Until when a bulk action can be undone; `None` if it cannot. Whether it was is not looked at.
pub(crate) fn undoable_until(record: &BulkRecord, now: Timestamp) -> Option<Timestamp> {
    check(record, now).ok()
}

fn check(record: &BulkRecord, now: Timestamp) -> Result<Timestamp, UndoBulkError> {
    let can_be_undone = BulkAction::named(&record.action).is_some_and(BulkAction::can_be_undone);
    let Some(ended_at) =
        record.ended_at.filter(|_| can_be_undone && record.undoes.is_none() && record.changed > 0)
    else {
        return Err(UndoBulkError::Impossible);
    };
    let until = ended_at.plus(UNDO_WITHIN);
    // An end in the future is of a clock that was wrong.
    if ended_at <= now && now <= until { Ok(until) } else { Err(UndoBulkError::TooLate) }
}

/// Restores what the action changed, and only that: users who were changed again since are skipped. Sessions that
/// ended stay ended, and links that stopped working do not work again. A second undo answers the first one.
///
/// # Errors
/// Why it is not undone.
pub(crate) async fn undo_bulk(
    app: &App,
    id: BulkId,
    administrator: UserId,
    key: &BrowserKey,
    by: &Actor,
) -> Result<BulkRecord, UndoBulkError> {
    let (lease, now, by, key, clone) = (new_lease(), app.clock.now(), by.clone(), key.clone(), app.clone());
    let own_lease = lease.clone();
    let begin = move |tx: &mut Tx<'_>| {
        let record = bulk_actions::lock(tx, id)?.ok_or(UndoBulkError::NotFound)?;
        if let Some(undo) = bulk_actions::undo_of(tx, id)? {
            return Ok((undo, false));
        }
        check(&record, now)?;
        let action = BulkAction::named(&record.action).ok_or(UndoBulkError::Impossible)?;
        let order = BulkOrder {
            action,
            users: Vec::new(),
            reason: None,
            notice: UserNotice::Omit,
            administrator,
            key,
        };
        let mut new = order.record(&by, &lease, Some(id), &clone);
        new.total = record.changed;
        let undo = bulk_actions::insert(tx, &new, now)?;
        bulk_users::add_changed_users(tx, undo, id)?;
        bulk_actions::lease(tx, undo, BulkState::Running, &lease, now.plus(LEASE))?;
        record_action(tx, &by, Action::BulkUndone, undo, id, now)?;
        Ok::<_, UndoBulkError>((undo, true))
    };
    let (undo, is_new) = app.store.write(begin).await?;
    let running = app.clone();
    let work =
        tokio::spawn(async move { if is_new { run::run(&running, undo, own_lease).await } else { Ok(()) } });
    Ok(wait(app, undo, work).await?)
}

/// Stops an action: the users that it has not come to stay as they are. Does nothing to one that has ended, nor to an
/// undo: what an action changed is restored whole.
///
/// # Errors
/// If the store fails.
pub(crate) async fn stop_bulk(app: &App, id: BulkId, by: &Actor) -> Result<(), StoreError> {
    let (now, by) = (app.clock.now(), by.clone());
    let stop = move |tx: &mut Tx<'_>| match bulk_actions::lock(tx, id)? {
        Some(bulk) if bulk.state.is_open() && bulk.undoes.is_none() => {
            bulk_actions::end(tx, id, BulkState::Stopped, 0, now)?;
            record_action(tx, &by, Action::BulkStopped, id, id, now)
        }
        _ => Ok(()),
    };
    app.store.write(stop).await
}

/// Writes the audit entry about the action `about`, as a part of the action `bulk`.
fn record_action(
    tx: &mut Tx<'_>,
    by: &Actor,
    action: Action,
    bulk: BulkId,
    about: BulkId,
    now: Timestamp,
) -> Result<(), StoreError> {
    let by = Actor { bulk: Some(bulk), ..by.clone() };
    by.record(tx, action, None::<AuditSubject<'_>>, Some(&format!("#{about}")), now)
}
