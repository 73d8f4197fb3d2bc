//! Changing the groups of a user, and deleting a group. Called by the admin's form and the command line.

use crate::accounts::shared::account_error::AccountError;
use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::accounts::shared::change_user;
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::store::tables::users::groups;
use crate::store::{StoreError, Tx};
use crate::types::{Timestamp, User};

/// A change of the groups of a user; each group by its exact name.
#[derive(Clone, Debug)]
pub(crate) enum GroupChange {
    /// The user is in exactly these groups. Those that do not exist are made.
    Set(Vec<String>),
    /// The user is in these groups, too. Those that do not exist are made.
    Add(Vec<String>),
    /// The user is not in these groups.
    Remove(Vec<String>),
}

impl GroupChange {
    /// The groups after the change of a user who is in `groups`.
    fn applied_to(self, groups: &[String]) -> Vec<String> {
        let mut after = match self {
            Self::Set(names) => names,
            Self::Add(names) => groups.iter().cloned().chain(names).collect(),
            Self::Remove(names) => groups.iter().filter(|name| !names.contains(name)).cloned().collect(),
        };
        let mut seen = std::collections::BTreeSet::new();
        after.retain(|name| seen.insert(name.clone()));
        after
    }
}

/// Changes the groups of a user; answers whether anything changed.
///
/// # Errors
/// [`AccountError::NotFound`] and [`AccountError::Changed`].
pub(crate) async fn change_groups(
    app: &App,
    user: impl Into<UserRef>,
    change: GroupChange,
    by: &Actor,
) -> Result<bool, AccountError> {
    let (now, by, user) = (app.clock.now(), by.clone(), user.into());
    let write = move |tx: &mut Tx<'_>| {
        let user = change_user::lock(tx, &user)?;
        Ok(apply(tx, &user, change, &by, now)?)
    };
    app.store.write(write).await
}

/// Changes the groups of a locked user, with the audit entry; answers whether anything changed.
pub(crate) fn apply(
    tx: &mut Tx<'_>,
    user: &User,
    change: GroupChange,
    by: &Actor,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let before = groups::of_user(tx, user.id)?;
    let after = change.applied_to(&before);
    let is_same = after.len() == before.len() && after.iter().all(|name| before.contains(name));
    if is_same {
        return Ok(false);
    }
    groups::set(tx, user.id, &after)?;
    users::touch(tx, user.id, now)?;
    let detail = format!("{} → {}", listed(&before), listed(&groups::of_user(tx, user.id)?));
    by.record(tx, Action::GroupsChanged, user, Some(&detail), now)?;
    Ok(true)
}

/// Names with commas between them; a dash for none.
fn listed(names: &[String]) -> String {
    if names.is_empty() { "–".to_owned() } else { names.join(", ") }
}

/// Deletes a group by its exact name; answers whether there was one. Its users stay.
pub(crate) async fn delete_group(app: &App, name: String, by: &Actor) -> Result<bool, StoreError> {
    let (now, by) = (app.clock.now(), by.clone());
    let write = move |tx: &mut Tx<'_>| {
        if !groups::delete(tx, &name)? {
            return Ok(false);
        }
        by.record(tx, Action::GroupDeleted, None::<AuditSubject<'_>>, Some(&name), now)?;
        Ok(true)
    };
    app.store.write(write).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_names_each_group_once() {
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect::<Vec<_>>();
        let before = names(&["a", "b"]);
        let after = |change: GroupChange| change.applied_to(&before);
        assert_eq!(after(GroupChange::Add(names(&["c", "a", "c"]))), ["a", "b", "c"]);
        assert_eq!(after(GroupChange::Remove(names(&["a", "x"]))), ["b"]);
        assert_eq!(after(GroupChange::Set(names(&["x", "x"]))), ["x"]);
        assert_eq!(after(GroupChange::Set(Vec::new())), Vec::<String>::new());
    }
}
