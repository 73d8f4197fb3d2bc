//! Pages for what went wrong. The HTML doors answer with `PageError`; whoever has nothing but a
//! status asks for `error_page`. Says what a person can do next, never what happened inside.

use std::time::Duration;

use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{StatusCode, header};
use actix_web::middleware::Next;
use actix_web::{HttpRequest, HttpResponse, ResponseError};
use askama::Template;
use thiserror::Error;

use crate::accounts::AccountError;
use crate::http;
use crate::passwords::EngineError;
use crate::store::StoreError;
use crate::texts::Lang;
use crate::web::language::language;
use crate::web::page::Page;

/// How long a browser should wait when the database could not serve it.
const STORE_RETRY: Duration = Duration::from_secs(1);

/// A page instead of the one that was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub(crate) enum PageError {
    /// 400: the form cannot be read.
    #[error("the form cannot be read")]
    BadForm,
    /// 400: what a list is asked for cannot be meant.
    #[error("the filters of a list cannot be meant")]
    BadFilter,
    /// 403: a browser says that another site sent the form.
    #[error("the form was sent from another site")]
    CrossSite,
    /// 403: the form was made for another session.
    #[error("the form is out of date")]
    StaleForm,
    /// 303: to this path of ours first, such as signing in.
    #[error("{0} comes first")]
    First(String),
    /// 404.
    #[error("there is no such page")]
    NotFound,
    /// 408: the form did not arrive in time.
    #[error("the form did not arrive in time")]
    TooSlow,
    /// 413.
    #[error("the form is too large")]
    TooLarge,
    /// 429: how long to wait.
    #[error("too many tries; try again in {0:?}")]
    Throttled(Duration),
    /// 503: how long to wait.
    #[error("busy; try again in {0:?}")]
    Unavailable(Duration),
    /// 500: logged already.
    #[error("an unexpected error")]
    Internal,
}

/// Who meets an error, as far as its page goes by that.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Viewer {
    t: Lang,
    /// Whether they are in the admin, from where there is a way on.
    is_in_admin: bool,
}

impl Viewer {
    /// Whoever sent the request.
    #[must_use]
    pub(crate) fn of(request: &HttpRequest) -> Self {
        Self { t: language(request), is_in_admin: request.path().starts_with("/admin/") }
    }
}

/// The page for a status of 400 or above.
#[must_use]
pub(crate) fn error_page(reader: Viewer, status: StatusCode) -> HttpResponse {
    let code = status.as_u16();
    show(reader, status, reader.t.error_heading(code), reader.t.error_advice(code))
}

fn show(reader: Viewer, status: StatusCode, heading: &'static str, advice: &'static str) -> HttpResponse {
    let Viewer { t, is_in_admin } = reader;
    let page = ErrorPage { t, status: status.as_u16(), heading, advice, is_in_admin };
    Page::new(page).with_status(status).into_response()
}

#[derive(Template)]
#[template(path = "web/error.html")]
struct ErrorPage {
    t: Lang,
    status: u16,
    heading: &'static str,
    advice: &'static str,
    is_in_admin: bool,
}

/// Middleware: says what went wrong to its reader, whom an error does not know. A method that a page
/// does not have is found by nobody but the router, which says so without a word.
///
/// # Errors
/// Those of the services inside.
pub(crate) async fn errors_for_reader<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, actix_web::Error> {
    let response = next.call(request).await?;
    let error = response.response().error().and_then(|error| error.as_error::<PageError>()).cloned();
    let reader = Viewer::of(response.request());
    if response.status() == StatusCode::METHOD_NOT_ALLOWED && response.response().body().size().is_eof() {
        let allowed = response.headers().get(header::ALLOW).cloned();
        let mut page = error_page(reader, StatusCode::METHOD_NOT_ALLOWED);
        if let Some(allowed) = allowed {
            page.headers_mut().insert(header::ALLOW, allowed);
        }
        return Ok(response.into_response(page).map_into_right_body());
    }
    Ok(match error {
        Some(error) if reader != Viewer::default() => {
            let (request, _) = response.into_parts();
            ServiceResponse::new(request, error.page(reader)).map_into_right_body()
        }
        _ => response.map_into_left_body(),
    })
}

impl PageError {
    fn page(&self, reader: Viewer) -> HttpResponse {
        let status = self.status_code();
        match self {
            Self::First(path) => {
                HttpResponse::SeeOther().insert_header((header::LOCATION, path.as_str())).finish()
            }
            Self::BadFilter => {
                show(reader, status, reader.t.bad_filter_heading(), reader.t.bad_filter_advice())
            }
            Self::StaleForm => {
                show(reader, status, reader.t.stale_form_heading(), reader.t.stale_form_advice())
            }
            Self::Unavailable(wait) | Self::Throttled(wait) => {
                let mut response = error_page(reader, status);
                response.headers_mut().insert(header::RETRY_AFTER, http::retry_after(*wait).into());
                response
            }
            _ => error_page(reader, status),
        }
    }
}

impl ResponseError for PageError {
    fn status_code(&self) -> StatusCode {
        match self {
            Self::BadForm | Self::BadFilter => StatusCode::BAD_REQUEST,
            Self::CrossSite | Self::StaleForm => StatusCode::FORBIDDEN,
            Self::First(_) => StatusCode::SEE_OTHER,
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

impl From<AccountError> for PageError {
    fn from(error: AccountError) -> Self {
        match error {
            AccountError::NotFound => Self::NotFound,
            AccountError::Store(error) => error.into(),
            // Pages that can meet it say so themselves.
            AccountError::LastAdministrator | AccountError::Changed => internal(&error),
        }
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
    async fn what_a_person_can_do_differs_by_status() {
        assert!(text_of(404).await.contains("Page not found"));
        assert!(text_of(503).await.contains("moment"));
        assert_ne!(text_of(400).await, text_of(500).await);
    }

    #[test]
    fn a_busy_engine_says_when_to_come_back_rounded_up() {
        let busy = EngineError::Busy { retry_after: Duration::from_millis(1500) };
        let response = PageError::from(busy).error_response();
        assert_eq!(response.status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(response.headers().get("Retry-After").unwrap(), "2");
    }

    #[test]
    fn a_full_disk_may_pass_and_a_newer_database_does_not() {
        assert_eq!(PageError::from(StoreError::Full), PageError::Unavailable(STORE_RETRY));
        assert_eq!(PageError::from(StoreError::Newer("0009".into())), PageError::Internal);
    }
}
