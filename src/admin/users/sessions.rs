//! Where a user is logged in now: what the user's page shows of it.

use crate::accounts::OneSession;
use crate::app::App;
use crate::http;
use crate::store::tables::admin_sessions;
use crate::store::tables::admin_sessions::AdminSession;
use crate::store::tables::sessions;
use crate::store::tables::sessions::Session;
use crate::types::{SessionId, Timestamp, UserId};
use crate::web::layout::{Layout, Section};
use crate::web::session::guard::Administrator;
use crate::web::truncate;
use crate::web::{PageError, PageForm, When};

/// How many of each kind the page shows, of those seen last.
const MOST: usize = 10;

/// The fields that say which session is to end.
const OF_API: &str = "session";
const OF_ADMIN: &str = "admin-session";

/// The sessions of a user.
pub(crate) struct OpenSessions {
    pub sessions: Vec<OpenSession>,
    /// Whether there are more than these.
    pub has_more: bool,
}

/// A session that goes on.
pub(crate) struct OpenSession {
    /// The field that says which one is to end; the one that asks has "Sign out".
    pub end: Option<(&'static str, String)>,
    pub is_admin: bool,
    /// Whether it is the one that asks.
    pub is_this: bool,
    pub began: When,
    pub seen: When,
    pub address: Option<String>,
    /// The client in words, and as it calls itself.
    pub client: String,
    pub user_agent: Option<String>,
}

/// Those of a user, in the admin first.
pub(crate) async fn open(app: &App, admin: &Administrator, user: UserId) -> Result<OpenSessions, PageError> {
    let now = admin.now;
    let limit = i64::try_from(MOST).unwrap_or(i64::MAX) + 1;
    let read = app.store.read(move |conn| {
        Ok((admin_sessions::of_user(conn, user, limit)?, sessions::live(conn, user, now, limit)?))
    });
    let (of_admin, of_api) = read.await?;
    let has_more = of_admin.len() > MOST || of_api.len() > MOST;
    let shell = admin.shell(Section::Users);
    let limits = &app.config.admin;
    let is_good = |session: &AdminSession| {
        now.since(session.created_at) < limits.session_lifetime
            && now.since(session.last_seen_at) < limits.session_idle_timeout
    };
    let of_admin = of_admin.into_iter().filter(is_good).take(MOST).map(|session| {
        let is_this = session == admin.session;
        of_the_admin(session, is_this, &shell)
    });
    let of_api = of_api.into_iter().take(MOST).map(|session| of_the_api(session, &shell));
    Ok(OpenSessions { sessions: of_admin.chain(of_api).collect(), has_more })
}

/// The session that a form wants ended.
pub(crate) fn chosen(form: &PageForm) -> Option<OneSession> {
    let number = |field| form.get(field).parse().ok();
    let of_admin = || number(OF_ADMIN).map(Timestamp::from_micros).map(OneSession::Admin);
    number(OF_API).map(SessionId::new).map(OneSession::Api).or_else(of_admin)
}

fn of_the_admin(session: AdminSession, is_this: bool, shell: &Layout) -> OpenSession {
    OpenSession {
        end: (!is_this).then(|| (OF_ADMIN, session.created_at.micros().to_string())),
        is_admin: true,
        is_this,
        began: shell.when(session.created_at),
        seen: shell.when(session.last_seen_at),
        address: session.address,
        client: truncate::name(&http::client_in_words(session.user_agent.as_deref().unwrap_or_default())),
        user_agent: session.user_agent.as_deref().map(truncate::agent),
    }
}

fn of_the_api(session: Session, shell: &Layout) -> OpenSession {
    OpenSession {
        end: Some((OF_API, session.id.get().to_string())),
        is_admin: false,
        is_this: false,
        began: shell.when(session.started_at),
        seen: shell.when(session.last_seen_at),
        address: session.address,
        client: truncate::name(&http::client_in_words(session.user_agent.as_deref().unwrap_or_default())),
        user_agent: session.user_agent.as_deref().map(truncate::agent),
    }
}
