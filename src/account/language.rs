//! `/account/language/{tag}`: chooses a language, and redirects to the page `next`.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::account::area::AccountArea;
use crate::account::navigation::HOME;
use crate::app::App;
use crate::texts::Lang;
use crate::web::layout::see_other;
use crate::web::session::next_url::NextUrl;
use crate::web::session::remember_language::remember_language;
use crate::web::{PageError, PageForm, language_cookie};

/// `GET /account/language/{tag}?next=…`: 404 for an unknown language.
pub(crate) async fn choose(
    app: Data<App>,
    request: HttpRequest,
    tag: Path<String>,
) -> Result<HttpResponse, PageError> {
    let lang = Lang::of_tag(&tag).ok_or(PageError::NotFound)?;
    remember_language::<AccountArea>(&app, &request, lang).await?;
    let query = PageForm::of_query(request.query_string());
    let next = NextUrl::parse(query.get("next"), &app.config);
    let cookie = language_cookie(lang, app.config.public_url.is_https());
    Ok(see_other(next.as_ref().map_or(HOME, NextUrl::as_str)).cookie(cookie).finish())
}
