//! `/admin/language/{tag}`: chooses a language, and redirects to the page `next`.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts;
use crate::admin::navigation::PATHS;
use crate::admin::session::AdminArea;
use crate::app::App;
use crate::texts::Lang;
use crate::types::User;
use crate::web::layout::see_other;
use crate::web::session::area::Area as _;
use crate::web::session::cookies;
use crate::web::session::return_to::ReturnTo;
use crate::web::{PageError, PageForm, language_cookie};

/// `GET /admin/language/{tag}?next=…`: 404 for an unknown language. Signed-in administrators get their mails in it,
/// too.
pub(crate) async fn choose(
    app: Data<App>,
    request: HttpRequest,
    tag: Path<String>,
) -> Result<HttpResponse, PageError> {
    let lang = Lang::of_tag(&tag).ok_or(PageError::NotFound)?;
    let next = ReturnTo::parse(PageForm::of_query(request.query_string()).get("next"), PATHS.root);
    if let Some(user) = signed_in(&app, &request).await? {
        accounts::choose_language(&app, &user, lang).await?;
    }
    let cookie = language_cookie(lang, app.config.public_url.is_https());
    Ok(see_other(next.as_str()).cookie(cookie).finish())
}

/// The administrator whose session the browser has, if it has one.
async fn signed_in(app: &App, request: &HttpRequest) -> Result<Option<User>, PageError> {
    let is_https = app.config.public_url.is_https();
    let Some(key) = cookies::session_key(request, AdminArea::SESSION_COOKIE, is_https) else {
        return Ok(None);
    };
    Ok(accounts::administrator(app, &key).await?.map(|(user, _)| user))
}
