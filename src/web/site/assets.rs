//! `/static/site.css` and `/static/site-logo`: the colours and the logo of the site. They change with settings, so
//! pages name them with the hash of their content. Templates name them without it, and [`SiteTags::insert_into`]
//! adds it.

use std::sync::Arc;

use actix_web::web::{self, Bytes, Data};
use actix_web::{HttpRequest, HttpResponse};

use crate::app::App;
use crate::brand::content_tag::ContentTag;
use crate::brand::logo::Logo;
use crate::brand::palette;
use crate::web::PageError;
use crate::web::delivery::ServedFile;

/// An SVG opened by itself is a document: it may style itself, and nothing else.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";

/// The URLs as attributes of `templates/web/base.html` and `templates/web/layout.html`. A quote that a user wrote is
/// escaped, so nothing else on a page is like them.
const STYLE: &str = "\"/static/site.css\"";
const LOGO: &str = "\"/static/site-logo\"";

/// How many bytes the head of a page has at most, up to the logo in its header.
const HEAD: usize = 4096;

/// `GET /static/site.css` and `GET /static/site.{tag}.css`.
pub(crate) async fn style_sheet(app: Data<App>, request: HttpRequest) -> HttpResponse {
    let style = palette::style_sheet(app.current().site.colour).into_bytes();
    let file = ServedFile::new("text/css; charset=utf-8", ContentTag::of(&style), style);
    file.respond(&request, request.match_info().get("tag"), POLICY)
}

/// `GET /static/site-logo` and `GET /static/site-logo.{tag}`.
pub(crate) async fn logo(app: Data<App>, request: HttpRequest) -> Result<HttpResponse, PageError> {
    let logo = current_logo(&app).await?;
    let file = move || ServedFile::new(logo.content_type, logo.tag.clone(), logo.bytes.clone());
    // A large SVG takes some milliseconds to compress.
    let file = web::block(file).await.map_err(|_| PageError::Internal)?;
    Ok(file.respond(&request, request.match_info().get("tag"), POLICY))
}

async fn current_logo(app: &App) -> Result<Arc<Logo>, PageError> {
    let (current, now) = (app.current(), app.clock.now());
    if let Some(logo) = app.logo.held(&current.site, now) {
        return Ok(logo);
    }
    let cache = Arc::clone(&app.logo);
    // Reads a file.
    web::block(move || cache.logo(&current.site, now)).await.map_err(|_| PageError::Internal)
}

/// The hashes of both files.
pub(in crate::web) struct SiteTags {
    style: ContentTag,
    logo: ContentTag,
}

impl SiteTags {
    /// The hashes now; `None` while the server stops.
    pub(in crate::web) async fn of(app: &App) -> Option<Self> {
        let logo = current_logo(app).await.ok()?;
        let style = palette::style_sheet(app.current().site.colour);
        Some(Self { style: ContentTag::of(style.as_bytes()), logo: logo.tag.clone() })
    }

    /// The page with the hashes in the URLs of both files.
    pub(in crate::web) fn insert_into(&self, page: &Bytes) -> Bytes {
        let (head, rest) = page.split_at(page.len().min(HEAD));
        let head = replaced(head, STYLE, &format!("\"/static/site.{}.css\"", self.style));
        let head = replaced(&head, LOGO, &format!("\"/static/site-logo.{}\"", self.logo));
        [&head, rest].concat().into()
    }
}

fn replaced(text: &[u8], from: &str, to: &str) -> Vec<u8> {
    let (mut all, mut rest) = (Vec::with_capacity(text.len() + 64), text);
    while let Some(at) = rest.windows(from.len()).position(|part| part == from.as_bytes()) {
        all.extend_from_slice(&rest[..at]);
        all.extend_from_slice(to.as_bytes());
        rest = &rest[at + from.len()..];
    }
    all.extend_from_slice(rest);
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_are_inserted_into_the_head_of_a_page_and_nowhere_else() {
        let tags = SiteTags { style: ContentTag::of(b"style"), logo: ContentTag::of(b"logo") };
        let page = |text: String| String::from_utf8(tags.insert_into(&text.into()).to_vec()).unwrap();
        let head = format!("<link href={STYLE}><link href={LOGO}><img src={LOGO}>");
        let done = page(head.clone());
        assert_eq!(done.matches(&format!("\"/static/site-logo.{}\"", tags.logo)).count(), 2, "{done}");
        assert_eq!(done.matches(&format!("\"/static/site.{}.css\"", tags.style)).count(), 1, "{done}");
        assert!(!done.contains(STYLE) && !done.contains(LOGO), "{done}");
        for other in
            [String::new(), "/static/site.css &#34;/static/site-logo&#34;".to_owned(), "ü".repeat(HEAD)]
        {
            assert_eq!(page(other.clone()), other);
        }
        let late = format!("{}{head}", " ".repeat(HEAD));
        assert_eq!(page(late.clone()), late);
    }
}
