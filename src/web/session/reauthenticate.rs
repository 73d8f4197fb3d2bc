//! Re-authentication: asks for the password again before a dangerous action. A page comes after its own
//! request for the password; a form is answered with that request, which carries the form in hidden fields.

use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::http::{StatusCode, header};
use actix_web::web::Data;
use actix_web::{FromRequest, HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::LogInError;
use crate::app::App;
use crate::http;
use crate::types::{Password, trimmed};
use crate::web::flash::SessionNotice;
use crate::web::layout::{Layout, see_other};
use crate::web::session::area::{Area, SignedIn};
use crate::web::session::guard::{Extracting, SignedInPost, app_of};
use crate::web::session::pending_form::{PendingForm, REAUTHENTICATION, RETYPE};
use crate::web::session::return_to::ReturnTo;
use crate::web::{Page, PageError, PageForm};

/// A user who typed the password a short time ago ([`Area::reauthenticate_after`]).
pub(crate) struct Reauthenticated<A: Area>(pub SignedIn<A>);

/// A form of a user who typed the password a short time ago, or in the form itself.
pub(crate) struct ReauthenticatedPost<A: Area>(pub SignedInPost<A>);

impl<A: Area> FromRequest for Reauthenticated<A> {
    type Error = PageError;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, user) = (request.clone(), SignedIn::<A>::from_request(request, payload));
        Box::pin(async move {
            let user = user.await?;
            match is_recent(&user, app_of(&request)?) {
                true => Ok(Self(user)),
                false => Err(PageError::First(user.here.as_next_of(A::PATHS.reauthenticate))),
            }
        })
    }
}

impl<A: Area> FromRequest for ReauthenticatedPost<A> {
    type Error = actix_web::Error;
    type Future = Extracting<Self, actix_web::Error>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (request, post) = (request.clone(), SignedInPost::<A>::from_request(request, payload));
        Box::pin(async move {
            let (post, app) = (post.await?, app_of(&request)?);
            let mut post = if is_recent(&post.sender, app) {
                post
            } else {
                // Stands in the log if the password is missing or wrong.
                http::note_refusal(&request, "password has to be entered again");
                with_password(app, post).await?
            };
            if post.form.has(RETYPE) {
                post.sender.flash = Some(SessionNotice::Retype.into());
                post.sender.must_retype = true;
            }
            Ok(Self(post))
        })
    }
}

fn is_recent<A: Area>(user: &SignedIn<A>, app: &App) -> bool {
    user.now.since(A::authenticated_at(user)) < A::reauthenticate_after(app)
}

#[derive(Template)]
#[template(path = "web/session/reauthenticate.html")]
struct ReauthenticatePage {
    layout: Layout,
    action: String,
    hidden: Vec<(String, String)>,
    /// The note about the form that waits, if there is one.
    pending: Option<&'static str>,
    /// The name of the password's field.
    field: &'static str,
    errors: Vec<String>,
    back: String,
}

/// Why the user is not re-authenticated.
struct ReauthenticationError {
    text: String,
    retry_after: Option<Duration>,
}

/// `GET`: asks for the password on the way to the page `next`.
pub(crate) async fn form<A: Area>(request: HttpRequest, user: SignedIn<A>) -> HttpResponse {
    let query = PageForm::of_query(request.query_string());
    let page = page_before(&user, &ReturnTo::parse(query.get("next"), A::PATHS.root));
    render(&user, page, StatusCode::OK, None)
}

/// `POST`: checks the password and redirects to the page `next`.
pub(crate) async fn submit<A: Area>(
    app: Data<App>,
    post: SignedInPost<A>,
) -> Result<HttpResponse, PageError> {
    let SignedInPost { sender, form } = post;
    let next = ReturnTo::parse(form.get("next"), A::PATHS.root);
    let error = check(&app, &sender, form.get("password")).await?;
    Ok(match error {
        None => see_other(next.as_str()).finish(),
        Some(_) => render(&sender, page_before(&sender, &next), StatusCode::UNPROCESSABLE_ENTITY, error),
    })
}

