//! The same small verb for many users. Called by the admin. Each user's change and audit row are
//! all or nothing; the whole is done in steps, so that nobody else waits long for a write.

use crate::accounts::administration::activation::shut_out;
use crate::accounts::administration::administrators::{lock_administrators, require_another_administrator};
use crate::accounts::administration::delete_user::remove;
use crate::accounts::administration::send_mail;
use crate::accounts::email::confirm_email;
use crate::accounts::sessions::end_session::end_all;
use crate::accounts::shared::actor::{Actor, ActorKind};
use crate::accounts::shared::change_user::{AccountError, apply};
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::store::queries::user_list::ListedUser;
use crate::store::tables::audit::Action;
use crate::store::tables::one_time_keys::Purpose;
use crate::store::tables::users;
use crate::store::tables::users::Change;
use crate::store::{StoreError, Tx};
use crate::types::{AdminKey, Timestamp, User, UserId};

/// How many users are changed in one write. A write of so many takes some milliseconds, and others
/// have their turn between two of them.
const STEP: usize = 100;

/// What can be done to many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BulkAction {
    /// As `confirm_email`.
    Confirm,
    /// As `send_letter`, of a mail that asks to confirm the address.
    AskConfirmation,
    /// As `activate`.
    Activate,
    /// As `deactivate`.
    Deactivate,
    /// As `end_all_sessions`.
    EndSessions,
    /// As `delete_user`.
    Delete,
}

/// Why one of many is left alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum SkipReason {
    /// It is the administrator who asks.
    Oneself,
    /// The email is confirmed already.
    Confirmed,
    /// The account is active already.
    Active,
    /// The account is inactive (already).
    Inactive,
}

/// What became of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BulkOutcome {
    /// To so many it was done.
    pub done: u64,
    /// So many were left alone: they are gone, not as they were seen, spared, or the last
    /// administrator.
    pub left: u64,
}

/// What the rules of [`BulkAction::spares`] ask about a user.
struct Facts {
    id: UserId,
    is_email_confirmed: bool,
    is_active: bool,
}

impl BulkAction {
    /// Why `user` would be left alone if `oneself` did this to them; `None` if they would not be.
    #[must_use]
    pub(crate) fn spares(self, user: &ListedUser, oneself: UserId) -> Option<SkipReason> {
        let ListedUser { is_email_confirmed, is_active, .. } = *user;
        self.rule(&Facts { id: user.id(), is_email_confirmed, is_active }, Some(oneself))
    }

    fn rule(self, user: &Facts, oneself: Option<UserId>) -> Option<SkipReason> {
        let is_oneself = Some(user.id) == oneself;
        match self {
            Self::Deactivate | Self::Delete if is_oneself => Some(SkipReason::Oneself),
            Self::Confirm | Self::AskConfirmation if user.is_email_confirmed => Some(SkipReason::Confirmed),
            Self::AskConfirmation | Self::Deactivate if !user.is_active => Some(SkipReason::Inactive),
            Self::Activate if user.is_active => Some(SkipReason::Active),
            _ => None,
        }
    }

    /// The user as this concerns them: it is for the address that was seen, where it is about that.
    #[must_use]
    pub(crate) fn target(self, user: &ListedUser) -> UserRef {
        match self {
            Self::Confirm | Self::AskConfirmation => UserRef::at(user.id(), user.email()),
            _ => user.id().into(),
        }
    }
}

/// ActorKind does it: what a step needs to know of them.
#[derive(Clone)]
struct BulkActor {
    by: Actor,
    oneself: Option<UserId>,
    /// Their session in the admin, which outlasts everything but their own deletion.
    key: AdminKey,
    /// `registration.hide_existing`.
    hides: bool,
}

/// Does `what` to each of them, on the word of an administrator, whose session `kept` is. Goes on to the
/// end even if whoever asked does not wait for it.
///
/// # Errors
/// If the store fails; what was done before that stays done.
pub(crate) async fn change_many(
    app: &App,
    targets: Vec<UserRef>,
    what: BulkAction,
    kept: &AdminKey,
    by: &Actor,
) -> Result<BulkOutcome, StoreError> {
    let oneself = match by.who {
        ActorKind::Administrator(id) => Some(id),
        _ => None,
    };
    let hides = app.config.registration.hide_existing;
    let doer = BulkActor { by: by.clone(), oneself, key: kept.clone(), hides };
    let app = app.clone();
    let work = tokio::spawn(async move { all(&app, targets, what, doer).await });
    work.await.map_err(|_| StoreError::Interrupted)?
}

async fn all(
    app: &App,
    targets: Vec<UserRef>,
    what: BulkAction,
    doer: BulkActor,
) -> Result<BulkOutcome, StoreError> {
    let mut outcome = BulkOutcome::default();
    for step in targets.chunks(STEP) {
        let (step, doer, now) = (step.to_vec(), doer.clone(), app.clock.now());
        let size = step.len() as u64;
        let done = app
            .store
            .write(move |tx| {
                if matches!(what, BulkAction::Deactivate | BulkAction::Delete) {
                    // Before any user, as everybody does, so that no two wait for each other.
                    lock_administrators(tx)?;
                }
                let mut done = 0;
                for target in step {
                    done += u64::from(one(tx, &target, what, &doer, now)?);
                }
                Ok::<u64, StoreError>(done)
            })
            .await?;
        outcome.done += done;
        outcome.left += size.saturating_sub(done);
    }
    if what == BulkAction::AskConfirmation {
        app.mailer.wake();
    }
    Ok(outcome)
}

/// Whether it was done to this one.
fn one(
    tx: &mut Tx<'_>,
    target: &UserRef,
    what: BulkAction,
    doer: &BulkActor,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let Some(user) = users::hold(tx, target.id)? else { return Ok(false) };
    let User { id, is_email_confirmed, is_active, .. } = user;
    let facts = Facts { id, is_email_confirmed, is_active };
    if !target.is(&user) || what.rule(&facts, doer.oneself).is_some() {
        return Ok(false);
    }
    match change(tx, &user, target, what, doer, now) {
        Ok(()) => Ok(true),
        Err(AccountError::NotFound | AccountError::Changed | AccountError::LastAdministrator) => Ok(false),
        Err(AccountError::Store(error)) => Err(error),
    }
}

fn change(
    tx: &mut Tx<'_>,
    user: &User,
    target: &UserRef,
    what: BulkAction,
    doer: &BulkActor,
    now: Timestamp,
) -> Result<(), AccountError> {
    let id = user.id;
    let action = match what {
        BulkAction::Confirm => {
            apply(tx, target, &Change::EmailConfirmed(true), doer.hides, now)?;
            confirm_email::drop_keys(tx, id)?;
            Action::EmailConfirmed
        }
        BulkAction::Activate => {
            apply(tx, target, &Change::Active(true), doer.hides, now)?;
            Action::Activated
        }
        BulkAction::Deactivate => {
            apply(tx, target, &Change::Active(false), doer.hides, now)?;
            shut_out(tx, id, now)?;
            Action::Deactivated
        }
        BulkAction::AskConfirmation => {
            return Ok(send_mail::send(tx, user, Purpose::ConfirmEmail, &doer.by, now)?);
        }
        BulkAction::EndSessions => return Ok(end_all(tx, user, Some(&doer.key), &doer.by, now)?),
        BulkAction::Delete => {
            require_another_administrator(tx, id, doer.hides)?;
            return Ok(remove(tx, user, &doer.by, now)?);
        }
    };
    Ok(doer.by.record(tx, action, Some((id, user.username.as_str())), now)?)
}
