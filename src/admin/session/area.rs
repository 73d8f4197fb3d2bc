//! The admin as an area, and the guards of its pages.

use std::time::Duration;

use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::{self, ActorKind, LogInError};
use crate::admin::flash::{Flash, Undone};
use crate::admin::navigation;
use crate::admin::navigation::PATHS;
use crate::admin::session::sign_in_page::page;
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::admin_sessions::AdminSession;
use crate::types::{BrowserKey, Password, Timestamp};
use crate::web::PageError;
use crate::web::layout::NavLink;
use crate::web::session::area::{Area, OpenedSession, SignedIn};
use crate::web::session::cookies::{self, SessionCookie};
use crate::web::session::guard::SignedInPost;
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

/// Whether a request has a session in the admin. Asking does not use the session: it ends while its user is away,
/// whatever a script of an open page asks for.
pub(crate) async fn is_administrator(app: &App, request: &HttpRequest) -> Result<bool, StoreError> {
    match AdminArea::COOKIE.key(request, app.config.public_url.is_https()) {
        Some(key) => accounts::is_administrator(app, &key).await,
        None => Ok(false),
    }
}

impl Area for AdminArea {
    type Flash = Flash;
    type Session = AdminSession;

    const PATHS: AreaPaths = PATHS;
    const COOKIE: SessionCookie = cookies::ADMIN;
    const FLASH_COOKIE: &'static str = "doorward_flash";
    const DISPLAYED_FIELDS: &'static [&'static str] = &["username", "email", "reason", "addresses", "to"];
    const SESSION_OVER: Flash = Flash::Not(Undone::SessionOver);

    async fn open_session(
        app: &App,
        request: &HttpRequest,
    ) -> Result<Option<OpenedSession<AdminSession>>, StoreError> {
        let Some(key) = Self::COOKIE.key(request, app.config.public_url.is_https()) else { return Ok(None) };
        let opened = accounts::administrator(app, &key).await?;
        Ok(opened.map(|(user, session)| OpenedSession { user, session, key }))
    }

    fn actor_kind(opened: &OpenedSession<AdminSession>) -> ActorKind {
        ActorKind::Administrator(opened.user.id)
    }

    fn authenticated_at(admin: &Administrator) -> Timestamp {
        admin.session.authenticated_at
    }

    fn reauthenticate_after(app: &App) -> Duration {
        app.config.admin.reauthenticate_after
    }

    async fn reauthenticate(app: &App, admin: &Administrator, password: Password) -> Result<(), LogInError> {
        accounts::reauthenticate_administrator(app, &admin.user, &admin.key, password, &admin.actor).await
    }

    fn check_may_write(_: &AdminSession) -> Result<(), PageError> {
        Ok(())
    }

    fn brand(app: &App) -> String {
        app.current().site.name.clone()
    }

    fn account_page() -> Option<&'static str> {
        Some("/admin/account")
    }

    fn viewed(_: &Administrator) -> Option<String> {
        None
    }

    fn navigation(admin: &Administrator, path: &str) -> Vec<NavLink> {
        navigation::links(admin.t, path)
    }

    fn sign_in_again(request: &HttpRequest, key: &BrowserKey, pending: &PendingForm) -> HttpResponse {
        page(request, &pending.action).with_pending(pending, &key.form_token()).render_forbidden()
    }
}
