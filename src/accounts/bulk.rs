//! The same small verb for many users. Called by the admin. Each user's change and audit row are
//! all or nothing; the whole is done in steps, so that nobody else waits long for a write.

use super::activation::shut_out;
use super::actor::Actor;
use super::confirm_email;
use super::delete_user::remove;
use super::verb::{AccountError, apply, keep_an_administrator};
use crate::app::App;
use crate::store::audit::Action;
use crate::store::users::{self, Change};
use crate::store::{StoreError, Tx};
use crate::types::{Timestamp, UserId};

/// How many users are changed in one write.
const STEP: usize = 100;

/// What can be done to many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bulk {
    /// As `confirm_email`.
    Confirm,
    /// As `activate`.
    Activate,
    /// As `deactivate`.
    Deactivate,
    /// As `delete_user`.
    Delete,
}

/// What became of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BulkOutcome {
    /// So many were changed.
    pub done: u64,
    /// So many were not: they are gone, or the last administrator.
    pub passed_over: u64,
}

/// Does `what` to each of them.
///
/// # Errors
/// If the store fails; what was done before that stays done.
pub async fn change_many(
    app: &App,
    ids: Vec<UserId>,
    what: Bulk,
    reason: Option<String>,
    by: &Actor,
) -> Result<BulkOutcome, StoreError> {
    let mut outcome = BulkOutcome::default();
    for step in ids.chunks(STEP) {
        let (step, reason, by, now) = (step.to_vec(), reason.clone(), by.clone(), app.clock.now());
        let done = app
            .store
            .write(move |tx| {
                let mut done = 0;
                for id in step {
                    done += u64::from(one(tx, id, what, reason.as_deref(), &by, now)?);
                }
                Ok::<u64, StoreError>(done)
            })
            .await?;
        outcome.done += done;
    }
    outcome.passed_over = (ids.len() as u64).saturating_sub(outcome.done);
    Ok(outcome)
}

/// Whether it was done to this one.
fn one(
    tx: &mut Tx<'_>,
    id: UserId,
    what: Bulk,
    reason: Option<&str>,
    by: &Actor,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(user) = users::hold(tx, id)? else { return Ok(false) };
    let (action, changed) = match what {
        Bulk::Confirm => (Action::EmailConfirmed, apply(tx, id, &Change::EmailConfirmed(true), now)),
        Bulk::Activate => (Action::Activated, apply(tx, id, &Change::Active(true), now)),
        Bulk::Deactivate => (Action::Deactivated, apply(tx, id, &Change::Active(false), now)),
        Bulk::Delete => (Action::Deleted, keep_an_administrator(tx, id)),
    };
    match changed {
        Ok(()) => {}
        Err(AccountError::NotFound | AccountError::LastAdministrator) => return Ok(false),
        Err(AccountError::Store(error)) => return Err(error),
    }
    match what {
        Bulk::Confirm => confirm_email::drop_keys(tx, id)?,
        Bulk::Activate => {}
        Bulk::Deactivate => shut_out(tx, id, now)?,
        Bulk::Delete => {
            remove(tx, &user, by, now)?;
            return Ok(true);
        }
    }
    by.record_with(tx, action, Some((id, user.username.as_str())), reason, now)?;
    Ok(true)
}
