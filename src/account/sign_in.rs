//! `/sign-in` and `/sign-out`.

use actix_web::http::header;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};

use crate::account::area::{AccountArea, AccountPost, AccountSession, AccountUser};
use crate::account::navigation::{HOME, PATHS};
use crate::account::notice::AccountNotice;
use crate::account::sign_in_page::{AccountSignInPage, is_session_over};
use crate::accounts::{self, ActorKind, Credentials};
use crate::app::App;
use crate::http;
use crate::http::{OriginPolicy, verify_origin};
use crate::types::{Identifier, Password, trimmed};
use crate::web;
use crate::web::layout::see_other;
use crate::web::session::area::Area;
use crate::web::session::cookies;
use crate::web::session::next_url::NextUrl;
use crate::web::session::pending_form::PendingForm;
use crate::web::session::return_to::ReturnTo;
use crate::web::{FORM_TOKEN, PageError, PageForm};

/// The parameter of a link that asks for another user than the one who is signed in.
pub(crate) const SWITCH: &str = "switch";

/// `GET /sign-in`: the form. A signed-in user is sent on, unless another one is asked for.
pub(crate) async fn form(
    app: Data<App>,
    request: HttpRequest,
    user: Result<AccountUser, PageError>,
) -> Result<HttpResponse, PageError> {
    let query = PageForm::of_query(request.query_string());
    let next = NextUrl::parse(query.get("next"), &app.config);
    let signed_in = match user {
        Ok(user) if query.has(SWITCH) => Some(user.user.username),
        Ok(_) => return Ok(see_other(next.as_ref().map_or(HOME, NextUrl::as_str)).finish()),
        Err(PageError::First(_)) => None,
        Err(error) => return Err(error),
    };
    let mut page = AccountSignInPage::new(&request, next.as_ref());
    page.note = match signed_in {
        Some(name) => Some(page.t.account_sign_in_switch(name)),
        None if page.is_session_over => Some(page.t.session_over().to_owned()),
        None if query.has("out") => Some(page.t.signed_out().to_owned()),
        None => None,
    };
    Ok(page.render())
}

/// `POST /sign-in`: begins a session and redirects to the requested page, or to the form that came after the end of
/// the session before.
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
    let next = NextUrl::parse(form.get("next"), &app.config);
    let is_https = app.config.public_url.is_https();
    let earlier = AccountArea::COOKIE.key(&request, is_https);
    let form_token = form.get(FORM_TOKEN);
    let is_own = earlier.as_ref().is_some_and(|key| key.fits_form(form_token));
    let action = ReturnTo::parse(form.get("next"), PATHS.root);
    let pending = PendingForm::from_sign_in(&form, action).filter(|_| is_own);
    let page = || {
        let page = AccountSignInPage::new(&request, next.as_ref());
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
    let key = match accounts::log_in_browser(&app, credentials, earlier, &by).await {
        Ok(key) => key,
        Err(error) => return page().render_refused(username, error),
    };
    let mut response = match pending {
        Some(pending) => pending
            .page(web::language(&request), key.form_token(), AccountArea::DISPLAYED_FIELDS)
            .into_response(),
        None => see_other(next.as_ref().map_or(HOME, NextUrl::as_str)).finish(),
    };
    let notice = is_session_over(&request).then_some(AccountNotice::SessionOver);
    let cookies = [
        Some(AccountArea::COOKIE.with(&key, is_https)),
        notice.map(|notice| cookies::flash(AccountArea::FLASH_COOKIE, &notice, is_https)),
    ];
    for cookie in cookies.into_iter().flatten() {
        response.add_cookie(&cookie).map_err(|_| PageError::Internal)?;
    }
    Ok(response)
}

/// `POST /sign-out`: ends the session of the account pages and, for an administrator, that in the admin. Clears the
/// browser's cache, which holds pages for its "back" button although they are not to be stored (Clear Site Data
/// §3.1, `"cache"`; browsers obey over https and on localhost).
pub(crate) async fn sign_out(
    app: Data<App>,
    request: HttpRequest,
    post: AccountPost,
) -> Result<HttpResponse, PageError> {
    let user = post.sender;
    let is_https = user.is_https;
    match &user.session {
        AccountSession::Browser(_) => accounts::log_out_browser(&app, user.key, &user.actor).await?,
        AccountSession::Admin(_) | AccountSession::View(_) => {
            accounts::sign_out(&app, user.key, &user.actor).await?;
        }
    }
    let mut response = see_other("/sign-in?out=1");
    response.insert_header((header::CLEAR_SITE_DATA, "\"cache\""));
    for cookie in [cookies::ACCOUNT, cookies::ADMIN] {
        if cookie.key(&request, is_https).is_some_and(|key| key.fits_form(post.form.get(FORM_TOKEN))) {
            response.cookie(cookie.removal(is_https));
        }
    }
    Ok(response.finish())
}

/// `GET /sign-out`: redirects to the account.
pub(crate) async fn to_account() -> HttpResponse {
    see_other(HOME).finish()
}
