//! `/admin/sign-in` and `/admin/sign-out`.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::{self, ActorKind, Credentials, LogInError, SignIn};
use crate::admin::language;
use crate::app::App;
use crate::http;
use crate::store::tables::users;
use crate::texts::Lang;
use crate::types::{AdminKey, Identifier, Password, UserId, trimmed};
use crate::web;
use crate::web::flash::{Flash, Undone};
use crate::web::layout::see_other;
use crate::web::session::cookies;
use crate::web::session::guard::{Administrator, FORM_TOKEN, Post};
use crate::web::session::pending_form::PendingForm;
use crate::web::session::return_to::ReturnTo;
use crate::web::{Page, PageError, PageForm, refuse_cross_site};

/// Where everything in the admin begins.
const HOME: &str = "/admin/";

#[derive(Template)]
#[template(path = "web/session/sign_in.html")]
struct SignInPage {
    t: Lang,
    next: String,
    here: String,
    /// Whether a form came after the session's end; told once they are in again.
    is_ended: bool,
    /// What that form said, and the token that shows whose it was.
    kept: Option<(Vec<(String, String)>, String)>,
    username: String,
    note: Option<&'static str>,
    errors: Vec<String>,
    username_errors: Vec<String>,
    password_errors: Vec<String>,
}

#[derive(Template)]
#[template(path = "web/session/pending_form.html")]
struct PendingFormPage {
    t: Lang,
    form_token: String,
    kept: PendingForm,
}

#[derive(Template)]
#[template(path = "web/session/not_administrator.html")]
struct NotAdministratorPage {
    t: Lang,
    here: String,
}

impl SignInPage {
    fn new(request: &HttpRequest, next: &ReturnTo) -> Self {
        let is_ended = is_ended(request);
        let ended = if is_ended { "&ended=1" } else { "" };
        Self {
            t: web::language(request),
            next: next.as_str().to_owned(),
            here: language::encoded(&format!("{}{ended}", next.after("/admin/sign-in"))),
            is_ended,
            kept: None,
            username: String::new(),
            note: None,
            errors: Vec::new(),
            username_errors: Vec::new(),
            password_errors: Vec::new(),
        }
    }

    /// With what a form said that came after the session's end.
    fn keeping(mut self, kept: &PendingForm, token: &str) -> Self {
        self.is_ended = false;
        self.kept = Some((kept.packed(), token.to_owned()));
        self.note = Some(match kept.has_lost_passwords {
            true => self.t.session_over_kept_but_passwords(),
            false => self.t.session_over_kept(),
        });
        self
    }

    fn has_errors(&self) -> bool {
        !(self.errors.is_empty() && self.username_errors.is_empty() && self.password_errors.is_empty())
    }
}

/// `GET /admin/sign-in`: the form; whoever is signed in goes on.
pub(crate) async fn form(
    app: Data<App>,
    request: HttpRequest,
    admin: Result<Administrator, PageError>,
) -> Result<HttpResponse, PageError> {
    let query = PageForm::of_query(request.query_string());
    let next = ReturnTo::parse(query.get("next"));
    match admin {
        Ok(_) => return Ok(see_other(next.as_str()).finish()),
        Err(PageError::First(_)) => {}
        Err(error) => return Err(error),
    }
    let mut page = SignInPage::new(&request, &next);
    if page.is_ended {
        page.note = Some(page.t.session_over());
    } else if query.has("left") {
        page.note = Some(page.t.shut_out());
    } else if query.has("again") {
        page.note = Some(page.t.signed_out_by_password());
    } else if query.has("out") {
        page.note = Some(page.t.signed_out());
    } else if app.store.read(|conn| users::page(conn, UserId::new(0), 1)).await?.is_empty() {
        page.note = Some(page.t.no_users_yet());
    }
    Ok(Page::new(page).into_response())
}

/// The sign-in page as the answer to a form that came after the end of the session with this key.
pub(crate) fn keeping(request: &HttpRequest, key: &AdminKey, kept: PendingForm) -> HttpResponse {
    let page = SignInPage::new(request, &kept.action).keeping(&kept, &key.form_token());
    Page::new(page).with_status(StatusCode::FORBIDDEN).into_response()
}

