//! The open sessions on a user's page: those of the API and those of the admin.

use crate::accounts::OneSession;
use crate::admin::session::Administrator;
use crate::app::App;
use crate::http;
use crate::store::tables::admin_sessions;
use crate::store::tables::admin_sessions::AdminSession;
use crate::store::tables::sessions;
use crate::store::tables::sessions::Session;
use crate::types::{SessionId, Timestamp, UserId};
use crate::web::abbreviate;
use crate::web::layout::Layout;
use crate::web::{PageError, PageForm, When};

/// How many of each kind the page displays, the last used ones.
const PAGE_LIMIT: usize = 10;

/// The fields with the session that a form ends.
const API_SESSION: &str = "session";
const ADMIN_SESSION: &str = "admin-session";

/// The sessions of a user.
pub(crate) struct OpenSessions {
    pub sessions: Vec<OpenSession>,
    /// Whether there are more than these.
    pub has_more: bool,
}

/// An open session.
pub(crate) struct OpenSession {
    /// The field that names the session in the form that ends it; `None` for the session of this request, which
    /// "Sign out" ends.
    pub end: Option<(&'static str, String)>,
    pub is_admin: bool,
    /// Whether it is the session of this request.
    pub is_this: bool,
    pub began: When,
    pub last_seen: When,
    pub address: Option<String>,
    /// The client in words, and its `User-Agent`.
    pub client: String,
    pub user_agent: Option<String>,
}

/// Loads the sessions of a user, those of the admin first.
pub(crate) async fn load(app: &App, admin: &Administrator, user: UserId) -> Result<OpenSessions, PageError> {
    let (now, lifetime) = (admin.now, app.config.tokens.session_lifetime);
    let limit = i64::try_from(PAGE_LIMIT).unwrap_or(i64::MAX) + 1;
    let read = app.store.read(move |conn| {
        Ok((admin_sessions::of_user(conn, user, limit)?, sessions::live(conn, user, lifetime, now, limit)?))
    });
    let (admin_sessions, api_sessions) = read.await?;
    let has_more = admin_sessions.len() > PAGE_LIMIT || api_sessions.len() > PAGE_LIMIT;
    let layout = admin.layout();
    let limits = &app.config.admin;
    let is_open = |session: &AdminSession| {
        now.since(session.created_at) < limits.session_lifetime
            && now.since(session.last_seen_at) < limits.session_idle_timeout
    };
    let admin_rows = admin_sessions.into_iter().filter(is_open).take(PAGE_LIMIT).map(|session| {
        let is_this = session == admin.session;
        admin_session(session, is_this, &layout)
    });
    let api_rows = api_sessions.into_iter().take(PAGE_LIMIT).map(|session| api_session(session, &layout));
    Ok(OpenSessions { sessions: admin_rows.chain(api_rows).collect(), has_more })
}

/// The session that a form ends.
pub(crate) fn session_of(form: &PageForm) -> Option<OneSession> {
    let number = |field| form.get(field).parse().ok();
    let admin_session = || number(ADMIN_SESSION).map(Timestamp::from_micros).map(OneSession::Admin);
    number(API_SESSION).map(SessionId::new).map(OneSession::Api).or_else(admin_session)
}

fn admin_session(session: AdminSession, is_this: bool, layout: &Layout) -> OpenSession {
    OpenSession {
        end: (!is_this).then(|| (ADMIN_SESSION, session.created_at.micros().to_string())),
        is_admin: true,
        is_this,
        began: layout.when(session.created_at),
        last_seen: layout.when(session.last_seen_at),
        address: session.address,
        client: abbreviate::name(&http::client_in_words(
            layout.t,
            session.user_agent.as_deref().unwrap_or_default(),
        )),
        user_agent: session.user_agent.as_deref().map(abbreviate::user_agent),
    }
}

fn api_session(session: Session, layout: &Layout) -> OpenSession {
    OpenSession {
        end: Some((API_SESSION, session.id.get().to_string())),
        is_admin: false,
        is_this: false,
        began: layout.when(session.started_at),
        last_seen: layout.when(session.last_seen_at),
        address: session.address,
        client: abbreviate::name(&http::client_in_words(
            layout.t,
            session.user_agent.as_deref().unwrap_or_default(),
        )),
        user_agent: session.user_agent.as_deref().map(abbreviate::user_agent),
    }
}
