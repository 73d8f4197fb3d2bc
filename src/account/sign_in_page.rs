//! The sign-in page of the account pages.

use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::navigation::PATHS;
use crate::accounts::LogInError;
use crate::app::App;
use crate::http;
use crate::texts::Lang;
use crate::web;
use crate::web::session::next_url::NextUrl;
use crate::web::session::paths::AreaPaths;
use crate::web::session::pending_form::PendingForm;
use crate::web::session::return_to::encode;
use crate::web::{Page, PageError, PageForm, SiteView};

#[derive(Template)]
#[template(path = "account/sign_in.html")]
pub(super) struct AccountSignInPage {
    pub t: Lang,
    site: SiteView,
    paths: AreaPaths,
    /// The page to go to, if one was requested, and the same as the value of a parameter.
    next: Option<NextUrl>,
    /// The page itself, as the value of a parameter.
    here: String,
    /// Whether the session ended before a form arrived. The page after signing in says so.
    pub is_session_over: bool,
    /// The fields of the form that waits, and the token of the session that it came from.
    pending: Option<(Vec<(String, String)>, String)>,
    username: String,
    pub note: Option<String>,
    /// The page at `public_url`, if this one was opened at another address.
    elsewhere: Option<String>,
    /// Whether that is why signing in was refused.
    is_plain_http: bool,
    errors: Vec<String>,
    username_errors: Vec<String>,
    password_errors: Vec<String>,
}

impl AccountSignInPage {
    pub(super) fn new(request: &HttpRequest, next: Option<&NextUrl>) -> Self {
        let app = Self::app(request);
        let next = next.cloned();
        let is_session_over = is_session_over(request);
        let path = with_next(PATHS.sign_in, next.as_ref());
        let elsewhere = app.filter(|app| http::is_elsewhere(request, app));
        Self {
            t: web::language(request),
            site: app.map(|app| SiteView::of(app)).unwrap_or_default(),
            paths: PATHS,
            here: encode(&path),
            is_session_over,
            pending: None,
            username: String::new(),
            note: None,
            elsewhere: elsewhere.map(|app| format!("{}{path}", app.config.public_url)),
            is_plain_http: false,
            next,
            errors: Vec::new(),
            username_errors: Vec::new(),
            password_errors: Vec::new(),
        }
    }

    /// The application of a request.
    pub(super) fn app(request: &HttpRequest) -> Option<&Data<App>> {
        request.app_data::<Data<App>>()
    }

    /// Carries a form that came after the end of the session with this form token.
    pub(super) fn with_pending(mut self, pending: &PendingForm, form_token: &str) -> Self {
        self.is_session_over = false;
        self.pending = Some((pending.sign_in_fields(), form_token.to_owned()));
        self.note = Some(
            match pending.lost_passwords {
                true => self.t.session_over_without_passwords(),
                false => self.t.session_over_pending(),
            }
            .to_owned(),
        );
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
        self.username_errors = missing(username.is_empty());
        self.password_errors = missing(password.is_empty());
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
        let origin = self.next.as_ref().and_then(NextUrl::origin).map(str::to_owned);
        Page::new(self).with_status(status).with_script().with_form_target(origin.as_deref()).into_response()
    }

    fn has_errors(&self) -> bool {
        self.is_plain_http
            || !(self.errors.is_empty() && self.username_errors.is_empty() && self.password_errors.is_empty())
    }
}

/// A path with the parameter `next`, if there is one.
pub(super) fn with_next(path: &str, next: Option<&NextUrl>) -> String {
    next.map_or_else(|| path.to_owned(), |next| format!("{path}?next={}", next.encoded()))
}

/// Whether the guard sent a form here because its session had ended.
pub(super) fn is_session_over(request: &HttpRequest) -> bool {
    PageForm::of_query(request.query_string()).has("ended")
}