/// `POST /admin/sign-in`: into the admin, to the page that was asked for; with what a form said that
/// came after the end of the session before.
///
/// # Errors
/// If the form comes from another site or cannot be read, or the password cannot be checked now.
pub(crate) async fn submit(
    app: Data<App>,
    request: HttpRequest,
    body: Payload,
) -> Result<HttpResponse, PageError> {
    refuse_cross_site(&request)?;
    let form = PageForm::read(&request, body).await?;
    let next = ReturnTo::parse(form.get("next"));
    let is_https = app.config.public_url.is_https();
    let earlier = cookies::session(&request, is_https);
    let token = form.get(FORM_TOKEN);
    let is_own = earlier.as_ref().is_some_and(|key| key.fits_form(token));
    let kept = PendingForm::unpacked(&form, next.clone()).filter(|_| is_own);
    let page = || {
        let page = SignInPage::new(&request, &next);
        if let Some(kept) = &kept { page.keeping(kept, token) } else { page }
    };
    let (username, password) = (trimmed(form.get("username")), trimmed(form.get("password")));
    if username.is_empty() || password.is_empty() {
        return Ok(incomplete(page(), username, password));
    }
    let credentials =
        Credentials { identifier: Identifier::new(username), password: Password::new(password.to_owned()) };
    let by = http::actor(&request, ActorKind::Anonymous);
    match accounts::sign_in(&app, credentials, earlier, &by).await {
        Ok(SignIn::Entered(key)) => {
            let mut response = match kept {
                Some(kept) => {
                    let (t, form_token) = (web::language(&request), key.form_token());
                    Page::new(PendingFormPage { t, form_token, kept }).into_response()
                }
                None => see_other(next.as_str()).finish(),
            };
            let over = is_ended(&request).then_some(Flash::Not(Undone::SessionOver));
            let cookies = [
                Some(cookies::carrying(&key, is_https)),
                over.map(|over| cookies::flashing(&over, is_https)),
            ];
            for cookie in cookies.into_iter().flatten() {
                response.add_cookie(&cookie).map_err(|_| PageError::Internal)?;
            }
            Ok(response)
        }
        Ok(SignIn::NotAdministrator) => Ok(not_administrator(&request, &next)),
        Err(error) => refused(page(), username, error),
    }
}

/// Whether a form that came after the session's end led here.
fn is_ended(request: &HttpRequest) -> bool {
    PageForm::of_query(request.query_string()).has("ended")
}

fn incomplete(mut page: SignInPage, username: &str, password: &str) -> HttpResponse {
    let missing =
        |is_missing: bool| if is_missing { vec![page.t.field_is_empty().to_owned()] } else { Vec::new() };
    (page.username_errors, page.password_errors) =
        (missing(username.is_empty()), missing(password.is_empty()));
    page.username = username.to_owned();
    Page::new(page).with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response()
}

fn not_administrator(request: &HttpRequest, next: &ReturnTo) -> HttpResponse {
    let here = language::encoded(&next.after("/admin/sign-in"));
    Page::new(NotAdministratorPage { t: web::language(request), here })
        .with_status(StatusCode::FORBIDDEN)
        .into_response()
}

fn refused(mut page: SignInPage, username: &str, error: LogInError) -> Result<HttpResponse, PageError> {
    page.username = username.to_owned();
    match error {
        LogInError::Invalid => {
            page.errors = vec![page.t.sign_in_wrong().to_owned()];
            Ok(Page::new(page).with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
        }
        LogInError::Throttled(wait) => {
            page.errors = vec![page.t.sign_in_throttled(page.t.span(wait))];
            let mut response = Page::new(page).with_status(StatusCode::TOO_MANY_REQUESTS).into_response();
            response.headers_mut().insert(header::RETRY_AFTER, http::retry_after(wait).into());
            Ok(response)
        }
        LogInError::Engine(error) => Err(error.into()),
        LogInError::Store(error) => Err(error.into()),
        LogInError::Token(_) => Err(PageError::Internal),
    }
}

/// `POST /admin/sign-out`. Has the browser drop the pages that it keeps for the back button, too: not
/// storing them does not stop it (Clear Site Data §3.1, `"cache"`; over https or on this machine).
pub(crate) async fn out(app: Data<App>, post: Post) -> Result<HttpResponse, PageError> {
    let Post { admin, .. } = post;
    let is_https = admin.is_https;
    accounts::sign_out(&app, admin.key, &admin.actor).await?;
    Ok(see_other("/admin/sign-in?out=1")
        .insert_header((header::CLEAR_SITE_DATA, "\"cache\""))
        .cookie(cookies::without_session(is_https))
        .finish())
}

/// `GET /admin/sign-out`, and whatever else takes forms alone: to the start.
pub(crate) async fn home() -> HttpResponse {
    see_other(HOME).finish()
}
