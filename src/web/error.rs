//! Error pages. Handlers that answer HTML return `PageError`; code that knows only a status calls
//! `error_page`. A page says what the reader can do next, never what happened inside.

use std::time::Duration;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use askama::Template;
use thiserror::Error;

use crate::accounts::{AccountError, UpdateUserError};
use crate::app::App;
use crate::http;
use crate::passwords::EngineError;
use crate::store::StoreError;
use crate::texts::Lang;
use crate::web::language::language;
use crate::web::page::Page;
use crate::web::site::view::SiteView;

/// `Retry-After` while the database is not available.
const STORE_RETRY: Duration = Duration::from_secs(1);

/// The page instead of the requested one.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum PageError {
    /// 400: the form cannot be read.
    #[error("the form cannot be read")]
    BadForm,
    /// 400: a filter of a list is invalid.
    #[error("a filter of a list is invalid")]
    BadFilter,
    /// 403: the browser says that another site sent the form.
    #[error("the form was sent from another site")]
    CrossSite,
    /// 403: the form belongs to another session.
    #[error("the form is out of date")]
    StaleForm,
    /// 403: an administrator views the pages of a user, and may change nothing there.
    #[error("the view of an account is read-only")]
    ReadOnly,
    /// 303: another page of ours comes first, such as the sign-in page.
    #[error("{0} comes first")]
    First(String),
    /// 200: a page that sends the browser on to this one, as a page of ours instead of another site's.
    #[error("the browser is sent on to {0}")]
    Continue(String),
    /// 404.
    #[error("there is no such page")]
    NotFound,
    /// 408: the form did not arrive in time.
    #[error("the form did not arrive in time")]
    TooSlow,
    /// 413.
    #[error("the form is too large")]
    TooLarge,
    /// 429, with the time to wait.
    #[error("too many attempts; try again in {0:?}")]
    Throttled(Duration),
    /// 503, with the time to wait.
    #[error("busy; try again in {0:?}")]
    Unavailable(Duration),
    /// 500. The cause is in the log.
    #[error("an unexpected error")]
    Internal,
}

/// A link on the error pages of all paths below `root`, and its label. `routes` lists them as app data.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ErrorLink {
    pub root: &'static str,
    pub label: fn(Lang) -> &'static str,
}

/// The reader of an error page, and the site that it belongs to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Viewer {
    t: Lang,
    site: SiteView,
    link: Option<ErrorLink>,
}

impl Viewer {
    /// The sender of a request.
    #[must_use]
    pub(crate) fn of(request: &HttpRequest) -> Self {
        let links = request.app_data::<&'static [ErrorLink]>().copied().unwrap_or_default();
        let link = links.iter().find(|link| request.path().starts_with(link.root)).copied();
        let site = request.app_data::<Data<App>>().map(|app| SiteView::of(app)).unwrap_or_default();
        Self { t: language(request), site, link }
    }
}

/// The page for a status of 400 or above.
#[must_use]
pub(crate) fn error_page(viewer: Viewer, status: StatusCode) -> HttpResponse {
    let (t, code) = (viewer.t, status.as_u16());
    render(viewer, status, t.error_heading(code), t.error_advice(code))
}

fn render(viewer: Viewer, status: StatusCode, heading: &'static str, advice: &'static str) -> HttpResponse {
    let Viewer { t, site, link } = viewer;
    let link = link.map(|link| (link.root, (link.label)(t)));
    let page = ErrorPage { t, site, status: status.as_u16(), heading, advice, link };
    Page::new(page).with_status(status).impersonal().into_response()
}

#[derive(Template)]
#[template(path = "web/error.html")]
struct ErrorPage {
    t: Lang,
    site: SiteView,
    status: u16,
    heading: &'static str,
    advice: &'static str,
    /// Path and label.
    link: Option<(&'static str, &'static str)>,
}

#[derive(Template)]
#[template(path = "web/session/continue.html")]
struct ContinuePage<'a> {
    t: Lang,
    site: SiteView,
    target: &'a str,
}

/// Middleware: renders errors in the language of the request, which a [`PageError`] does not know, and gives
/// the router's empty 405 a page.
pub(crate) async fn localized_errors<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let response = next.call(request).await?;
    let error = response.response().error().and_then(|error| error.as_error::<PageError>()).cloned();
    if let Some(reason) = error.as_ref().and_then(PageError::refusal) {
        http::note_refusal(response.request(), reason);
    }
    if response.status() == StatusCode::METHOD_NOT_ALLOWED && response.response().body().size().is_eof() {
        let allowed = response.headers().get(header::ALLOW).cloned();
        let mut page = error_page(Viewer::of(response.request()), StatusCode::METHOD_NOT_ALLOWED);
        if let Some(allowed) = allowed {
            page.headers_mut().insert(header::ALLOW, allowed);
        }
        return Ok(response.into_response(page).map_into_right_body());
    }
    Ok(match error {
        Some(error) => {
            let (request, _) = response.into_parts();
            let page = error.page(Viewer::of(&request));
            ServiceResponse::new(request, page).map_into_right_body()
        }
        None => response.map_into_left_body(),
    })
}

