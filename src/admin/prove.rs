//! `/admin/prove`: asks for the password again before something dangerous, and goes on to it.

use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use super::guard::{Administrator, Post};
use super::next::Next;
use super::shell::{Section, Shell, see_other};
use crate::accounts::{self, LogInError, Who};
use crate::app::App;
use crate::html::{Form, Page, PageError};
use crate::http;
use crate::types::{Password, trimmed};

#[derive(Template)]
#[template(path = "admin/prove.html")]
struct ProvePage {
    shell: Shell,
    next: String,
    errors: Vec<String>,
}

/// `GET /admin/prove`.
pub async fn form(request: HttpRequest, admin: Administrator) -> HttpResponse {
    let next = Next::parse(Form::of_query(request.query_string()).get("next"));
    show(&admin, &next, Vec::new(), StatusCode::OK)
}

/// `POST /admin/prove`: on to what asked for it.
///
/// # Errors
/// If the password cannot be checked now.
pub async fn submit(app: Data<App>, request: HttpRequest, post: Post) -> Result<HttpResponse, PageError> {
    let Post { admin, form } = post;
    let next = Next::parse(form.get("next"));
    let t = admin.t;
    let again = |error: String, status| Ok(show(&admin, &next, vec![error], status));
    let password = trimmed(form.get("password"));
    if password.is_empty() {
        return again(t.field_is_empty().to_owned(), StatusCode::UNPROCESSABLE_ENTITY);
    }
    let password = Password::new(password.to_owned());
    let by = http::actor(&request, Who::Anonymous);
    match accounts::prove_again(&app, &admin.user, &admin.key, password, &by).await {
        Ok(true) => Ok(see_other(next.as_str()).finish()),
        Ok(false) | Err(LogInError::Invalid) => {
            again(t.prove_wrong().to_owned(), StatusCode::UNPROCESSABLE_ENTITY)
        }
        Err(LogInError::Throttled(wait)) => {
            let mut response = again(t.sign_in_throttled(t.span(wait)), StatusCode::TOO_MANY_REQUESTS)?;
            response.headers_mut().insert(header::RETRY_AFTER, http::retry_after(wait).into());
            Ok(response)
        }
        Err(LogInError::Engine(error)) => Err(error.into()),
        Err(LogInError::Store(error)) => Err(error.into()),
        Err(LogInError::Token(_)) => Err(PageError::Internal),
    }
}

fn show(admin: &Administrator, next: &Next, errors: Vec<String>, status: StatusCode) -> HttpResponse {
    let page = ProvePage { shell: admin.shell(Section::Users), next: next.as_str().to_owned(), errors };
    admin.answer(Page::new(page).with_status(status))
}
