//! An area: the pages below one path that share a browser session, a navigation and messages. The admin is
//! one. The guards, the layout and the re-authentication of this layer are generic over it.

use std::time::Duration;

use actix_web::cookie::SameSite;
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::{Actor, ActorKind, LogInError};
use crate::app::App;
use crate::store::StoreError;
use crate::texts::Lang;
use crate::types::{BrowserKey, Password, TimeZone, Timestamp, User};
use crate::web::PageError;
use crate::web::flash::FlashMessage;
use crate::web::layout::NavLink;
use crate::web::lists::Back;
use crate::web::session::cookies::SessionCookie;
use crate::web::session::paths::AreaPaths;
use crate::web::session::pending_form::PendingForm;
use crate::web::session::return_to::ReturnTo;

/// The session of a request, with its user.
pub(crate) struct OpenedSession<S> {
    pub user: User,
    pub session: S,
    /// The key in its cookie.
    pub key: BrowserKey,
}

/// The user who asks for a page of the area `A`, read from the store for this request.
pub(crate) struct SignedIn<A: Area> {
    pub user: User,
    pub session: A::Session,
    /// The key of the session.
    pub key: BrowserKey,
    /// The user as the use cases record them.
    pub actor: Actor,
    pub t: Lang,
    /// The message about the last action, if this page is the one to show it.
    pub flash: Option<A::Flash>,
    /// Whether the form had a new password that the re-authentication left out, so that it is to be typed again.
    pub must_retype: bool,
    /// The requested page, with its query.
    pub here: ReturnTo,
    /// The list that the page was opened from.
    pub back: Back,
    /// The path of the request.
    pub path: String,
    /// When the request arrived.
    pub now: Timestamp,
    /// The time zone of the reader.
    pub zone: TimeZone,
    /// Whether cookies are for https alone.
    pub is_https: bool,
    pub(super) brand: String,
    pub(super) account_page: Option<&'static str>,
}

/// What is particular to an area.
pub(crate) trait Area: Sized + 'static {
    /// The messages about the last action.
    type Flash: FlashMessage;

    /// What is known of a session.
    type Session;

    const PATHS: AreaPaths;

    /// The cookie of a session that began in this area.
    const COOKIE: SessionCookie;

    /// The name of the cookie with the message about the last action, without the prefix `__Host-`.
    const FLASH_COOKIE: &'static str;

    /// The fields of its forms whose values the page displays that sends a form again.
    const DISPLAYED_FIELDS: &'static [&'static str];

    /// The message after signing in that a form was not carried out, as its session had ended.
    const SESSION_OVER: Self::Flash;

    /// The session of a request; `None` if there is none, it has ended, or its user may not be in this area
    /// any more.
    async fn open_session(
        app: &App,
        request: &HttpRequest,
    ) -> Result<Option<OpenedSession<Self::Session>>, StoreError>;

    /// What the audit log calls a user of this area.
    fn actor_kind(opened: &OpenedSession<Self::Session>) -> ActorKind;

    /// When the password was last typed.
    fn authenticated_at(user: &SignedIn<Self>) -> Timestamp;

    /// How long after the password was typed a dangerous action does not ask for it again.
    fn reauthenticate_after(app: &App) -> Duration;

    /// Checks the password of the user again, and records it in the session.
    async fn reauthenticate(app: &App, user: &SignedIn<Self>, password: Password) -> Result<(), LogInError>;

    /// Refuses the forms of a session that may only read.
    ///
    /// # Errors
    /// [`PageError::ReadOnly`].
    fn check_may_write(session: &Self::Session) -> Result<(), PageError>;

    /// The name of the site or program in the header.
    fn brand(app: &App) -> String;

    /// The page that the name of the user leads to, if there is one.
    fn account_page() -> Option<&'static str>;

    /// The name of the user whose pages another one views, if this session is such a view.
    fn viewed(user: &SignedIn<Self>) -> Option<String>;

    /// The navigation on the page at `path`.
    fn navigation(user: &SignedIn<Self>, path: &str) -> Vec<NavLink>;

    /// The response to a form of the session with this key that came after the session's end: the sign-in
    /// page, which carries the form.
    fn sign_in_again(request: &HttpRequest, key: &BrowserKey, pending: &PendingForm) -> HttpResponse;

    /// Whether browsers send the cookie along with a link on another site.
    fn is_sent_by_links() -> bool {
        Self::COOKIE.same_site != SameSite::Strict
    }
}
