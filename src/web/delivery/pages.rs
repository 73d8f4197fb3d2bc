//! The last hand on every page: the reader's theme, the hashes of the site's files, and compression. No `Vary`: no cache between may store a page.

use actix_web::Error;
use actix_web::body::{EitherBody, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderValue};
use actix_web::middleware::Next;
use actix_web::web::{Bytes, Data};

use crate::app::App;
use crate::web::delivery::compression;
use crate::web::delivery::preferences::{self, Theme};
use crate::web::site::assets::SiteTags;

/// Pages of other sizes, in bytes, are sent as they are: a small one fits into a packet, and a large one would
/// hold up the other requests of its thread.
const COMPRESSED_SIZES: std::ops::Range<usize> = 1024..512 * 1024;

/// Where `templates/web/base.html` names the theme: before anything that a user wrote.
const THEME: &[u8] = b"data-theme=\"system\"";
const THEME_WITHIN: usize = 100;

/// Middleware: stores a choice of theme or language, gives pages the chosen theme and the hashes of the site's files,
/// and compresses them.
pub(crate) async fn deliver_pages<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B>>, Error> {
    if let Some(chosen) = preferences::choose(&request) {
        return Ok(request.into_response(chosen).map_into_right_body());
    }
    let response = next.call(request).await?;
    if !is_page(response.headers()) {
        return Ok(response.map_into_left_body());
    }
    let (request, response) = response.into_parts();
    let (mut response, body) = response.into_parts();
    let page = match body.try_into_bytes() {
        Ok(page) => page,
        // It is written while it is sent.
        Err(body) => {
            return Ok(ServiceResponse::new(request, response.set_body(EitherBody::left(body))));
        }
    };
    let page = themed(page, Theme::of(&request));
    let page = match request.app_data::<Data<App>>() {
        Some(app) => SiteTags::of(app).await.map_or_else(|| page.clone(), |tags| tags.insert_into(&page)),
        None => page,
    };
    let is_compressible =
        COMPRESSED_SIZES.contains(&page.len()) && !response.headers().contains_key(header::CONTENT_ENCODING);
    let gzip = match is_compressible && compression::accepts_gzip(&request) {
        true => compression::padded(&page),
        false => None,
    };
    let page = match gzip {
        Some(gzip) => {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            Bytes::from(gzip)
        }
        None => page,
    };
    Ok(ServiceResponse::new(request, response.set_body(page)).map_into_boxed_body().map_into_right_body())
}

fn is_page(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
}

/// The page with the theme in its first lines.
fn themed(page: Bytes, theme: Theme) -> Bytes {
    let head = &page[..page.len().min(THEME_WITHIN)];
    let at = head.windows(THEME.len()).position(|part| part == THEME);
    match at {
        Some(at) if theme != Theme::System => {
            let name = format!("data-theme=\"{}\"", theme.name());
            [&page[..at], name.as_bytes(), &page[at + THEME.len()..]].concat().into()
        }
        _ => page,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_theme_is_named_once_and_never_in_what_a_user_wrote() {
        let page = |html: &str, theme| themed(Bytes::from(html.to_owned()), theme);
        let html = r#"<!doctype html><html data-theme="system" lang="en"><p>data-theme="system"</p>"#;
        let dark = r#"<!doctype html><html data-theme="dark" lang="en"><p>data-theme="system"</p>"#;
        assert_eq!(page(html, Theme::Dark), dark);
        assert_eq!(page(html, Theme::System), html);
        let other = format!("{}{html}", " ".repeat(THEME_WITHIN));
        assert_eq!(page(&other, Theme::Light), other);
    }
}
