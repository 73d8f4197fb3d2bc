//! One action on many users. Called by the admin. The change of each user and its audit entry are all or
//! nothing; the whole runs in batches, so that no other write waits long.

use crate::accounts::administration::delete_user;
use crate::accounts::administration::send_mail;
use crate::accounts::email::request_mail::MailRequest;
use crate::accounts::sessions::end_session::end_sessions_of;
use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::{Actor, ActorKind};
use crate::accounts::shared::administrators::require_another_administrator;
use crate::accounts::shared::change_user;
use crate::accounts::shared::eligibility::{RequiredState, SkipReason, UserState};
use crate::accounts::shared::enumeration::ExistencePolicy;
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::store::queries::user_list::ListedUser;
use crate::store::tables::sessions::ExceptSession;
use crate::store::tables::users;
use crate::store::tables::users::Change;
use crate::store::{StoreError, Tx};
use crate::types::{BrowserKey, Timestamp, User, UserId};

/// Users changed in one transaction, which takes some milliseconds.
const BATCH: usize = 100;

/// An action on many users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BulkAction {
    /// As `confirm_email`.
    Confirm,
    /// As `send_mail`, of a mail that asks to confirm the address.
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

/// How many users a bulk action affected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct BulkOutcome {
    /// Users that the action was done to.
    pub done: u64,
    /// Users that were skipped: gone, changed, not in the required state, or the last administrator.
    pub skipped: u64,
}

impl BulkAction {
    /// The state in which the action has an effect on a user.
    pub(crate) const fn required_state(self) -> RequiredState {
        let (is_email_confirmed, is_active) = match self {
            Self::Confirm => (Some(false), None),
            Self::AskConfirmation => return MailRequest::ConfirmEmail.required_state(),
            Self::Activate => (None, Some(false)),
            Self::Deactivate => (None, Some(true)),
            Self::EndSessions | Self::Delete => (None, None),
        };
        RequiredState { is_email_confirmed, is_active }
    }

    /// Why the action would skip the user; `None` if it would not. Administrators cannot remove themselves
    /// by a bulk action.
    pub(crate) fn skip_reason(
        self,
        id: UserId,
        state: impl Into<UserState>,
        administrator: Option<UserId>,
    ) -> Option<SkipReason> {
        if matches!(self, Self::Deactivate | Self::Delete) && administrator == Some(id) {
            return Some(SkipReason::Oneself);
        }
        self.required_state().skip_reason(state)
    }

    /// A reference to the listed user: one that the action is about the address of is only meant with that
    /// address.
    pub(crate) fn user_ref(self, user: &ListedUser) -> UserRef {
        match self {
            Self::Confirm | Self::AskConfirmation => UserRef::if_email_is(user.id(), user.email()),
            _ => user.id().into(),
        }
    }

    /// Whether the action could take an administrator away.
    const fn removes_administrator(self) -> bool {
        matches!(self, Self::Deactivate | Self::Delete)
    }
}

/// A bulk action, and what each of its batches needs.
#[derive(Clone)]
struct BulkRun {
    action: BulkAction,
    by: Actor,
    /// The administrator's session in the admin: ending sessions spares it.
    key: BrowserKey,
    policy: ExistencePolicy,
}

/// Does `action` to each of the users. `key` is the session of the administrator. Runs to the end even if
/// the client does not wait for it.
///
/// # Errors
/// If the store fails; the batches before that stay done.
pub(crate) async fn change_many(
    app: &App,
    users: Vec<UserRef>,
    action: BulkAction,
    key: &BrowserKey,
    by: &Actor,
) -> Result<BulkOutcome, StoreError> {
    let run = BulkRun { action, by: by.clone(), key: key.clone(), policy: ExistencePolicy::of(app) };
    let app = app.clone();
    let work = tokio::spawn(async move { run.all(&app, &users).await });
    work.await.map_err(|_| StoreError::Interrupted)?
}

impl BulkRun {
    async fn all(self, app: &App, users: &[UserRef]) -> Result<BulkOutcome, StoreError> {
        let mut outcome = BulkOutcome::default();
        for batch in users.chunks(BATCH) {
            let (run, size, batch, now) = (self.clone(), batch.len() as u64, batch.to_vec(), app.clock.now());
            let done = app.store.write(move |tx| run.batch(tx, &batch, now)).await?;
            outcome.done += done;
            outcome.skipped += size.saturating_sub(done);
        }
        if self.action == BulkAction::AskConfirmation {
            app.mailer.wake();
        }
        Ok(outcome)
    }

    fn batch(&self, tx: &mut Tx<'_>, users: &[UserRef], now: Timestamp) -> Result<u64, StoreError> {
        if self.action.removes_administrator() {
            // Before any user, as everywhere: otherwise two transactions could deadlock.
            users::lock_administrators(tx)?;
        }
        let mut done = 0;
        for user in users {
            done += u64::from(self.one(tx, user, now)?);
        }
        Ok(done)
    }

    /// Answers whether the user was not skipped.
    fn one(&self, tx: &mut Tx<'_>, user: &UserRef, now: Timestamp) -> Result<bool, StoreError> {
        let Some(locked) = users::lock(tx, user.id)?.filter(|locked| user.matches(locked)) else {
            return Ok(false);
        };
        let administrator = match self.by.kind {
            ActorKind::Administrator(id) => Some(id),
            _ => None,
        };
        if self.action.skip_reason(locked.id, &locked, administrator).is_some() {
            return Ok(false);
        }
        if self.action.removes_administrator() {
            match require_another_administrator(tx, &locked, self.policy) {
                Ok(()) => {}
                Err(AccountError::Store(error)) => return Err(error),
                Err(_) => return Ok(false),
            }
        }
        self.change(tx, &locked, now)?;
        Ok(true)
    }

    fn change(&self, tx: &mut Tx<'_>, user: &User, now: Timestamp) -> Result<(), StoreError> {
        let change = match self.action {
            BulkAction::Confirm => Change::EmailConfirmed(true),
            BulkAction::Activate => Change::Active(true),
            BulkAction::Deactivate => Change::Active(false),
            BulkAction::AskConfirmation => {
                return send_mail::send(tx, user, MailRequest::ConfirmEmail, &self.by, now);
            }
            BulkAction::EndSessions => {
                return end_sessions_of(tx, user, ExceptSession::Admin(&self.key), &self.by, now);
            }
            BulkAction::Delete => return delete_user::delete(tx, user, &self.by, now),
        };
        change_user::apply(tx, user.id, &change, now)?;
        self.by.record(tx, change_user::action(&change), user, None, now)
    }
}
