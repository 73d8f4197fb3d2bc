//! `/admin/settings/keys`: the keys that sign tokens, with their states. The page displays no private half.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use crate::admin::session::Administrator;
use crate::admin::settings::list::LIST;
use crate::app::App;
use crate::store::tables::signing_keys;
use crate::types::{KeyRecord, KeyState};
use crate::web::layout::Layout;
use crate::web::{Page, PageError, When};

#[derive(Template)]
#[template(path = "admin/settings/keys.html")]
struct KeysPage {
    layout: Layout,
    trail: Vec<(String, String)>,
    /// How tokens are signed.
    algorithm: &'static str,
    keys: Vec<KeyView>,
}

/// A key for display.
struct KeyView {
    kid: String,
    algorithm: &'static str,
    state: &'static str,
    /// What the time is that is displayed.
    label: &'static str,
    at: When,
    published: When,
}

/// `GET /admin/settings/keys`.
pub(crate) async fn page(app: Data<App>, admin: Administrator) -> Result<HttpResponse, PageError> {
    let table = app.store.read(signing_keys::read).await?;
    let layout = admin.layout();
    let signing = table.keys.iter().find(|key| key.state == KeyState::Signing);
    let page = KeysPage {
        trail: vec![(layout.t.settings_heading().to_owned(), LIST.to_owned())],
        algorithm: signing.map_or("HS256", |key| key.algorithm.as_str()),
        keys: table.keys.iter().map(|key| KeyView::new(key, &layout)).collect(),
        layout,
    };
    Ok(admin.render(Page::new(page)))
}

impl KeyView {
    fn new(key: &KeyRecord, layout: &Layout) -> Self {
        let t = layout.t;
        let ended = key.verifies_until.unwrap_or(key.signs_from);
        let (state, label, at) = match key.state {
            KeyState::Published => (t.key_published(), t.key_signs_from(), key.signs_from),
            KeyState::Signing => (t.key_signing(), t.key_since(), key.signs_from),
            KeyState::Verifying => (t.key_verifying(), t.key_until(), ended),
            KeyState::Gone => (t.key_gone(), t.key_since(), ended),
        };
        Self {
            kid: key.kid.clone(),
            algorithm: key.algorithm.as_str(),
            state,
            label,
            at: layout.dated(at),
            published: layout.when(key.published_at),
        }
    }
}
