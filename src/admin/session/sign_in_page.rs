//! The sign-in page of the admin.

use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::LogInError;
use crate::admin::navigation::PATHS;
use crate::app::App;
use crate::http;
use crate::texts::Lang;
use crate::web;
use crate::web::session::paths::AreaPaths;
use crate::web::session::pending_form::PendingForm;
use crate::web::session::return_to::ReturnTo;
use crate::web::{Page, PageError, PageForm, SiteView};

#[derive(Template)]
#[template(path = "admin/session/sign_in.html")]
pub(super) struct SignInPage {
    pub t: Lang,
    site: SiteView,
    paths: AreaPaths,
    next: String,
    /// The query of the page, with `&` at its end.
    query: String,
    /// Whether the session ended before a form arrived. The page after signing in says so.
    pub is_session_over: bool,
    /// The fields of the form that waits, and the token of the session that it came from.
    pending: Option<(Vec<(String, String)>, String)>,
    username: String,
    pub note: Option<&'static str>,
    /// The requested page at `public_url`, if this page was opened at another address.
    elsewhere: Option<String>,
    /// Whether that is why signing in was refused.
    is_plain_http: bool,
    /// The page that sends a link for a new password, where emails are sent.
    forgot: Option<&'static str>,
    errors: Vec<String>,
    username_errors: Vec<String>,
    password_errors: Vec<String>,
}

#[derive(Template)]
#[template(path = "admin/session/not_administrator.html")]
struct NotAdministratorPage {
    t: Lang,
    site: SiteView,
    paths: AreaPaths,
    /// The query of the sign-in page, with `&` at its end.
    query: String,
}

impl SignInPage {
    pub(super) fn new(request: &HttpRequest, next: &ReturnTo) -> Self {
        let is_session_over = is_session_over(request);
        let ended = if is_session_over { "&ended=1" } else { "" };
        Self {
            t: web::language(request),
            site: site(request),
            paths: PATHS,
            next: next.as_str().to_owned(),
            query: format!("next={}{ended}&", next.encoded()),
            is_session_over,
            pending: None,
            username: String::new(),
            note: None,
            elsewhere: address_elsewhere(request, next),
            is_plain_http: false,
            forgot: forgot(request),
            errors: Vec::new(),
            username_errors: Vec::new(),
            password_errors: Vec::new(),
        }
    }

    /// In the language that was chosen on the page, if one was, with the username that was typed.
    pub(super) fn in_language(mut self, chosen: Option<Lang>, username: &str) -> Self {
        if let Some(t) = chosen {
            self.t = t;
            username.clone_into(&mut self.username);
        }
        self
    }

    /// Carries a form that came after the end of the session with this form token.
    pub(super) fn with_pending(mut self, pending: &PendingForm, form_token: &str) -> Self {
        self.is_session_over = false;
        self.pending = Some((pending.sign_in_fields(), form_token.to_owned()));
        self.note = Some(match pending.lost_passwords {
            true => self.t.session_over_without_passwords(),
            false => self.t.session_over_pending(),
        });
        self
    }

    pub(super) fn render(self) -> HttpResponse {
        self.render_with(StatusCode::OK)
    }

    /// 403: the form that waits was not carried out.
    pub(super) fn render_forbidden(self) -> HttpResponse {
        self.render_with(StatusCode::FORBIDDEN)
    }

    /// The page for a browser that would not store the cookie of the session, 422.
    pub(super) fn render_plain_http(mut self) -> HttpResponse {
        self.is_plain_http = true;
        self.render_with(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// The page for empty fields, 422.
    pub(super) fn render_incomplete(mut self, username: &str, password: &str) -> HttpResponse {
        let t = self.t;
        let missing =
            |is_missing: bool| if is_missing { vec![t.field_is_empty().to_owned()] } else { Vec::new() };
        (self.username_errors, self.password_errors) =
            (missing(username.is_empty()), missing(password.is_empty()));
        username.clone_into(&mut self.username);
        self.render_with(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// The page for a login that failed.
    pub(super) fn render_refused(
        mut self,
        username: &str,
        error: LogInError,
    ) -> Result<HttpResponse, PageError> {
        username.clone_into(&mut self.username);
        match error {
            LogInError::Invalid => {
                self.errors = vec![self.t.sign_in_wrong().to_owned()];
                Ok(self.render_with(StatusCode::UNPROCESSABLE_ENTITY))
            }
            LogInError::Throttled(wait) => {
                self.errors = vec![self.t.sign_in_throttled(self.t.span(wait))];
                let mut response = self.render_with(StatusCode::TOO_MANY_REQUESTS);
                response.headers_mut().insert(header::RETRY_AFTER, http::retry_after(wait).into());
                Ok(response)
            }
            LogInError::Engine(error) => Err(error.into()),
            LogInError::Store(error) => Err(error.into()),
            LogInError::Token(_) => Err(PageError::Internal),
        }
    }

    fn render_with(self, status: StatusCode) -> HttpResponse {
        let is_empty = self.pending.is_none() && self.username.is_empty();
        let page = Page::new(self).with_status(status).with_script();
        if is_empty { page.impersonal() } else { page }.into_response()
    }

    fn has_errors(&self) -> bool {
        self.is_plain_http
            || !(self.errors.is_empty() && self.username_errors.is_empty() && self.password_errors.is_empty())
    }
}

fn site(request: &HttpRequest) -> SiteView {
    request.app_data::<Data<App>>().map(|app| SiteView::of(app)).unwrap_or_default()
}

/// The page that sends a link for a new password: with account pages, and if emails are sent.
fn forgot(request: &HttpRequest) -> Option<&'static str> {
    let app = request.app_data::<Data<App>>()?;
    (app.config.account.pages && app.current().mail.is_sent()).then_some("/forgot-password")
}

/// The requested page at `public_url`, if the browser is at another address.
fn address_elsewhere(request: &HttpRequest, next: &ReturnTo) -> Option<String> {
    let app = request.app_data::<Data<App>>()?;
    http::is_elsewhere(request, app).then(|| format!("{}{}", app.config.public_url, next.as_str()))
}

/// Whether the guard sent a form here because its session had ended.
pub(super) fn is_session_over(request: &HttpRequest) -> bool {
    PageForm::of_query(request.query_string()).has("ended")
}

/// The page for a user without the right to be here, 403.
pub(super) fn render_not_administrator(request: &HttpRequest, next: &ReturnTo) -> HttpResponse {
    http::note_refusal(request, "not an administrator");
    let query = format!("next={}&", next.encoded());
    Page::new(NotAdministratorPage { t: web::language(request), site: site(request), paths: PATHS, query })
        .with_status(StatusCode::FORBIDDEN)
        .into_response()
}
