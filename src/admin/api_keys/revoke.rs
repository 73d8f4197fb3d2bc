//! `/admin/settings/api-keys/{id}/revoke`: revokes an API key.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts::{self, RevokeApiKeyError};
use crate::admin::api_keys::LIST;
use crate::admin::flash::{Done, Flash, Undone};
use crate::admin::session::{Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::app::App;
use crate::store::tables::api_keys;
use crate::store::tables::api_keys::StoredApiKey;
use crate::types::ApiKeyId;
use crate::web::form_page::FormPage;
use crate::web::{PageError, abbreviate};

/// `GET`.
pub(crate) async fn form(
    app: Data<App>,
    admin: RecentlyAuthenticated,
    id: Path<String>,
) -> Result<HttpResponse, PageError> {
    let (admin, id) = (admin.0, ApiKeyId::parse(&id).ok_or(PageError::NotFound)?);
    let found = app.store.read(move |conn| api_keys::find(conn, id)).await?;
    let key = found.and_then(StoredApiKey::record).ok_or(PageError::NotFound)?;
    if key.revoked_at.is_some() {
        return Ok(admin.redirect(LIST, &Flash::Not(Undone::ApiKeyGone)));
    }
    let t = admin.t;
    let mut page = FormPage::new(
        admin.layout(),
        (t.settings_heading(), "/admin/settings"),
        t.api_key_revoke_heading(abbreviate::name(&key.name)),
        t.api_key_revoke(),
        &format!("{LIST}/{id}/revoke"),
    )
    .below(t.api_keys_heading(), LIST.to_owned());
    page.lead.push(t.api_key_revoke_lead().to_owned());
    page.is_dangerous = true;
    Ok(page.render_for(&admin))
}

/// `POST`.
pub(crate) async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<String>,
) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, .. } = post.0;
    let id = ApiKeyId::parse(&id).ok_or(PageError::NotFound)?;
    match accounts::revoke_api_key(&app, id, &admin.actor).await {
        Ok(key) => Ok(admin.redirect(LIST, &Flash::One(Done::ApiKeyRevoked, key.name))),
        Err(RevokeApiKeyError::AlreadyRevoked(_)) => {
            Ok(admin.redirect(LIST, &Flash::Not(Undone::ApiKeyGone)))
        }
        Err(RevokeApiKeyError::NotFound(_)) => Err(PageError::NotFound),
        Err(RevokeApiKeyError::Store(error)) => Err(error.into()),
    }
}
