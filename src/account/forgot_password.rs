//! `/forgot-password`: sends a link that sets a new password. The answer is the same for every email address,
//! against user enumeration.

use actix_web::http::{StatusCode, header};
use actix_web::web::{Data, Payload};
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::account::open_page::OpenPage;
use crate::accounts::{self, ActorKind, MailRequest, RequestMailError};
use crate::app::App;
use crate::http;
use crate::http::{OriginPolicy, verify_origin};
use crate::web::layout::see_other;
use crate::web::{Page, PageError, PageForm, email};

const DONE: &str = "/forgot-password/done";

#[derive(Template)]
#[template(path = "account/forgot_password.html")]
struct ForgotPage {
    open: OpenPage,
    /// Whether this server can send emails.
    is_sent: bool,
    email: String,
    errors: Vec<String>,
}

#[derive(Template)]
#[template(path = "account/forgot_password_done.html")]
struct ForgotDonePage {
    open: OpenPage,
}

/// `GET /forgot-password`.
pub(crate) async fn form(app: Data<App>, request: HttpRequest) -> HttpResponse {
    let query = PageForm::of_query(request.query_string());
    Page::new(page(&app, &request, query.get("next"), String::new(), Vec::new())).impersonal().into_response()
}

/// `POST /forgot-password`: stores the request and redirects to [`done`].
pub(crate) async fn submit(
    app: Data<App>,
    request: HttpRequest,
    body: Payload,
) -> Result<HttpResponse, PageError> {
    verify_origin(&request, OriginPolicy::PageCookie)?;
    let form = PageForm::read(&request, body).await?;
    let (next, typed) = (form.get("next"), form.get("email").to_owned());
    let blank = page(&app, &request, next, String::new(), Vec::new());
    let t = blank.open.t;
    let address = match email(t, &form) {
        Ok(address) => address,
        Err(errors) => {
            let page = page(&app, &request, next, typed, errors.email);
            return Ok(Page::new(page).with_status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
        }
    };
    let by = http::actor(&request, ActorKind::Anonymous);
    match accounts::request_mail(&app, MailRequest::ResetPassword, address, &by).await {
        Ok(()) => Ok(see_other(&blank.open.path(DONE)).finish()),
        Err(RequestMailError::Throttled(wait)) => {
            let page = page(&app, &request, next, typed, vec![t.forgot_throttled(t.span(wait))]);
            let mut response = Page::new(page).with_status(StatusCode::TOO_MANY_REQUESTS).into_response();
            response.headers_mut().insert(header::RETRY_AFTER, http::retry_after(wait).into());
            Ok(response)
        }
        Err(RequestMailError::Store(error)) => Err(error.into()),
    }
}

/// `GET /forgot-password/done`.
pub(crate) async fn done(app: Data<App>, request: HttpRequest) -> HttpResponse {
    let query = PageForm::of_query(request.query_string());
    let open = OpenPage::new(&app, &request, query.get("next"));
    Page::new(ForgotDonePage { open }).into_response()
}

fn page(app: &App, request: &HttpRequest, next: &str, email: String, errors: Vec<String>) -> ForgotPage {
    let open = OpenPage::new(app, request, next);
    ForgotPage { open, is_sent: app.current().mail.is_sent(), email, errors }
}
