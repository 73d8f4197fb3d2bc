//! `/account/sessions`: where the user is signed in; ending one session, or all others.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::area::{AccountPost, AccountSession, AccountUser, admin_session};
use crate::account::notice::AccountNotice;
use crate::account::security::own_session;
use crate::accounts::{self, AccountError, OneSession};
use crate::app::App;
use crate::http;
use crate::store::tables::admin_sessions;
use crate::store::tables::admin_sessions::AdminSession;
use crate::store::tables::sessions;
use crate::store::tables::sessions::Session;
use crate::texts::Lang;
use crate::types::{SessionId, Timestamp};
use crate::web::abbreviate;
use crate::web::layout::{Layout, see_other};
use crate::web::{Page, PageError, PageForm, When};

const PATH: &str = "/account/sessions";

/// The most sessions of each kind on the page, the last used ones.
const PAGE_LIMIT: usize = 50;

/// The fields with the session that a form ends.
const SESSION: &str = "session";
const ADMIN_SESSION: &str = "admin-session";

#[derive(Template)]
#[template(path = "account/sessions.html")]
struct SessionsPage {
    layout: Layout,
    sessions: Vec<OwnSessionRow>,
    /// How many are displayed, if there are more.
    limit: Option<usize>,
    is_view: bool,
}

/// A session for display.
struct OwnSessionRow {
    /// The field that names the session in the form that ends it; `None` for that of this browser.
    end: Option<(&'static str, String)>,
    is_admin: bool,
    began: When,
    last_seen: When,
    address: Option<String>,
    /// The client in words, and its `User-Agent`.
    client: String,
    user_agent: Option<String>,
}

/// `GET /account/sessions`.
pub(crate) async fn page(
    app: Data<App>,
    request: HttpRequest,
    user: AccountUser,
) -> Result<HttpResponse, PageError> {
    let (now, lifetime, id) = (user.now, app.config.tokens.session_lifetime, user.user.id);
    let limit = i64::try_from(PAGE_LIMIT).unwrap_or(i64::MAX) + 1;
    let read = app.store.read(move |conn| {
        Ok((admin_sessions::of_user(conn, id, limit)?, sessions::live(conn, id, lifetime, now, limit)?))
    });
    let (admin, other) = read.await?;
    let has_more = admin.len() > PAGE_LIMIT || other.len() > PAGE_LIMIT;
    let own_admin = admin_session(&app, &request).await?.map(|(_, session, _)| session);
    let limits = &app.config.admin;
    let is_open = |session: &AdminSession| {
        now.since(session.created_at) < limits.session_lifetime
            && now.since(session.last_seen_at) < limits.session_idle_timeout
    };
    let is_own_admin = |session: &AdminSession| {
        own_admin.as_ref().is_some_and(|own| own.user == session.user && own.created_at == session.created_at)
    };
    let layout = user.layout();
    let admin = admin.into_iter().filter(is_open).take(PAGE_LIMIT);
    let admin = admin.map(|session| admin_row(&session, is_own_admin(&session), &layout));
    let own = match &user.session {
        AccountSession::Browser(browser) => Some(browser.session.id),
        AccountSession::Admin(_) | AccountSession::View(_) => None,
    };
    let other = other.into_iter().take(PAGE_LIMIT).map(|session| row(&session, own, &layout));
    let mut sessions: Vec<_> = admin.chain(other).collect();
    sessions.sort_by_key(|session| session.end.is_some());
    let is_view = user.session.is_view();
    let limit = has_more.then_some(PAGE_LIMIT);
    Ok(user.render(Page::new(SessionsPage { layout, sessions, limit, is_view })))
}

/// `POST /account/sessions/end`: ends one session. That of this browser is ended by signing out.
pub(crate) async fn end(app: Data<App>, post: AccountPost) -> Result<HttpResponse, PageError> {
    let AccountPost { sender: user, form } = post;
    let session = session_of(&form).ok_or(PageError::NotFound)?;
    match accounts::end_session(&app, user.user.id, session, &user.actor).await {
        Ok(()) => Ok(user.redirect(PATH, &AccountNotice::SessionEnded)),
        Err(AccountError::NotFound) => Ok(user.redirect(PATH, &AccountNotice::SessionGone)),
        Err(error) => Err(error.into()),
    }
}

/// `POST /account/sessions/end-others`: ends all sessions but those of this browser.
pub(crate) async fn end_others(
    app: Data<App>,
    request: HttpRequest,
    post: AccountPost,
) -> Result<HttpResponse, PageError> {
    let user = post.sender;
    let own = own_session(&app, &request, &user).await?;
    accounts::end_other_sessions(&app, user.user.id, own, &user.actor).await?;
    Ok(user.redirect(PATH, &AccountNotice::OthersEnded))
}

/// `GET` of the actions, where signing in leads when the session ended before the click.
pub(crate) async fn to_page(_: AccountUser) -> HttpResponse {
    see_other(PATH).finish()
}

/// The session that a form ends.
fn session_of(form: &PageForm) -> Option<OneSession> {
    let number = |field| form.get(field).parse().ok();
    let admin_session = || number(ADMIN_SESSION).map(Timestamp::from_micros).map(OneSession::Admin);
    number(SESSION).map(SessionId::new).map(OneSession::Api).or_else(admin_session)
}

fn admin_row(session: &AdminSession, is_own: bool, layout: &Layout) -> OwnSessionRow {
    OwnSessionRow {
        end: (!is_own).then(|| (ADMIN_SESSION, session.created_at.micros().to_string())),
        is_admin: true,
        began: layout.when(session.created_at),
        last_seen: layout.when(session.last_seen_at),
        address: session.address.clone(),
        client: client(layout.t, session.user_agent.as_deref()),
        user_agent: session.user_agent.as_deref().map(abbreviate::user_agent),
    }
}

fn row(session: &Session, own: Option<SessionId>, layout: &Layout) -> OwnSessionRow {
    OwnSessionRow {
        end: (own != Some(session.id)).then(|| (SESSION, session.id.get().to_string())),
        is_admin: false,
        began: layout.when(session.started_at),
        last_seen: layout.when(session.last_seen_at),
        address: session.address.clone(),
        client: client(layout.t, session.user_agent.as_deref()),
        user_agent: session.user_agent.as_deref().map(abbreviate::user_agent),
    }
}

fn client(t: Lang, user_agent: Option<&str>) -> String {
    abbreviate::name(&http::client_in_words(t, user_agent.unwrap_or_default()))
}