/// Answers with a form that brings the right password along. For any other the error is the response: a page
/// that asks for the password and sends the form again. Passwords in the form are not on that page, and a form
/// that is too large for it is dropped with a message.
async fn with_password<A: Area>(
    app: &App,
    post: SignedInPost<A>,
) -> Result<SignedInPost<A>, actix_web::Error> {
    let user = &post.sender;
    let (status, error) = match post.form.has(REAUTHENTICATION) {
        false => (StatusCode::FORBIDDEN, None),
        true => {
            let error = check(app, user, post.form.get(REAUTHENTICATION)).await?;
            (StatusCode::UNPROCESSABLE_ENTITY, error)
        }
    };
    if status != StatusCode::FORBIDDEN && error.is_none() {
        return Ok(post);
    }
    let pending = PendingForm::new(&post.form, user.here.clone());
    let response = match pending.fits_page() {
        true => render(user, page_with(user, pending), status, error),
        false => {
            let path = user.here.as_next_of(A::PATHS.reauthenticate);
            user.redirect(&path, &SessionNotice::TooLong.into())
        }
    };
    Err(InternalError::from_response("the password comes first", response).into())
}

async fn check<A: Area>(
    app: &App,
    user: &SignedIn<A>,
    typed: &str,
) -> Result<Option<ReauthenticationError>, PageError> {
    let t = user.t;
    let error = |text: &str| Ok(Some(ReauthenticationError { text: text.to_owned(), retry_after: None }));
    let password = trimmed(typed);
    if password.is_empty() {
        return error(t.field_is_empty());
    }
    let password = Password::new(password.to_owned());
    match A::reauthenticate(app, user, password).await {
        Ok(()) => Ok(None),
        Err(LogInError::Invalid) => error(t.reauthenticate_wrong()),
        Err(LogInError::Throttled(wait)) => {
            let text = t.sign_in_throttled(t.span(wait));
            Ok(Some(ReauthenticationError { text, retry_after: Some(wait) }))
        }
        Err(LogInError::Engine(error)) => Err(error.into()),
        Err(LogInError::Store(error)) => Err(error.into()),
        Err(LogInError::Token(_)) => Err(PageError::Internal),
    }
}

/// The page that asks for the password on the way to another page.
fn page_before<A: Area>(user: &SignedIn<A>, next: &ReturnTo) -> ReauthenticatePage {
    ReauthenticatePage {
        layout: user.layout_at(next.as_str()),
        action: A::PATHS.reauthenticate.to_owned(),
        back: next.parent(),
        hidden: vec![("next".to_owned(), next.as_str().to_owned())],
        pending: None,
        field: "password",
        errors: Vec::new(),
    }
}

/// The page that asks for the password and carries a form.
fn page_with<A: Area>(user: &SignedIn<A>, pending: PendingForm) -> ReauthenticatePage {
    let t = user.t;
    let note = if pending.lost_passwords {
        t.reauthenticate_without_passwords()
    } else {
        t.reauthenticate_pending()
    };
    ReauthenticatePage {
        layout: user.layout_at(pending.action.as_str()),
        action: pending.action.as_str().to_owned(),
        back: pending.action.parent(),
        hidden: pending.fields,
        pending: Some(note),
        field: REAUTHENTICATION,
        errors: Vec::new(),
    }
}

fn render<A: Area>(
    user: &SignedIn<A>,
    mut page: ReauthenticatePage,
    status: StatusCode,
    error: Option<ReauthenticationError>,
) -> HttpResponse {
    let Some(ReauthenticationError { text, retry_after }) = error else {
        return user.render(Page::new(page).with_status(status));
    };
    page.errors.push(text);
    let status = if retry_after.is_some() { StatusCode::TOO_MANY_REQUESTS } else { status };
    let mut response = user.render(Page::new(page).with_status(status));
    if let Some(wait) = retry_after {
        response.headers_mut().insert(header::RETRY_AFTER, http::retry_after(wait).into());
    }
    response
}
