//! `/admin/language/{tag}`: chooses a language, and goes back to the page.

use actix_web::web::{Data, Path};
use actix_web::{HttpRequest, HttpResponse};
use url::form_urlencoded::byte_serialize;

use crate::app::App;
use crate::texts::Lang;
use crate::web::layout::see_other;
use crate::web::session::return_to::ReturnTo;
use crate::web::{PageError, PageForm, remember};

/// `GET /admin/language/{tag}?next=…`. Changes nothing but what the reader sees.
///
/// # Errors
/// [`PageError::NotFound`] for a language that is not there.
pub(crate) async fn choose(
    app: Data<App>,
    request: HttpRequest,
    tag: Path<String>,
) -> Result<HttpResponse, PageError> {
    let lang = Lang::of_tag(&tag).ok_or(PageError::NotFound)?;
    let next = ReturnTo::parse(PageForm::of_query(request.query_string()).get("next"));
    let cookie = remember(lang, app.config.public_url.is_https());
    Ok(see_other(next.as_str()).cookie(cookie).finish())
}

/// A path as the value of a parameter.
pub(crate) fn encoded(path: &str) -> String {
    byte_serialize(path.as_bytes()).collect()
}
