//! The admin as an area, and the guards of its pages.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::{self, ActorKind};
use crate::admin::flash::Flash;
use crate::admin::navigation;
use crate::admin::navigation::PATHS;
use crate::admin::session::sign_in_page::SignInPage;
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::admin_sessions::AdminSession;
use crate::texts::Lang;
use crate::types::{AdminKey, User, UserId};
use crate::web::layout::NavLink;
use crate::web::session::area::Area;
use crate::web::session::guard::{SignedIn, SignedInPost};
use crate::web::session::paths::AreaPaths;
use crate::web::session::pending_form::PendingForm;
use crate::web::session::reauthenticate::{Reauthenticated, ReauthenticatedPost};

/// The admin.
pub(crate) struct AdminArea;

/// A signed-in administrator.
pub(crate) type Administrator = SignedIn<AdminArea>;

/// A form that an administrator sent.
pub(crate) type Post = SignedInPost<AdminArea>;

/// An administrator who typed the password a short time ago (`admin.reauthenticate_after`).
pub(crate) type RecentlyAuthenticated = Reauthenticated<AdminArea>;

/// A form of an administrator who typed the password a short time ago, or in the form itself.
pub(crate) type RecentlyAuthenticatedPost = ReauthenticatedPost<AdminArea>;

impl Area for AdminArea {
    type Flash = Flash;

    const PATHS: AreaPaths = PATHS;
    const SESSION_COOKIE: &'static str = "doorward_admin";

    async fn open_session(app: &App, key: &AdminKey) -> Result<Option<(User, AdminSession)>, StoreError> {
        accounts::administrator(app, key).await
    }

    fn actor_kind(user: UserId) -> ActorKind {
        ActorKind::Administrator(user)
    }

    fn reauthenticate_after(app: &App) -> Duration {
        app.config.admin.reauthenticate_after
    }

    fn navigation(t: Lang, path: &str) -> Vec<NavLink> {
        navigation::links(t, path)
    }

    fn sign_in_again(request: &HttpRequest, key: &AdminKey, pending: &PendingForm) -> HttpResponse {
        SignInPage::new(request, &pending.action).with_pending(pending, &key.form_token()).render_forbidden()
    }
}
