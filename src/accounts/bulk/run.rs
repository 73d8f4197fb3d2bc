//! Works on a bulk action in batches, so that no other write waits long. The change of each user, its audit entry
//! and the note of what became of the user are all or nothing, so another process can go on at any point.

use std::time::Duration;

use crate::accounts::administration::send_mail;
use crate::accounts::bulk::action::BulkAction;
use crate::accounts::deletion::request_deletion;
use crate::accounts::email::request_mail::MailRequest;
use crate::accounts::sessions::end_session::end_sessions_of;
use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::{Actor, ActorKind};
use crate::accounts::shared::administrators::{LoginAbility, require_another_administrator};
use crate::accounts::shared::change_user;
use crate::accounts::shared::eligibility::SkipReason;
use crate::accounts::shared::notices;
use crate::accounts::shared::notices::UserNotice;
use crate::app::App;
use crate::store::tables::bulk_actions;
use crate::store::tables::bulk_actions::{BulkRecord, BulkState};
use crate::store::tables::bulk_users;
use crate::store::tables::bulk_users::{BulkResult, BulkUser, CHANGED};
use crate::store::tables::sessions::ExceptSession;
use crate::store::tables::users;
use crate::store::tables::users::Change;
use crate::store::{StoreError, Tx};
use crate::types::{BulkId, Email, Timestamp, User, UserId};

/// Users changed in one transaction, which takes some milliseconds.
const BATCH: usize = 100;

/// The pause after each transaction, in which other processes can write to an SQLite file.
const PAUSE: Duration = Duration::from_millis(10);

/// How long no other process takes an action over after each batch.
pub(super) const LEASE: Duration = Duration::from_secs(30);

/// Works on an action until it is done, stopped, or taken over by another process. If the store fails, the next
/// process goes on, at the earliest now.
pub(super) async fn run(app: &App, id: BulkId, lease: String) -> Result<(), StoreError> {
    let outcome = work(app, id, &lease).await;
    if let Err(error) = &outcome {
        tracing::warn!(%error, bulk = %id, "a bulk action was interrupted, and goes on by itself");
        let now = app.clock.now();
        // If this fails, too, the lease ends by itself.
        let _ = app.store.write(move |tx| bulk_actions::release(tx, id, &lease, now)).await;
    }
    outcome
}

async fn work(app: &App, id: BulkId, lease: &str) -> Result<(), StoreError> {
    let (ability, wait) = (LoginAbility::of(app), app.config.account.delete_after);
    let mut after = UserId::new(0);
    loop {
        let (lease, now, ability) = (lease.to_owned(), app.clock.now(), ability.clone());
        let batch = move |tx: &mut Tx<'_>| {
            let record = bulk_actions::lock(tx, id)?;
            let record =
                record.filter(|record| record.lease.as_ref() == Some(&lease) && record.state.is_open());
            let Some(record) = record else { return Ok(None) };
            match BulkRun::of(record, ability, wait, now) {
                Some(run) => run.batch(tx, after),
                // A later version has begun an action that this one does not know.
                None => Ok(None),
            }
        };
        match app.store.write::<_, StoreError, _>(batch).await? {
            Some(last) => after = last,
            None => break,
        }
        tokio::time::sleep(PAUSE).await;
    }
    app.mailer.wake();
    Ok(())
}

/// A bulk action, and what each of its batches needs.
struct BulkRun {
    action: BulkAction,
    record: BulkRecord,
    by: Actor,
    ability: LoginAbility,
    /// `account.delete_after`.
    wait: Duration,
    now: Timestamp,
}

impl BulkRun {
    fn of(record: BulkRecord, ability: LoginAbility, wait: Duration, now: Timestamp) -> Option<Self> {
        let action = BulkAction::named(&record.action)?;
        let by = Actor {
            kind: ActorKind::Administrator(record.actor),
            address: record.address.as_deref().and_then(|address| address.parse().ok()),
            user_agent: record.user_agent.clone(),
            language: None,
            bulk: Some(record.id),
        };
        Some(Self { action, record, by, ability, wait, now })
    }

    /// Works on the next users; answers the last of them, or `None` at the end.
    fn batch(&self, tx: &mut Tx<'_>, after: UserId) -> Result<Option<UserId>, StoreError> {
        // Before any user, as everywhere: otherwise two transactions could deadlock.
        users::lock_administrators(tx)?;
        let id = self.record.id;
        let administrator = users::by_id(tx, self.record.actor)?;
        if !administrator.is_some_and(|user| user.is_active && user.is_admin) {
            bulk_actions::end(tx, id, BulkState::Stopped, 0, self.now)?;
            return Ok(None);
        }
        let next = bulk_users::next_users(tx, id, after, BATCH)?;
        let Some(last) = next.last().map(|user| user.id) else {
            let BulkRecord { total, changed, skipped, .. } = self.record;
            bulk_actions::end(tx, id, BulkState::Done, total.saturating_sub(changed + skipped), self.now)?;
            return Ok(None);
        };
        let mut results = Vec::with_capacity(next.len());
        for user in &next {
            results.push(self.one(tx, user)?);
        }
        bulk_actions::record(tx, &self.record, &results, self.now, self.now.plus(LEASE))?;
        Ok(Some(last))
    }

