//! The form of a sign-in page, from its arrival to the redirect.

use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::{Credentials, LogInError};
use crate::app::App;
use crate::http;
use crate::http::{OriginPolicy, verify_origin};
use crate::texts::Lang;
use crate::types::{BrowserKey, Identifier, Password, trimmed};
use crate::web;
use crate::web::layout::see_other;
use crate::web::session::area::Area;
use crate::web::session::cookies;
use crate::web::session::pending_form::PendingForm;
use crate::web::session::return_to::ReturnTo;
use crate::web::session::sign_in_page::{SignInPage, is_session_over};
use crate::web::{FORM_TOKEN, PageError, PageForm, language_cookie};

/// A sign-in form with both fields, before its password is checked.
pub(crate) struct SignInAttempt {
    username: String,
    /// The page that shows why signing in failed.
    page: SignInPage,
    /// The form to go on with afterwards.
    pending: Option<PendingForm>,
    /// The session that the browser had before.
    pub earlier: Option<BrowserKey>,
    is_https: bool,
}

/// What a sign-in form leads to.
pub(crate) enum SignInStep {
    /// The page again: in another language, or with what is missing.
    Show(HttpResponse),
    /// A password to check.
    Check(Credentials, Box<SignInAttempt>),
}

/// Reads a sign-in form.
///
/// # Errors
/// [`PageError`] for a form from another site, and for a body that is no form.
pub(crate) async fn read_form(
    app: &App,
    request: &HttpRequest,
    body: Payload,
) -> Result<PageForm, PageError> {
    if !http::is_on_plain_http(request, app) {
        verify_origin(request, OriginPolicy::PageCookie)?;
    }
    PageForm::read(request, body).await
}

impl SignInStep {
    /// The step after `form`, which was sent to the area `A` from `page`.
    pub(crate) fn of<A: Area>(
        app: &App,
        request: &HttpRequest,
        form: &PageForm,
        mut page: SignInPage,
    ) -> Result<Self, PageError> {
        let is_https = app.config.public_url.is_https();
        let earlier = A::COOKIE.key(request, is_https);
        let form_token = form.get(FORM_TOKEN);
        let is_own = earlier.as_ref().is_some_and(|key| key.fits_form(form_token));
        let action = ReturnTo::parse(form.get("next"), A::PATHS.root);
        let pending = PendingForm::from_sign_in(form, action).filter(|_| is_own);
        if let Some(pending) = &pending {
            page = page.with_pending(pending, form_token);
        }
        if let Some(t) = Lang::of_tag(form.get("language")) {
            let mut response = page.in_language(t, form.get("username")).render();
            response.add_cookie(&language_cookie(t, is_https)).map_err(|_| PageError::Internal)?;
            return Ok(Self::Show(response));
        }
        // Before the password is checked: the session would begin, and be of no use to its browser.
        if http::is_on_plain_http(request, app) {
            return Ok(Self::Show(page.render_plain_http()));
        }
        let (username, password) = (trimmed(form.get("username")), trimmed(form.get("password")));
        if username.is_empty() || password.is_empty() {
            return Ok(Self::Show(page.render_incomplete(username, password)));
        }
        let credentials = Credentials {
            identifier: Identifier::new(username),
            password: Password::new(password.to_owned()),
        };
        let attempt = SignInAttempt { username: username.to_owned(), page, pending, earlier, is_https };
        Ok(Self::Check(credentials, Box::new(attempt)))
    }
}

impl SignInAttempt {
    /// The page that says why signing in failed.
    ///
    /// # Errors
    /// [`PageError`] for a fault of the server.
    pub(crate) fn refuse(self, error: LogInError) -> Result<HttpResponse, PageError> {
        self.page.render_refused(&self.username, error)
    }

    /// Gives the browser the key of the session that began in the area `A`, and leads on: to the form that waits, or
    /// else to `next`.
    ///
    /// # Errors
    /// [`PageError::Internal`] if a cookie cannot be written.
    pub(crate) fn finish<A: Area>(
        self,
        request: &HttpRequest,
        key: &BrowserKey,
        next: &str,
    ) -> Result<HttpResponse, PageError> {
        let mut response = match self.pending {
            Some(pending) => {
                pending.page(web::language(request), key.form_token(), A::DISPLAYED_FIELDS).into_response()
            }
            None => see_other(next).finish(),
        };
        let flash = is_session_over(request)
            .then(|| cookies::flash(A::FLASH_COOKIE, &A::SESSION_OVER, self.is_https));
        for cookie in [Some(A::COOKIE.with(key, self.is_https)), flash].into_iter().flatten() {
            response.add_cookie(&cookie).map_err(|_| PageError::Internal)?;
        }
        Ok(response)
    }
}
