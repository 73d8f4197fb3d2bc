//! The language that a signed-in user chose on a page: mails to the user are in it, too.

use actix_web::HttpRequest;

use crate::accounts;
use crate::app::App;
use crate::texts::Lang;
use crate::web::PageError;
use crate::web::session::area::Area;

/// Stores the language with the user whose session in the area `A` the browser has. Nothing without a session, or
/// with one that may only read.
pub(crate) async fn remember_language<A: Area>(
    app: &App,
    request: &HttpRequest,
    lang: Lang,
) -> Result<(), PageError> {
    let opened = A::open_session(app, request).await?;
    if let Some(opened) = opened.filter(|opened| A::check_may_write(&opened.session).is_ok()) {
        accounts::choose_language(app, &opened.user, lang).await?;
    }
    Ok(())
}
