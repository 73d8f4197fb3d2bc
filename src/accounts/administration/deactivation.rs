//! Who deactivated an account, when and why, as the audit log has it.

use crate::store::queries::user_activity;
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::store::{Conn, StoreError};
use crate::texts::Lang;
use crate::types::{Timestamp, User, UserId};

/// The deactivation of an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Deactivation {
    /// The kind of the actor.
    actor: String,
    /// The id of the acting user, and the username unless that account is deleted.
    user: Option<(i64, Option<String>)>,
    at: Timestamp,
    reason: Option<String>,
}

impl Deactivation {
    /// The last one of a user who is inactive for that reason; `None` for any other user, and if the audit log does not
    /// have it any more.
    pub(crate) fn of(conn: &mut Conn, user: &User) -> Result<Option<Self>, StoreError> {
        if user.is_active || user.deletion_due_at.is_some() {
            return Ok(None);
        }
        let Some(row) = user_activity::last(conn, user.id, Action::Deactivated)? else { return Ok(None) };
        let at = row.at();
        let by = match row.actor_id {
            Some(id) => {
                let found = users::by_id(conn, UserId::new(id))?;
                Some((id, found.map(|user| user.username.to_string())))
            }
            None => None,
        };
        Ok(Some(Self { actor: row.actor, user: by, at, reason: row.detail }))
    }

    /// As text, with the time relative to `now`.
    #[must_use]
    pub(crate) fn text(&self, t: Lang, now: Timestamp) -> String {
        let who = match &self.user {
            Some((_, Some(name))) => name.clone(),
            Some((id, None)) => t.audit_number(id),
            None => t.actor(&self.actor).to_owned(),
        };
        let done = t.deactivated_by(who, t.ago(self.at, now));
        match &self.reason {
            Some(reason) => format!("{done} {}", t.finding_reason(reason)),
            None => done,
        }
    }
}
