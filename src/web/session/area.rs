//! An area: the pages below one path that share a browser session, a navigation and messages. The admin is
//! one. The guards, the layout and the re-authentication of this layer are generic over it.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::ActorKind;
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::admin_sessions::AdminSession;
use crate::texts::Lang;
use crate::types::{AdminKey, User, UserId};
use crate::web::flash::FlashMessage;
use crate::web::layout::NavLink;
use crate::web::session::paths::AreaPaths;
use crate::web::session::pending_form::PendingForm;

/// What is particular to an area.
pub(crate) trait Area: Sized + 'static {
    /// The messages about the last action.
    type Flash: FlashMessage;

    const PATHS: AreaPaths;

    /// The name of the session's cookie, without the prefix `__Host-`.
    const SESSION_COOKIE: &'static str;

    /// The user and the session that a key opens; `None` if the session has ended, or the user may not be
    /// in this area any more.
    async fn open_session(app: &App, key: &AdminKey) -> Result<Option<(User, AdminSession)>, StoreError>;

    /// What the audit log calls a user of this area.
    fn actor_kind(user: UserId) -> ActorKind;

    /// How long after the password was typed a dangerous action does not ask for it again.
    fn reauthenticate_after(app: &App) -> Duration;

    /// The navigation on the page at `path`.
    fn navigation(t: Lang, path: &str) -> Vec<NavLink>;

    /// The response to a form of the session with this key that came after the session's end: the sign-in
    /// page, which carries the form.
    fn sign_in_again(request: &HttpRequest, key: &AdminKey, pending: &PendingForm) -> HttpResponse;
}
