//! The account pages as an area, and the guards of its pages.

use std::time::Duration;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::account::navigation;
use crate::account::navigation::PATHS;
use crate::account::notice::AccountNotice;
use crate::account::sign_in_page::page;
use crate::accounts::{self, ActorKind, LogInError};
use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::admin_sessions::AdminSession;
use crate::store::tables::browser_sessions::BrowserSession;
use crate::types::BrowserKey;
use crate::types::{Password, Timestamp, User};
use crate::web::PageError;
use crate::web::layout::NavLink;
use crate::web::session::area::{Area, OpenedSession, SignedIn};
use crate::web::session::cookies::{self, SessionCookie};
use crate::web::session::guard::SignedInPost;
use crate::web::session::next_url::NextUrl;
use crate::web::session::paths::AreaPaths;
use crate::web::session::pending_form::PendingForm;

/// The account pages.
pub(crate) struct AccountArea;

/// A signed-in user.
pub(crate) type AccountUser = SignedIn<AccountArea>;

/// A form that a signed-in user sent.
pub(crate) type AccountPost = SignedInPost<AccountArea>;

/// What opens the account pages.
pub(crate) enum AccountSession {
    /// A session of the account pages.
    Browser(BrowserSession),
    /// A session in the admin, for the administrator's own account: it is guarded more strictly.
    Admin(AdminSession),
    /// A session in the admin, whose administrator views the account of another user. It may only read.
    View(AdminSession),
}

impl AccountSession {
    /// Whether an administrator views the account of another user.
    pub(crate) const fn is_view(&self) -> bool {
        matches!(self, Self::View(_))
    }
}

/// The session in the admin of a request, with its administrator.
pub(crate) async fn admin_session(
    app: &App,
    request: &HttpRequest,
) -> Result<Option<(User, AdminSession, BrowserKey)>, StoreError> {
    let Some(key) = cookies::ADMIN.key(request, app.config.public_url.is_https()) else { return Ok(None) };
    let opened = accounts::administrator(app, &key).await?;
    Ok(opened.map(|(user, session)| (user, session, key)))
}

impl Area for AccountArea {
    type Flash = AccountNotice;
    type Session = AccountSession;

    const PATHS: AreaPaths = PATHS;
    const COOKIE: SessionCookie = cookies::ACCOUNT;
    const FLASH_COOKIE: &'static str = "doorward_account_flash";
    const DISPLAYED_FIELDS: &'static [&'static str] = &["username", "email"];
    const SESSION_OVER: AccountNotice = AccountNotice::SessionOver;

    /// A view of another account comes before an own session, so that its banner is on every page.
    async fn open_session(
        app: &App,
        request: &HttpRequest,
    ) -> Result<Option<OpenedSession<AccountSession>>, StoreError> {
        let admin = admin_session(app, request).await?;
        if let Some((_, session, key)) = &admin
            && let Some(user) = accounts::viewed_user(app, session).await?
        {
            let session = AccountSession::View(session.clone());
            return Ok(Some(OpenedSession { user, session, key: key.clone() }));
        }
        if let Some(key) = Self::COOKIE.key(request, app.config.public_url.is_https())
            && let Some((user, session)) = accounts::browser_session(app, &key).await?
        {
            return Ok(Some(OpenedSession { user, session: AccountSession::Browser(session), key }));
        }
        Ok(admin.map(|(user, session, key)| OpenedSession {
            user,
            session: AccountSession::Admin(session),
            key,
        }))
    }

    fn actor_kind(opened: &OpenedSession<AccountSession>) -> ActorKind {
        match &opened.session {
            AccountSession::View(session) => ActorKind::Administrator(session.user),
            AccountSession::Browser(_) | AccountSession::Admin(_) => ActorKind::User(opened.user.id),
        }
    }

    /// A view began with a re-authentication, and is short.
    fn authenticated_at(user: &AccountUser) -> Timestamp {
        match &user.session {
            AccountSession::Browser(browser) => browser.authenticated_at,
            AccountSession::Admin(session) => session.authenticated_at,
            AccountSession::View(_) => user.now,
        }
    }

    fn reauthenticate_after(app: &App) -> Duration {
        app.config.admin.reauthenticate_after
    }

    async fn reauthenticate(app: &App, user: &AccountUser, password: Password) -> Result<(), LogInError> {
        let SignedIn { user: account, key, actor, .. } = user;
        match &user.session {
            AccountSession::Browser(_) => {
                accounts::reauthenticate_browser(app, account, key, password, actor).await
            }
            AccountSession::Admin(_) | AccountSession::View(_) => {
                accounts::reauthenticate_administrator(app, account, key, password, actor).await
            }
        }
    }

    fn check_may_write(session: &AccountSession) -> Result<(), PageError> {
        if session.is_view() { Err(PageError::ReadOnly) } else { Ok(()) }
    }

    fn brand(app: &App) -> String {
        app.current().site.name.clone()
    }

    fn account_page() -> Option<&'static str> {
        None
    }

    fn viewed(user: &AccountUser) -> Option<String> {
        user.session.is_view().then(|| user.user.username.to_string())
    }

    fn navigation(user: &AccountUser, path: &str) -> Vec<NavLink> {
        navigation::links(user.t, path, user.user.is_admin && !user.session.is_view())
    }

    fn sign_in_again(request: &HttpRequest, key: &BrowserKey, pending: &PendingForm) -> HttpResponse {
        let next = request
            .app_data::<Data<App>>()
            .and_then(|app| NextUrl::parse(pending.action.as_str(), &app.config));
        page(request, next.as_ref()).with_pending(pending, &key.form_token()).render_forbidden()
    }
}