impl PageError {
    /// Why access is refused, for the log.
    fn refusal(&self) -> Option<&'static str> {
        Some(match self {
            Self::CrossSite => "form sent by another site",
            Self::StaleForm => "form of another session",
            Self::ReadOnly => "view of an account",
            Self::Throttled(_) => "rate limit",
            _ => return None,
        })
    }

    fn page(&self, viewer: Viewer) -> HttpResponse {
        let (status, t) = (self.status_code(), viewer.t);
        match self {
            Self::First(path) => {
                HttpResponse::SeeOther().insert_header((header::LOCATION, path.as_str())).finish()
            }
            Self::Continue(target) => {
                Page::new(ContinuePage { t, site: viewer.site, target }).into_response()
            }
            Self::BadFilter => render(viewer, status, t.bad_filter_heading(), t.bad_filter_advice()),
            Self::StaleForm => render(viewer, status, t.stale_form_heading(), t.stale_form_advice()),
            Self::ReadOnly => {
                // The page that it leads to has the banner with "Stop".
                let link = viewer.link.map(|link| ErrorLink { label: |t| t.view_back(), ..link });
                render(Viewer { link, ..viewer }, status, t.view_read_only(), t.view_read_only_advice())
            }
            Self::Unavailable(wait) | Self::Throttled(wait) => {
                let mut response = error_page(viewer, status);
                response.headers_mut().insert(header::RETRY_AFTER, http::retry_after(*wait).into());
                response
            }
            _ => error_page(viewer, status),
        }
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::BadForm | Self::BadFilter => StatusCode::BAD_REQUEST,
            Self::CrossSite | Self::StaleForm | Self::ReadOnly => StatusCode::FORBIDDEN,
            Self::First(_) => StatusCode::SEE_OTHER,
            Self::Continue(_) => StatusCode::OK,
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Throttled(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable(_) => StatusCode::SERVICE_UNAVAILABLE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    fn error_response(&self) -> HttpResponse {
        self.page(Viewer::default())
    }
}

impl From<UpdateUserError> for PageError {
    /// The page for a refusal that no other input would change; a form shows the others itself.
    fn from(error: UpdateUserError) -> Self {
        match error {
            UpdateUserError::NotAllowed | UpdateUserError::NotFound => Self::NotFound,
            UpdateUserError::Throttled(wait) => Self::Throttled(wait),
            UpdateUserError::Engine(error) => error.into(),
            UpdateUserError::Store(error) => error.into(),
            UpdateUserError::Taken(_) | UpdateUserError::PasswordMissing | UpdateUserError::WrongPassword => {
                internal(&error)
            }
        }
    }
}

impl From<AccountError> for PageError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::NotFound => Self::NotFound,
            AccountError::Store(error) => error.into(),
            // The handlers of these actions render these themselves.
            AccountError::LastAdministrator | AccountError::Changed | AccountError::ToBeDeleted => {
                internal(&error)
            }
        }
    }
}

impl From<http::ForeignOrigin> for PageError {
    fn from(_: http::ForeignOrigin) -> Self {
        Self::CrossSite
    }
}

impl From<EngineError> for PageError {
    fn from(error: EngineError) -> Self {
        match error {
            EngineError::Busy { retry_after } => Self::Unavailable(retry_after),
            EngineError::Lost => internal(&error),
        }
    }
}

impl From<StoreError> for PageError {
    fn from(error: StoreError) -> Self {
        if error.is_passing() {
            if !error.is_logged() {
                tracing::error!(%error, "the database could not serve a page");
            }
            Self::Unavailable(STORE_RETRY)
        } else {
            internal(&error)
        }
    }
}

fn internal(error: &dyn std::error::Error) -> PageError {
    tracing::error!(%error, "a page failed for an unexpected reason");
    PageError::Internal
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn text_of(status: u16) -> String {
        let response = error_page(Viewer::default(), StatusCode::from_u16(status).unwrap());
        assert_eq!(response.status().as_u16(), status);
        let body = actix_web::body::to_bytes(response.into_body()).await.unwrap();
        String::from_utf8(body.to_vec()).unwrap()
    }

    #[actix_web::test]
    async fn every_error_status_has_a_page_with_a_title_and_one_heading() {
        for status in 400..600 {
            let text = text_of(status).await;
            assert_eq!(text.matches("<h1").count(), 1, "{status}");
            assert!(!text.contains("<title> "), "{status}");
        }
    }

    #[actix_web::test]
    async fn the_advice_differs_by_status() {
        assert!(text_of(404).await.contains("Page not found"));
        assert!(text_of(503).await.contains("moment"));
        assert_ne!(text_of(400).await, text_of(500).await);
    }

    #[test]
    fn a_busy_engine_sets_retry_after_rounded_up() {
        let busy = EngineError::Busy { retry_after: Duration::from_millis(1500) };
        let response = PageError::from(busy).error_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers().get("Retry-After").unwrap(), "2");
    }

    #[test]
    fn a_full_disk_is_temporary_and_a_newer_database_is_not() {
        assert_eq!(PageError::from(StoreError::Full), PageError::Unavailable(STORE_RETRY));
        assert_eq!(PageError::from(StoreError::Newer("0009".into())), PageError::Internal);
    }
}
