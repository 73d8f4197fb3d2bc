//! Changing another user's name, email and groups. Called by the admin.

use crate::accounts::administration::change_groups;
use crate::accounts::administration::change_groups::GroupChange;
use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::enumeration::ExistencePolicy;
use crate::accounts::shared::refusal;
use crate::accounts::shared::update_profile::{
    UpdatePolicy, UpdateProfileError, UpdatedUser, update_profile,
};
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::store::Tx;
use crate::store::tables::users::UserUpdate;

/// An administrator sees every account anyway.
pub(super) const POLICY: UpdatePolicy =
    UpdatePolicy { existence: ExistencePolicy::Revealed, records_values: true, may_undo: false };

/// Changes the name and the email of a user by the rules of `update_user`, without its rate limit, and the groups, by
/// their exact names; what is `None` stays.
pub(crate) async fn edit_user(
    app: &App,
    user: impl Into<UserRef>,
    update: UserUpdate,
    groups: Option<Vec<String>>,
    by: &Actor,
) -> Result<UpdatedUser, UpdateProfileError> {
    let (now, by, user) = (app.clock.now(), by.clone(), user.into());
    let write = move |tx: &mut Tx<'_>| {
        let updated = update_profile(tx, &user, update, POLICY, &by, now)?;
        let Some(groups) = groups else { return Ok(updated) };
        let is_changed = change_groups::apply(tx, &updated.user, GroupChange::Set(groups), &by, now)?;
        Ok(UpdatedUser { is_changed: is_changed || updated.is_changed, ..updated })
    };
    let updated = refusal::write(app, write).await?;
    if updated.is_changed {
        app.mailer.wake();
    }
    Ok(updated)
}
