//! `/admin/settings/api-keys`: the API keys, with what they may do and when they were last used. The page displays no
//! secret: none is stored.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use crate::admin::audit::query::AuditQuery;
use crate::admin::session::Administrator;
use crate::app::App;
use crate::store::tables::api_keys;
use crate::types::{ApiKeyRecord, ApiKeyState};
use crate::web::layout::Layout;
use crate::web::{Page, PageError, When, abbreviate};

/// How many keys the page has: those that are not revoked come first.
const LISTED: i64 = 500;

#[derive(Template)]
#[template(path = "admin/api_keys/list.html")]
struct ApiKeysPage {
    layout: Layout,
    trail: Vec<(String, String)>,
    keys: Vec<ApiKeyView>,
}

/// A key for display.
struct ApiKeyView {
    id: String,
    name: String,
    scopes: Vec<&'static str>,
    /// Empty for any.
    networks: String,
    state: &'static str,
    /// The moment that goes with the state.
    at: Option<When>,
    used: Option<When>,
    is_revocable: bool,
    /// The URL of what it changed.
    changes: String,
}

/// `GET`.
pub(crate) async fn page(app: Data<App>, admin: Administrator) -> Result<HttpResponse, PageError> {
    let keys = app.store.read(|conn| api_keys::list(conn, LISTED)).await?;
    let layout = admin.layout();
    let page = ApiKeysPage {
        trail: vec![(layout.t.settings_heading().to_owned(), "/admin/settings".to_owned())],
        keys: keys.iter().map(|key| ApiKeyView::new(key, &admin, &layout)).collect(),
        layout,
    };
    Ok(admin.render(Page::new(page)))
}

impl ApiKeyView {
    fn new(key: &ApiKeyRecord, admin: &Administrator, layout: &Layout) -> Self {
        let t = layout.t;
        let (state, at) = match (key.state(admin.now), key.expires_at) {
            (ApiKeyState::Active, None) => (t.api_key_active(), None),
            (ApiKeyState::Active, Some(end)) => (t.api_key_active_until(), Some(layout.until(end))),
            (ApiKeyState::Expired, end) => (t.api_key_expired(), end.map(|end| layout.when(end))),
            (ApiKeyState::Revoked, _) => (t.api_key_revoked(), key.revoked_at.map(|at| layout.when(at))),
        };
        Self {
            id: key.id.to_string(),
            name: abbreviate::name(&key.name),
            scopes: key.scopes.words().collect(),
            networks: match key.networks.is_empty() {
                true => String::new(),
                false => t.api_key_from(key.networks_text()),
            },
            state,
            at,
            used: key.last_used_at.map(|at| layout.when(at)),
            is_revocable: key.revoked_at.is_none(),
            changes: AuditQuery::by_api_key(key.id),
        }
    }
}
