//! `/admin/sign-in` and `/admin/sign-out`.

use actix_web::http::header;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::{self, ActorKind, Credentials, SignIn};
use crate::admin::flash::{Flash, Undone};
use crate::admin::navigation::PATHS;
use crate::admin::session::area::{AdminArea, Administrator, Post};
use crate::admin::session::sign_in_page::{SignInPage, is_session_over, render_not_administrator};
use crate::app::App;
use crate::http;
use crate::http::{OriginPolicy, verify_origin};
use crate::store::tables::users;
use crate::types::{Identifier, Password, UserId, trimmed};
use crate::web;
use crate::web::layout::see_other;
use crate::web::session::area::Area;
use crate::web::session::cookies;
use crate::web::session::pending_form::PendingForm;
use crate::web::session::return_to::ReturnTo;
use crate::web::{FORM_TOKEN, PageError, PageForm};

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
    let mut page = SignInPage::new(&request, &next);
    if page.is_session_over {
        page.note = Some(page.t.session_over());
    } else if query.has("left") {
        page.note = Some(page.t.signed_out_without_access());
    } else if query.has("again") {
        page.note = Some(page.t.signed_out_by_password());
    } else if query.has("out") {
        page.note = Some(page.t.signed_out());
    } else if app.store.read(|conn| users::page(conn, UserId::new(0), 1)).await?.is_empty() {
        page.note = Some(page.t.no_users_yet());
    }
    Ok(page.render())
}

/// `POST /admin/sign-in`: starts a session and redirects to the requested page, or to the form that came after
/// the end of the session before.
pub(crate) async fn submit(
    app: Data<App>,
    request: HttpRequest,
    body: Payload,
) -> Result<HttpResponse, PageError> {
    let is_on_plain_http = http::is_on_plain_http(&request, &app);
    if !is_on_plain_http {
        verify_origin(&request, OriginPolicy::PageCookie)?;
    }
    let form = PageForm::read(&request, body).await?;
    let next = ReturnTo::parse(form.get("next"), PATHS.root);
    let is_https = app.config.public_url.is_https();
    let earlier = AdminArea::COOKIE.key(&request, is_https);
    let form_token = form.get(FORM_TOKEN);
    let is_own = earlier.as_ref().is_some_and(|key| key.fits_form(form_token));
    let pending = PendingForm::from_sign_in(&form, next.clone()).filter(|_| is_own);
    let page = || {
        let page = SignInPage::new(&request, &next);
        if let Some(pending) = &pending { page.with_pending(pending, form_token) } else { page }
    };
    // Before the password is checked: the session would begin, and be of no use to its browser.
    if is_on_plain_http {
        return Ok(page().render_plain_http());
    }
    let (username, password) = (trimmed(form.get("username")), trimmed(form.get("password")));
    if username.is_empty() || password.is_empty() {
        return Ok(page().render_incomplete(username, password));
    }
    let credentials =
        Credentials { identifier: Identifier::new(username), password: Password::new(password.to_owned()) };
    let by = http::actor(&request, ActorKind::Anonymous);
    let key = match accounts::sign_in(&app, credentials, earlier, &by).await {
        Ok(SignIn::Entered(key)) => key,
        Ok(SignIn::NotAdministrator) => return Ok(render_not_administrator(&request, &next)),
        Err(error) => return page().render_refused(username, error),
    };
    let mut response = match pending {
        Some(pending) => pending
            .page(web::language(&request), key.form_token(), AdminArea::DISPLAYED_FIELDS)
            .into_response(),
        None => see_other(next.as_str()).finish(),
    };
    let flash = is_session_over(&request).then_some(Flash::Not(Undone::SessionOver));
    let cookies = [
        Some(AdminArea::COOKIE.with(&key, is_https)),
        flash.map(|flash| cookies::flash(AdminArea::FLASH_COOKIE, &flash, is_https)),
    ];
    for cookie in cookies.into_iter().flatten() {
        response.add_cookie(&cookie).map_err(|_| PageError::Internal)?;
    }
    Ok(response)
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
