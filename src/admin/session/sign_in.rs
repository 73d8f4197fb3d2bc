//! `/admin/sign-in` and `/admin/sign-out`.

use actix_web::http::header;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::{self, ActorKind, SignIn};
use crate::admin::navigation::PATHS;
use crate::admin::session::area::{AdminArea, Administrator, Post};
use crate::admin::session::not_administrator::render_not_administrator;
use crate::admin::session::sign_in_page::page;
use crate::app::App;
use crate::http;
use crate::store::tables::users;
use crate::types::UserId;
use crate::web::layout::see_other;
use crate::web::session::area::Area;
use crate::web::session::return_to::ReturnTo;
use crate::web::session::sign_in::{SignInStep, read_form};
use crate::web::{PageError, PageForm};

/// `GET /admin/sign-in`: the form. A signed-in administrator is sent on.
pub(crate) async fn form(
    app: Data<App>,
    request: HttpRequest,
    admin: Result<Administrator, PageError>,
) -> Result<HttpResponse, PageError> {
    let query = PageForm::of_query(request.query_string());
    let next = ReturnTo::parse(query.get("next"), PATHS.root);
    match admin {
        Ok(_) => return Ok(see_other(next.as_str()).finish()),
        Err(PageError::First(_)) => {}
        Err(error) => return Err(error),
    }
    let page = page(&request, &next);
    let t = page.t;
    let note = if page.is_session_over {
        Some(t.session_over())
    } else if query.has("left") {
        Some(t.signed_out_without_access())
    } else if query.has("again") {
        Some(t.signed_out_by_password())
    } else if query.has("out") {
        Some(t.signed_out())
    } else if app.store.read(|conn| users::page(conn, UserId::new(0), 1)).await?.is_empty() {
        Some(t.no_users_yet())
    } else {
        None
    };
    Ok(page.with_note(note).render())
}

/// `POST /admin/sign-in`: starts a session and redirects to the requested page, or to the form that came after
/// the end of the session before.
pub(crate) async fn submit(
    app: Data<App>,
    request: HttpRequest,
    body: Payload,
) -> Result<HttpResponse, PageError> {
    let form = read_form(&app, &request, body).await?;
    let next = ReturnTo::parse(form.get("next"), PATHS.root);
    let (credentials, attempt) =
        match SignInStep::of::<AdminArea>(&app, &request, &form, page(&request, &next))? {
            SignInStep::Show(response) => return Ok(response),
            SignInStep::Check(credentials, attempt) => (credentials, attempt),
        };
    let by = http::actor(&request, ActorKind::Anonymous);
    match accounts::sign_in(&app, credentials, attempt.earlier.clone(), &by).await {
        Ok(SignIn::Entered(key)) => attempt.finish::<AdminArea>(&request, &key, next.as_str()),
        Ok(SignIn::NotAdministrator) => Ok(render_not_administrator(&request, &next)),
        Err(error) => attempt.refuse(error),
    }
}

/// `POST /admin/sign-out`. Clears the browser's cache, which holds pages for its "back" button although they are
/// not to be stored (Clear Site Data §3.1, `"cache"`; browsers obey over https and on localhost).
pub(crate) async fn sign_out(app: Data<App>, post: Post) -> Result<HttpResponse, PageError> {
    let admin = post.sender;
    let is_https = admin.is_https;
    accounts::sign_out(&app, admin.key, &admin.actor).await?;
    Ok(see_other("/admin/sign-in?out=1")
        .insert_header((header::CLEAR_SITE_DATA, "\"cache\""))
        .cookie(AdminArea::COOKIE.removal(is_https))
        .finish())
}

/// `GET /admin/sign-out`: redirects to the start page.
pub(crate) async fn to_home() -> HttpResponse {
    see_other(PATHS.root).finish()
}