    fn one(&self, tx: &mut Tx<'_>, user: &BulkUser) -> Result<BulkResult, StoreError> {
        let mut result = BulkResult { user: user.id, outcome: CHANGED, recovery_email: None };
        let Some(locked) = users::lock(tx, user.id)? else {
            result.outcome = SkipReason::Changed.word();
            return Ok(result);
        };
        if let Some(reason) = self.skip_reason(tx, user, &locked)? {
            result.outcome = reason.word();
            return Ok(result);
        }
        match self.record.undoes {
            Some(_) => self.undo(tx, &locked, user.recovery_email.as_ref())?,
            None => self.change(tx, &locked)?,
        }
        if self.action == BulkAction::Confirm {
            result.recovery_email.clone_from(&locked.recovery_email);
        }
        Ok(result)
    }

    fn skip_reason(
        &self,
        tx: &mut Tx<'_>,
        user: &BulkUser,
        locked: &User,
    ) -> Result<Option<SkipReason>, StoreError> {
        let is_undo = self.record.undoes.is_some();
        let is_same = user.email.as_ref().is_none_or(|email| *email == locked.email)
            && user.version.is_none_or(|version| version == locked.updated_at);
        if !is_same {
            return Ok(Some(SkipReason::Changed));
        }
        if !is_undo && let Some(reason) = self.action.skip_reason(user.id, locked, Some(self.record.actor)) {
            return Ok(Some(reason));
        }
        // An undo of an activation deactivates.
        let removes =
            if is_undo { self.action == BulkAction::Activate } else { self.action.removes_administrator() };
        if !removes {
            return Ok(None);
        }
        match require_another_administrator(tx, locked, &self.ability) {
            Ok(()) => Ok(None),
            Err(AccountError::Store(error)) => Err(error),
            Err(_) => Ok(Some(SkipReason::LastAdministrator)),
        }
    }

    fn change(&self, tx: &mut Tx<'_>, user: &User) -> Result<(), StoreError> {
        let now = self.now;
        match self.action {
            BulkAction::Confirm => self.apply(tx, user, &Change::EmailConfirmed(true)),
            BulkAction::Activate => self.apply(tx, user, &Change::Active(true)),
            BulkAction::Deactivate => self.apply(tx, user, &Change::Active(false)),
            BulkAction::Restore => {
                self.apply(tx, user, &Change::DeletionCancelled)?;
                match self.record.sends_notice {
                    true => notices::deletion_cancelled(tx, user, now),
                    false => Ok(()),
                }
            }
            BulkAction::AskConfirmation => {
                send_mail::send(tx, user, MailRequest::ConfirmEmail, &self.by, now)
            }
            BulkAction::EndSessions => {
                let session = self.record.session_hash.as_deref();
                let except = session.map_or(ExceptSession::None, ExceptSession::Admin);
                end_sessions_of(tx, user, except, &self.by, now)
            }
            BulkAction::Delete => {
                let notice = if self.record.sends_notice { UserNotice::Send } else { UserNotice::Omit };
                request_deletion::request(tx, user, self.wait, notice, &self.by, now).map(|_| ())
            }
        }
    }

    /// Takes back what the undone action did to the user.
    fn undo(&self, tx: &mut Tx<'_>, user: &User, recovery: Option<&Email>) -> Result<(), StoreError> {
        match self.action {
            BulkAction::Activate => self.apply(tx, user, &Change::Active(false)),
            BulkAction::Deactivate => self.apply(tx, user, &Change::Active(true)),
            BulkAction::Confirm => {
                self.apply(tx, user, &Change::EmailConfirmed(false))?;
                match recovery {
                    Some(recovery) => users::set_recovery_email(tx, user.id, recovery),
                    None => Ok(()),
                }
            }
            BulkAction::AskConfirmation
            | BulkAction::EndSessions
            | BulkAction::Delete
            | BulkAction::Restore => Ok(()),
        }
    }

    fn apply(&self, tx: &mut Tx<'_>, user: &User, change: &Change) -> Result<(), StoreError> {
        change_user::apply(tx, user.id, change, self.now)?;
        let reason = self.record.reason.as_deref();
        self.by.record(tx, change_user::action(change), user, reason, self.now)
    }
}
