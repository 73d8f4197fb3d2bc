//! Changing another user's name and email. Called by the admin.

use crate::accounts::shared::actor::Actor;
use crate::accounts::shared::enumeration::ExistencePolicy;
use crate::accounts::shared::refusal;
use crate::accounts::shared::update_profile::{
    UpdatePolicy, UpdateProfileError, UpdatedUser, update_profile,
};
use crate::accounts::shared::user_ref::UserRef;
use crate::app::App;
use crate::store::tables::users::UserUpdate;

/// An administrator sees every account anyway.
const POLICY: UpdatePolicy =
    UpdatePolicy { existence: ExistencePolicy::Revealed, records_values: true, may_undo: false };

/// Changes the name and the email of a user by the rules of `update_user`, without its rate limit.
pub(crate) async fn edit_user(
    app: &App,
    user: impl Into<UserRef>,
    update: UserUpdate,
    by: &Actor,
) -> Result<UpdatedUser, UpdateProfileError> {
    let (now, by, user) = (app.clock.now(), by.clone(), user.into());
    let updated = refusal::write(app, move |tx| update_profile(tx, &user, update, POLICY, &by, now)).await?;
    if updated.is_changed {
        app.mailer.wake();
    }
    Ok(updated)
}
