//! The guards of an area's pages. A handler that takes a [`SignedIn`] is reached with a valid session only,
//! one that takes a [`SignedInPost`] with a form of that session only. A request without a session is sent to
//! the sign-in page, and from there back to the page it asked for.

use std::future::Future;
use std::pin::Pin;

use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::http::StatusCode;
use actix_web::web::{self, Data};
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use askama::Template;

use crate::app::App;
use crate::http;
use crate::http::{OriginPolicy, verify_origin};
use crate::web::flash::FlashMessage as _;
use crate::web::layout::{Layout, see_other};
use crate::web::lists::Back;
use crate::web::session::area::{Area, OpenedSession, SignedIn};
use crate::web::session::cookies;
use crate::web::session::pending_form::PendingForm;
use crate::web::session::return_to::ReturnTo;
use crate::web::{FORM_TOKEN, Page, PageError, PageForm, language, time_zone};

/// The parameter of a URL that [`continue_to`] sent a browser to.
const CONTINUED: &str = "continued";

/// A form that a signed-in user sent from a page of the same session.
pub(crate) struct SignedInPost<A: Area> {
    pub sender: SignedIn<A>,
    pub form: PageForm,
}

pub(super) type Extracting<T, E = PageError> = Pin<Box<dyn Future<Output = Result<T, E>>>>;

impl<A: Area> FromRequest for SignedIn<A> {
    type Error = PageError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let request = request.clone();
        Box::pin(async move { Self::read(&request).await })
    }
}

impl<A: Area> FromRequest for SignedInPost<A> {
    type Error = actix_web::Error;
    type Future = Extracting<Self, actix_web::Error>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let request = request.clone();
        let body = web::Payload::from_request(&request, payload);
        Box::pin(async move {
            verify_origin(&request, OriginPolicy::PageCookie).map_err(PageError::from)?;
            let sender = match SignedIn::<A>::read(&request).await {
                Err(PageError::First(sign_in)) => {
                    return Err(sign_in_first::<A>(&request, body, sign_in).await);
                }
                other => other?,
            };
            A::check_may_write(&sender.session)?;
            let body = body.await.map_err(|_| PageError::BadForm)?;
            let form = PageForm::read_large(&request, body).await?;
            if !sender.key.fits_form(form.get(FORM_TOKEN)) {
                return Err(stale_form(&request, &sender, &form));
            }
            Ok(Self { sender, form })
        })
    }
}

/// The response to a form of an earlier session: the page that sends it again, if the browser vouches that a page
/// of this server sent it. The form itself may be another site's otherwise.
fn stale_form<A: Area>(request: &HttpRequest, sender: &SignedIn<A>, form: &PageForm) -> actix_web::Error {
    let pending = PendingForm::new(form, sender.here.clone());
    if !http::is_from_own_page(request) || !pending.fits_page() {
        return PageError::StaleForm.into();
    }
    http::note_refusal(request, "form of another session");
    let page = pending.page(sender.t, sender.key.form_token(), A::DISPLAYED_FIELDS);
    let response = page.with_status(StatusCode::FORBIDDEN).into_response();
    InternalError::from_response("the form is of an earlier session", response).into()
}

/// The response to a form that came after its session's end: the sign-in page, which carries the form. A
/// form without the token of this browser's last session is dropped: another site may have made it.
async fn sign_in_first<A: Area>(
    request: &HttpRequest,
    body: impl Future<Output = Result<web::Payload, actix_web::Error>>,
    sign_in: String,
) -> actix_web::Error {
    let dropped = || PageError::First(sign_in).into();
    let key = app_of(request).ok().and_then(|app| A::COOKIE.key(request, app.config.public_url.is_https()));
    let (Some(key), Ok(body)) = (key, body.await) else { return dropped() };
    let Ok(form) = PageForm::read(request, body).await else { return dropped() };
    let pending = PendingForm::new(&form, ReturnTo::of(request, A::PATHS.root));
    let is_own = key.fits_form(form.get(FORM_TOKEN));
    // Signing in answers a re-authentication, too.
    let is_reauthentication = request.path().starts_with(A::PATHS.reauthenticate);
    if !is_own || is_reauthentication || !pending.fits_sign_in() {
        return dropped();
    }
    http::note_refusal(request, "session has ended");
    InternalError::from_response("the session has ended", A::sign_in_again(request, &key, &pending)).into()
}

