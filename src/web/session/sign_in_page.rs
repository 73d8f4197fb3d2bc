//! The sign-in page of an area.

use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::LogInError;
use crate::app::App;
use crate::http;
use crate::texts::Lang;
use crate::web;
use crate::web::session::paths::AreaPaths;
use crate::web::session::pending_form::PendingForm;
use crate::web::session::return_to::encode;
use crate::web::{Page, PageError, PageForm, SiteView};

/// The page, and what it carries to the form that it sends.
#[derive(Template)]
#[template(path = "web/session/sign_in.html")]
pub(crate) struct SignInPage {
    pub t: Lang,
    site: SiteView,
    paths: AreaPaths,
    help: SignInHelp,
    /// The page to go to, if one was requested.
    next: Option<String>,
    /// The other origin that it has, if it is not one of this server.
    form_target: Option<String>,
    /// The query of the page, with `&` at its end.
    query: String,
    /// Whether the session ended before a form arrived. The page after signing in says so.
    pub is_session_over: bool,
    /// The fields of the form that waits, and the token of the session that it came from.
    pending: Option<(Vec<(String, String)>, String)>,
    username: String,
    note: Option<String>,
    /// Whether the note has somebody's name.
    has_personal_note: bool,
    /// The page to go on at, below `public_url`, if this one was opened at another address.
    elsewhere: Option<String>,
    /// Whether that is why signing in was refused.
    is_plain_http: bool,
    errors: Vec<String>,
    username_errors: Vec<String>,
    password_errors: Vec<String>,
}

/// Who the page is for, and the ways on for those who cannot sign in.
pub(crate) enum SignInHelp {
    /// For users: the page for a forgotten password, and that for a new account if one may be made.
    Users { forgot: String, register: Option<String> },
    /// For administrators: the page for a forgotten password, where emails are sent, beside the command.
    Administrators { forgot: Option<&'static str> },
}

impl SignInPage {
    /// The page that `request` asks for. A browser that opened it at another address is led to `start`, below
    /// `public_url`.
    pub(crate) fn new(
        request: &HttpRequest,
        paths: AreaPaths,
        next: Option<&str>,
        start: &str,
        help: SignInHelp,
    ) -> Self {
        let app = request.app_data::<Data<App>>();
        let is_session_over = is_session_over(request);
        let next_parameter = next.map(|next| format!("next={}&", encode(next))).unwrap_or_default();
        let elsewhere = app.filter(|app| http::is_elsewhere(request, app));
        Self {
            t: web::language(request),
            site: app.map(|app| SiteView::of(app)).unwrap_or_default(),
            paths,
            help,
            next: next.map(str::to_owned),
            form_target: None,
            query: format!("{next_parameter}{}", if is_session_over { "ended=1&" } else { "" }),
            is_session_over,
            pending: None,
            username: String::new(),
            note: None,
            has_personal_note: false,
            elsewhere: elsewhere.map(|app| format!("{}{start}", app.config.public_url)),
            is_plain_http: false,
            errors: Vec::new(),
            username_errors: Vec::new(),
            password_errors: Vec::new(),
        }
    }

    /// Lets the form lead to another origin.
    pub(crate) fn with_form_target(self, origin: Option<&str>) -> Self {
        Self { form_target: origin.map(str::to_owned), ..self }
    }

    /// With a sentence above the form.
    pub(crate) fn with_note(self, note: Option<&str>) -> Self {
        Self { note: note.map(str::to_owned), ..self }
    }

    /// With a sentence that has the name of a user.
    pub(crate) fn with_personal_note(self, note: String) -> Self {
        Self { note: Some(note), has_personal_note: true, ..self }
    }

    /// In the language that was chosen on the page, with the username that was typed.
    pub(super) fn in_language(self, t: Lang, username: &str) -> Self {
        Self { t, username: username.to_owned(), ..self }
    }

    /// Carries a form that came after the end of the session with this form token.
    pub(crate) fn with_pending(mut self, pending: &PendingForm, form_token: &str) -> Self {
        self.is_session_over = false;
        self.pending = Some((pending.sign_in_fields(), form_token.to_owned()));
        let note = match pending.lost_passwords {
            true => self.t.session_over_without_passwords(),
            false => self.t.session_over_pending(),
        };
        self.with_note(Some(note))
    }

    /// The page, 200.
    pub(crate) fn render(self) -> HttpResponse {
        self.render_with(StatusCode::OK)
    }

    /// 403: the form that waits was not carried out.
    pub(crate) fn render_forbidden(self) -> HttpResponse {
        self.render_with(StatusCode::FORBIDDEN)
    }

    /// The page for a browser that would not store the cookie of the session, 422.
    pub(super) fn render_plain_http(mut self) -> HttpResponse {
        self.is_plain_http = true;
        self.render_with(StatusCode::UNPROCESSABLE_ENTITY)
    }

    /// The page for empty fields, 422.
    pub(super) fn render_incomplete(mut self, username: &str, password: &str) -> HttpResponse {
        let text = self.t.field_is_empty();
        let errors = |typed: &str| if typed.is_empty() { vec![text.to_owned()] } else { Vec::new() };
        (self.username_errors, self.password_errors) = (errors(username), errors(password));
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
        let is_personal = self.pending.is_some() || self.has_personal_note || !self.username.is_empty();
        let target = self.form_target.clone();
        let page = Page::new(self).with_status(status).with_script().with_form_target(target.as_deref());
        if is_personal { page } else { page.impersonal() }.into_response()
    }

    fn has_errors(&self) -> bool {
        self.is_plain_http
            || !(self.errors.is_empty() && self.username_errors.is_empty() && self.password_errors.is_empty())
    }
}

/// Whether the guard sent a form here because its session had ended.
pub(super) fn is_session_over(request: &HttpRequest) -> bool {
    PageForm::of_query(request.query_string()).has("ended")
}
