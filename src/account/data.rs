//! `/account/data`: all data about the user, to read, to print and to download; and the deletion of the account.

use actix_web::http::header::ContentType;
use actix_web::http::{Method, StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use serde_json::Value;

use crate::account::area::{AccountArea, AccountPost, AccountUser};
use crate::accounts::{self, DeleteOwnAccountError};
use crate::app::App;
use crate::config::AccountPart;
use crate::http;
use crate::texts::Lang;
use crate::types::{Password, trimmed};
use crate::web::layout::{Layout, see_other};
use crate::web::personal_data;
use crate::web::personal_data::DataPageFrame;
use crate::web::session::area::Area as _;
use crate::web::session::cookies;
use crate::web::session::reauthenticate::Reauthenticated;
use crate::web::{Page, PageError, SiteView, language};

/// The page, and those below it.
const HOME: &str = "/account/data";
const FILE: &str = "/account/data.json";
const DELETED: &str = "/account/data/deleted";

#[derive(Template)]
#[template(path = "account/data.html")]
struct DataPage {
    layout: Layout,
    site: SiteView,
    /// Whether users may delete their account. A view says that it cannot.
    may_delete: bool,
    /// Whether the user is the last administrator, who may not.
    is_last: bool,
    errors: Vec<String>,
    /// `account.delete_after` in words and its last day, if a deletion waits.
    wait: Option<String>,
}

#[derive(Template)]
#[template(path = "account/deleted.html")]
struct AccountDeletedPage {
    t: Lang,
    site: SiteView,
    /// `account.delete_after` in words and its last day, if the deletion waits.
    wait: Option<String>,
    /// Whether this server can send emails.
    is_mail_sent: bool,
}

/// `GET /account/data`.
pub(crate) async fn page(app: Data<App>, user: AccountUser) -> Result<HttpResponse, PageError> {
    render(&app, &user, Vec::new(), StatusCode::OK).await
}

/// `GET /account/data/all`: everything, to read and to print. `HEAD` exports nothing.
pub(crate) async fn all(
    app: Data<App>,
    request: HttpRequest,
    user: Reauthenticated<AccountArea>,
) -> Result<HttpResponse, PageError> {
    let Some(data) = export(&app, &request, &user.0).await? else {
        return Ok(HttpResponse::Ok().content_type(ContentType::html()).finish());
    };
    let t = user.0.t;
    let back = (HOME, t.your_data().to_owned());
    Ok(personal_data::page(DataPageFrame { t, site: SiteView::of(&app), back, file: FILE }, &data))
}

/// `GET /account/data.json`: everything, as a file.
pub(crate) async fn file(
    app: Data<App>,
    request: HttpRequest,
    user: Reauthenticated<AccountArea>,
) -> Result<HttpResponse, PageError> {
    let data = export(&app, &request, &user.0).await?;
    Ok(personal_data::file("my-data", data.as_ref()))
}

/// The data; `None` for `HEAD`. An administrator who views the account has an export of their own in the admin.
async fn export(app: &App, request: &HttpRequest, user: &AccountUser) -> Result<Option<Value>, PageError> {
    AccountArea::check_may_write(&user.session)?;
    if request.method() == Method::HEAD {
        return Ok(None);
    }
    let data = accounts::export_user(app, user.user.id, &user.actor).await?;
    data.ok_or(PageError::NotFound).map(Some)
}

/// `POST /account/data/delete`: deletes the account with its password, and redirects to [`deleted`].
pub(crate) async fn delete(app: Data<App>, post: AccountPost) -> Result<HttpResponse, PageError> {
    let AccountPost { sender: user, form } = post;
    let t = user.t;
    let refused = |error: &str, status| render(&app, &user, vec![error.to_owned()], status);
    let password = trimmed(form.get("password"));
    if password.is_empty() {
        return refused(t.field_is_empty(), StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    let password = Password::new(password.to_owned());
    match accounts::delete_own_account(&app, &user.user, password, &user.actor).await {
        Ok(_) => Ok(see_other(DELETED)
            .insert_header((header::CLEAR_SITE_DATA, "\"cache\""))
            .cookie(AccountArea::COOKIE.removal(user.is_https))
            .cookie(cookies::ADMIN.removal(user.is_https))
            .finish()),
        Err(DeleteOwnAccountError::NotAllowed) => Err(PageError::NotFound),
        Err(DeleteOwnAccountError::WrongPassword) => {
            refused(t.reauthenticate_wrong(), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(DeleteOwnAccountError::LastAdministrator) => {
            refused(t.last_administrator(), StatusCode::UNPROCESSABLE_ENTITY).await
        }
        Err(DeleteOwnAccountError::Throttled(wait)) => {
            let mut response =
                refused(&t.sign_in_throttled(t.span(wait)), StatusCode::TOO_MANY_REQUESTS).await?;
            response.headers_mut().insert(header::RETRY_AFTER, http::retry_after(wait).into());
            Ok(response)
        }
        Err(DeleteOwnAccountError::Engine(error)) => Err(error.into()),
        Err(DeleteOwnAccountError::Store(error)) => Err(error.into()),
    }
}

/// `GET /account/data/delete`: redirects to the page with the form.
pub(crate) async fn to_page() -> HttpResponse {
    see_other(HOME).finish()
}

/// `GET /account/data/deleted`: what happened, and what remains. It needs no session: there is none any more.
pub(crate) async fn deleted(app: Data<App>, request: HttpRequest) -> HttpResponse {
    let t = language(&request);
    Page::new(AccountDeletedPage {
        t,
        site: SiteView::of(&app),
        wait: wait(&app, t),
        is_mail_sent: app.current().mail.is_sent(),
    })
    .into_response()
}

async fn render(
    app: &App,
    user: &AccountUser,
    errors: Vec<String>,
    status: StatusCode,
) -> Result<HttpResponse, PageError> {
    let may_delete = app.config.account.allows(AccountPart::Delete);
    let (site, wait) = (SiteView::of(app), wait(app, user.t));
    let is_last = may_delete && accounts::is_last_administrator(app, &user.user).await?;
    let page = DataPage { layout: user.layout(), site, may_delete, is_last, errors, wait };
    Ok(user.render(Page::new(page).with_status(status)))
}

fn wait(app: &App, t: Lang) -> Option<String> {
    let wait = Some(app.config.account.delete_after).filter(|wait| !wait.is_zero())?;
    Some(t.delete_wait(t.span(wait), t.date(app.clock.now().plus(wait))))
}
