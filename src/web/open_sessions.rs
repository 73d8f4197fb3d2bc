//! The open sessions of a user for display: those in the admin, those of the account pages and those of the API.

use crate::accounts::OneSession;
use crate::app::App;
use crate::http;
use crate::store::StoreError;
use crate::store::tables::admin_sessions;
use crate::store::tables::admin_sessions::AdminSession;
use crate::store::tables::sessions;
use crate::store::tables::sessions::Session;
use crate::types::{SessionId, Timestamp, UserId};
use crate::web::abbreviate;
use crate::web::layout::Layout;
use crate::web::{PageForm, When};

/// The fields with the session that a form ends.
const SESSION: &str = "session";
const ADMIN_SESSION: &str = "admin-session";

/// The sessions of a user.
pub(crate) struct OpenSessions {
    pub sessions: Vec<OpenSession>,
    /// Whether there are more than these.
    pub has_more: bool,
}

/// An open session.
pub(crate) struct OpenSession {
    /// The field that names the session in the form that ends it; `None` for a session of this browser, which "Sign
    /// out" ends.
    pub end: Option<(&'static str, String)>,
    pub is_admin: bool,
    pub began: When,
    pub last_seen: When,
    pub address: Option<String>,
    /// The client in words, and its `User-Agent`.
    pub client: String,
    pub user_agent: Option<String>,
}

/// The sessions of the browser that asks.
pub(crate) struct ThisBrowser {
    pub admin: Option<AdminSession>,
    pub session: Option<SessionId>,
}

impl OpenSessions {
    /// The last used sessions of a user, up to `limit` of each kind; those of this browser first.
    pub(crate) async fn load(
        app: &App,
        user: UserId,
        limit: usize,
        this: &ThisBrowser,
        layout: &Layout,
    ) -> Result<Self, StoreError> {
        let (now, lifetime, limits) = (layout.now, app.config.tokens.session_lifetime, &app.config.admin);
        let most = i64::try_from(limit).unwrap_or(i64::MAX).saturating_add(1);
        let read = app.store.read(move |conn| {
            Ok((admin_sessions::of_user(conn, user, most)?, sessions::live(conn, user, lifetime, now, most)?))
        });
        let (admin, other) = read.await?;
        let has_more = admin.len() > limit || other.len() > limit;
        let is_open = |session: &AdminSession| {
            now.since(session.created_at) < limits.session_lifetime
                && now.since(session.last_seen_at) < limits.session_idle_timeout
        };
        let admin = admin.into_iter().filter(is_open).take(limit);
        let admin = admin.map(|session| this.admin_row(session, layout));
        let other = other.into_iter().take(limit).map(|session| this.row(session, layout));
        let mut sessions: Vec<_> = admin.chain(other).collect();
        sessions.sort_by_key(|session| session.end.is_some());
        Ok(Self { sessions, has_more })
    }
}

impl ThisBrowser {
    fn admin_row(&self, session: AdminSession, layout: &Layout) -> OpenSession {
        let is_this = self
            .admin
            .as_ref()
            .is_some_and(|this| (this.user, this.created_at) == (session.user, session.created_at));
        OpenSession {
            end: (!is_this).then(|| (ADMIN_SESSION, session.created_at.micros().to_string())),
            is_admin: true,
            began: layout.when(session.created_at),
            last_seen: layout.when(session.last_seen_at),
            address: session.address,
            client: client(layout, session.user_agent.as_deref()),
            user_agent: session.user_agent.as_deref().map(abbreviate::user_agent),
        }
    }

    fn row(&self, session: Session, layout: &Layout) -> OpenSession {
        OpenSession {
            end: (self.session != Some(session.id)).then(|| (SESSION, session.id.get().to_string())),
            is_admin: false,
            began: layout.when(session.started_at),
            last_seen: layout.when(session.last_seen_at),
            address: session.address,
            client: client(layout, session.user_agent.as_deref()),
            user_agent: session.user_agent.as_deref().map(abbreviate::user_agent),
        }
    }
}

fn client(layout: &Layout, user_agent: Option<&str>) -> String {
    abbreviate::name(&http::client_in_words(layout.t, user_agent.unwrap_or_default()))
}

/// The session that a form ends.
pub(crate) fn session_of(form: &PageForm) -> Option<OneSession> {
    let number = |field| form.get(field).parse().ok();
    let admin_session = || number(ADMIN_SESSION).map(Timestamp::from_micros).map(OneSession::Admin);
    number(SESSION).map(SessionId::new).map(OneSession::Api).or_else(admin_session)
}
