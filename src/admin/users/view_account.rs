//! `/admin/users/{id}/view`: opens the account pages of a user, read-only.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts;
use crate::admin::session::RecentlyAuthenticatedPost;
use crate::app::App;
use crate::types::UserId;
use crate::web::PageError;
use crate::web::layout::see_other;

/// `POST /admin/users/{id}/view`: begins the view.
pub(crate) async fn begin(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    if !app.config.account.pages {
        return Err(PageError::NotFound);
    }
    let admin = post.0.sender;
    accounts::begin_view(&app, UserId::new(*id), &admin.key, &admin.actor).await?;
    Ok(see_other("/account").finish())
}
