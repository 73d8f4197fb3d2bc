//! Pages whose URL holds a one-time key: the URL is a secret and goes into no other request, and a form behind
//! it is read only if the key is good.

use std::future::Future;

use actix_web::http::{StatusCode, header};
use actix_web::web::Payload;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::http::{OriginPolicy, verify_origin};
use crate::web::{Page, PageError, PageForm};

/// A page, 200.
pub(crate) fn render(template: impl Template) -> HttpResponse {
    Page::new(template).with_secret_url().with_script().into_response()
}

/// The page again with the errors of its form, 422.
pub(crate) fn render_invalid(template: impl Template) -> HttpResponse {
    Page::new(template)
        .with_status(StatusCode::UNPROCESSABLE_ENTITY)
        .with_secret_url()
        .with_script()
        .into_response()
}

/// The page for a key that opens nothing, 404.
pub(crate) fn render_gone(template: impl Template) -> HttpResponse {
    Page::new(template).with_status(StatusCode::NOT_FOUND).with_secret_url().into_response()
}

/// A redirect to the page after success, so that the browser's "back" and "reload" send nothing twice.
pub(crate) fn redirect(path: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, path))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .finish()
}

/// What the key opens, and the form. The key is looked up first: without a good one no form is read and no
/// password is hashed.
pub(crate) async fn read_form<T>(
    request: &HttpRequest,
    body: Payload,
    opened: impl Future<Output = Result<Option<T>, PageError>>,
) -> Result<Option<(T, PageForm)>, PageError> {
    verify_origin(request, OriginPolicy::SecretUrl)?;
    let Some(opened) = opened.await? else { return Ok(None) };
    Ok(Some((opened, PageForm::read(request, body).await?)))
}
