//! `/admin/language/{tag}`: chooses a language, and redirects to the page `next`.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};

use crate::admin::navigation::PATHS;
use crate::admin::session::AdminArea;
use crate::app::App;
use crate::texts::Lang;
use crate::web::layout::see_other;
use crate::web::session::remember_language::remember_language;
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
    remember_language::<AdminArea>(&app, &request, lang).await?;
    let cookie = language_cookie(lang, app.config.public_url.is_https());
    Ok(see_other(next.as_str()).cookie(cookie).finish())
}
