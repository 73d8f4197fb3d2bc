//! Asks for the password again before something dangerous. `/admin/prove` does so on the way to a page;
//! a form that comes too late for it is answered with the same question, keeps what was typed meanwhile,
//! and goes on to what it was for.

use std::time::Duration;

use actix_web::error::InternalError;
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::{self, LogInError};
use crate::app::App;
use crate::http;
use crate::types::{Password, trimmed};
use crate::web::flash::{Flash, Undone};
use crate::web::layout::{Layout, Section, see_other};
use crate::web::session::guard::{Administrator, Post};
use crate::web::session::pending_form::{PROOF, PendingForm};
use crate::web::session::return_to::ReturnTo;
use crate::web::{Page, PageError, PageForm};

/// This page.
pub(crate) const PATH: &str = "/admin/prove";

#[derive(Template)]
#[template(path = "web/session/reauthenticate.html")]
struct ReauthenticatePage {
    shell: Layout,
    action: String,
    hidden: Vec<(String, String)>,
    /// What becomes of what was sent, if it was a form.
    kept: Option<&'static str>,
    /// The name of the password's field.
    field: &'static str,
    errors: Vec<String>,
    back: String,
}

/// What stands against going on.
struct ReauthenticationError {
    text: String,
    wait: Option<Duration>,
}

/// `GET /admin/prove`.
pub(crate) async fn form(request: HttpRequest, admin: Administrator) -> HttpResponse {
    let next = ReturnTo::parse(PageForm::of_query(request.query_string()).get("next"));
    show(&admin, on_the_way_to(&admin, &next), StatusCode::OK, None)
}

/// `POST /admin/prove`: on to what asked for it.
///
/// # Errors
/// If the password cannot be checked now.
pub(crate) async fn submit(app: Data<App>, post: Post) -> Result<HttpResponse, PageError> {
    let Post { admin, form } = post;
    let next = ReturnTo::parse(form.get("next"));
    let objection = check(&app, &admin, form.get("password")).await?;
    Ok(match objection {
        None => see_other(next.as_str()).finish(),
        Some(_) => show(&admin, on_the_way_to(&admin, &next), StatusCode::UNPROCESSABLE_ENTITY, objection),
    })
}

/// Lets a form through that has the password with it. To any other the answer is the question for it,
/// with all that was typed but passwords in hidden fields; it goes to where this form went. What is too
/// long for that is not kept, and that is said.
///
/// # Errors
/// That question; if the password cannot be checked now.
pub(crate) async fn with_reauthentication(app: &App, post: Post) -> Result<Post, actix_web::Error> {
    let (status, objection) = match post.form.has(PROOF) {
        false => (StatusCode::FORBIDDEN, None),
        true => {
            let objection = check(app, &post.admin, post.form.get(PROOF)).await?;
            (StatusCode::UNPROCESSABLE_ENTITY, objection)
        }
    };
    if status == StatusCode::FORBIDDEN || objection.is_some() {
        let (admin, kept) = (&post.admin, PendingForm::of(&post.form, post.admin.here.clone()));
        let question = match kept.fits_a_page() {
            true => show(admin, on_the_way_of(admin, kept), status, objection),
            false => admin.go_on(&admin.here.after(PATH), &Flash::Not(Undone::TooLong)),
        };
        return Err(InternalError::from_response("the password comes first", question).into());
    }
    Ok(post)
}

async fn check(
    app: &App,
    admin: &Administrator,
    typed: &str,
) -> Result<Option<ReauthenticationError>, PageError> {
    let t = admin.t;
    let objection = |text: &str| Ok(Some(ReauthenticationError { text: text.to_owned(), wait: None }));
    let password = trimmed(typed);
    if password.is_empty() {
        return objection(t.field_is_empty());
    }
    let password = Password::new(password.to_owned());
    match accounts::reauthenticate(app, &admin.user, &admin.key, password, &admin.actor).await {
        Ok(true) => Ok(None),
        Ok(false) | Err(LogInError::Invalid) => objection(t.prove_wrong()),
        Err(LogInError::Throttled(wait)) => {
            Ok(Some(ReauthenticationError { text: t.sign_in_throttled(t.span(wait)), wait: Some(wait) }))
        }
        Err(LogInError::Engine(error)) => Err(error.into()),
        Err(LogInError::Store(error)) => Err(error.into()),
        Err(LogInError::Token(_)) => Err(PageError::Internal),
    }
}

/// The question on the way to a page.
fn on_the_way_to(admin: &Administrator, next: &ReturnTo) -> ReauthenticatePage {
    ReauthenticatePage {
        shell: admin.shell(Section::of(next.as_str())),
        action: PATH.to_owned(),
        back: next.above(),
        hidden: vec![("next".to_owned(), next.as_str().to_owned())],
        kept: None,
        field: "password",
        errors: Vec::new(),
    }
}

/// The question on the way of a form.
fn on_the_way_of(admin: &Administrator, kept: PendingForm) -> ReauthenticatePage {
    let t = admin.t;
    ReauthenticatePage {
        shell: admin.shell(Section::of(kept.action.as_str())),
        action: kept.action.as_str().to_owned(),
        back: kept.action.above(),
        hidden: kept.fields,
        kept: Some(if kept.has_lost_passwords { t.prove_kept_but_passwords() } else { t.prove_kept() }),
        field: PROOF,
        errors: Vec::new(),
    }
}

fn show(
    admin: &Administrator,
    mut page: ReauthenticatePage,
    status: StatusCode,
    objection: Option<ReauthenticationError>,
) -> HttpResponse {
    let Some(ReauthenticationError { text, wait }) = objection else {
        return admin.answer(Page::new(page).with_status(status));
    };
    page.errors.push(text);
    let status = if wait.is_some() { StatusCode::TOO_MANY_REQUESTS } else { status };
    let mut response = admin.answer(Page::new(page).with_status(status));
    if let Some(wait) = wait {
        response.headers_mut().insert(header::RETRY_AFTER, http::retry_after(wait).into());
    }
    response
}
