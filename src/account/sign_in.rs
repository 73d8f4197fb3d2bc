//! `/sign-in` and `/sign-out`.

use actix_web::http::header;
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::area::{AccountArea, AccountPost, AccountSession, AccountUser};
use crate::account::navigation::{HOME, PATHS};
use crate::account::sign_in_page::page;
use crate::accounts::{self, ActorKind};
use crate::app::App;
use crate::http;
use crate::web::layout::{Layout, see_other};
use crate::web::session::cookies;
use crate::web::session::next_url::NextUrl;
use crate::web::session::sign_in::{SignInStep, read_form};
use crate::web::{FORM_TOKEN, Page, PageError, PageForm};

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
    let page = page(&request, next.as_ref());
    let t = page.t;
    let page = match user {
        Ok(user) if query.has(SWITCH) => {
            page.with_personal_note(t.account_sign_in_switch(&user.user.username))
        }
        Ok(_) => return Ok(see_other(next.as_ref().map_or(HOME, NextUrl::as_str)).finish()),
        Err(PageError::First(_)) if page.is_session_over => page.with_note(Some(t.session_over())),
        Err(PageError::First(_)) => page.with_note(query.has("out").then(|| t.signed_out())),
        Err(error) => return Err(error),
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
    let form = read_form(&app, &request, body).await?;
    let next = NextUrl::parse(form.get("next"), &app.config);
    let (credentials, attempt) =
        match SignInStep::of::<AccountArea>(&app, &request, &form, page(&request, next.as_ref()))? {
            SignInStep::Show(response) => return Ok(response),
            SignInStep::Check(credentials, attempt) => (credentials, attempt),
        };
    let by = http::actor(&request, ActorKind::Anonymous);
    match accounts::log_in_browser(&app, credentials, attempt.earlier.clone(), &by).await {
        Ok(key) => attempt.finish::<AccountArea>(&request, &key, next.as_ref().map_or(HOME, NextUrl::as_str)),
        Err(error) => attempt.refuse(error),
    }
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

#[derive(Template)]
#[template(path = "account/sign_out.html")]
struct SignOutPage {
    layout: Layout,
}

/// `GET /sign-out`: the button. A link of another site must not sign a user out.
pub(crate) async fn ask(user: Result<AccountUser, PageError>) -> Result<HttpResponse, PageError> {
    match user {
        Ok(user) => Ok(user.render(Page::new(SignOutPage { layout: user.layout() }))),
        Err(PageError::First(_)) => Ok(see_other(PATHS.sign_in).finish()),
        Err(error) => Err(error),
    }
}