impl<A: Area> SignedIn<A> {
    async fn read(request: &HttpRequest) -> Result<Self, PageError> {
        let app = app_of(request)?;
        let here = ReturnTo::of(request, A::PATHS.root);
        let ended = if request.method().is_safe() { "" } else { "&ended=1" };
        let sign_in = || match continue_to::<A>(request, &here) {
            Some(target) => PageError::Continue(target),
            None => PageError::First(format!("{}{ended}", here.as_next_of(A::PATHS.sign_in))),
        };
        let is_https = app.config.public_url.is_https();
        let opened = A::open_session(app, request).await?.ok_or_else(sign_in)?;
        let actor = http::actor(request, A::actor_kind(&opened));
        let OpenedSession { user, session, key } = opened;
        http::note_user(request, user.id);
        Ok(Self {
            actor,
            user,
            session,
            key,
            t: language(request),
            flash: cookies::flash_message(request, A::FLASH_COOKIE, is_https),
            must_retype: false,
            back: Back::of(request, A::PATHS.root),
            here,
            path: request.path().to_owned(),
            now: app.clock.now(),
            zone: time_zone(request).unwrap_or_else(|| app.current().site.time_zone.clone()),
            is_https,
            brand: A::brand(app),
            account_page: A::account_page(),
        })
    }

    /// The layout of the requested page.
    pub(crate) fn layout(&self) -> Layout {
        self.layout_at(&self.path)
    }

    /// The layout of the requested page, with the navigation of the page at `path`.
    pub(crate) fn layout_at(&self, path: &str) -> Layout {
        Layout {
            t: self.t,
            paths: A::PATHS,
            username: self.user.username.to_string(),
            form_token: self.key.form_token(),
            notice: self.flash.as_ref().map(|flash| flash.text(self.t)),
            undo: self.flash.as_ref().and_then(|flash| flash.undo()),
            is_bad_notice: self.flash.as_ref().is_some_and(|flash| flash.is_bad()),
            here: self.here.encoded(),
            query: self.here.query().map_or(String::new(), |query| format!("{query}&")),
            links: A::navigation(self, path),
            brand: self.brand.clone(),
            account_page: self.account_page,
            viewed: A::viewed(self),
            now: self.now,
            zone: self.zone.clone(),
        }
    }

    /// Renders a page. The message about the last action is on it, and its cookie goes.
    pub(crate) fn render<T: Template>(&self, page: Page<T>) -> HttpResponse {
        let mut response = page.with_script().into_response();
        if let Some(back) = self.back.cookie(A::PATHS.root, self.is_https) {
            // The value is an address that fits into a header.
            let _ = response.add_cookie(&back);
        }
        if self.flash.is_some() {
            // The value is one of ours and fits into a header.
            let _ = response.add_cookie(&cookies::remove_flash(A::FLASH_COOKIE, self.is_https));
        }
        response
    }

    /// Redirects to a page that shows what the form did (Post/Redirect/Get).
    pub(crate) fn redirect(&self, path: &str, flash: &A::Flash) -> HttpResponse {
        see_other(path).cookie(cookies::flash(A::FLASH_COOKIE, flash, self.is_https)).finish()
    }
}

/// Where to send a browser that followed a link on another site, and so did not send the `Strict` cookie
/// (RFC 6265bis §5.6.7.1): to the sign-in page, which leads on to the requested page if there is a session. `None`
/// for any other request, and for a browser that was sent on before.
fn continue_to<A: Area>(request: &HttpRequest, here: &ReturnTo) -> Option<String> {
    let paths = A::PATHS;
    let query = PageForm::of_query(request.query_string());
    if A::is_sent_by_links()
        || !request.method().is_safe()
        || query.has(CONTINUED)
        || !http::is_link_from_other_site(request)
    {
        return None;
    }
    let is_sign_in = request.path().trim_end_matches('/') == paths.sign_in;
    let requested = if is_sign_in { ReturnTo::parse(query.get("next"), paths.root) } else { here.clone() };
    Some(format!("{}&{CONTINUED}=1", requested.as_next_of(paths.sign_in)))
}

pub(super) fn app_of(request: &HttpRequest) -> Result<&Data<App>, PageError> {
    request.app_data::<Data<App>>().ok_or(PageError::Internal)
}
