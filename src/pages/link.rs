//! What the pages behind links have in common: the key in the URL, the page for one that does not
//! work, and going on after success. Used by its siblings.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use askama::Template;

use crate::accounts::{KeyError, ValidLink, find_valid_link};
use crate::app::App;
use crate::texts::Lang;
use crate::types::{Link, OneTimeKey};
use crate::web::{Page, PageError};

#[derive(Template)]
#[template(path = "pages/gone.html")]
struct DeadLinkPage<'a> {
    t: Lang,
    site: &'a str,
    link: Link,
}

/// The key, and what it opens; `None` where that is nothing.
pub(crate) async fn open(
    app: &App,
    text: &str,
    link: Link,
) -> Result<Option<(OneTimeKey, ValidLink)>, PageError> {
    let Some(key) = OneTimeKey::parse(text) else { return Ok(None) };
    let opened = find_valid_link(app, &key, link).await?;
    Ok(opened.map(|opened| (key, opened)))
}

/// What the site is called, in the mail and on the page that its link opens.
pub(crate) fn site(app: &App) -> &str {
    &app.config.site.name
}

/// The page for a link that does not work, for whatever reason: 404.
pub(crate) fn gone(app: &App, t: Lang, link: Link) -> HttpResponse {
    let page = DeadLinkPage { t, site: site(app), link };
    Page::new(page).with_status(StatusCode::NOT_FOUND).with_secret_url().into_response()
}

/// What to answer where a link turned out to do nothing.
pub(crate) fn refused(app: &App, t: Lang, error: KeyError, link: Link) -> Result<HttpResponse, PageError> {
    match error {
        KeyError::Bad => Ok(gone(app, t, link)),
        KeyError::Throttled(wait) => Err(PageError::Throttled(wait)),
        KeyError::Store(error) => Err(error.into()),
    }
}

/// A page whose URL holds a key.
pub(crate) fn page(template: impl Template) -> HttpResponse {
    Page::new(template).with_secret_url().into_response()
}

/// The same page again, with what was wrong (422).
pub(crate) fn again(template: impl Template) -> HttpResponse {
    Page::new(template).with_status(StatusCode::UNPROCESSABLE_ENTITY).with_secret_url().into_response()
}

/// To the page after success, so that going back or loading it again sends nothing twice. The URL that
/// leads there holds a key, and goes no further.
pub(crate) fn see_other(path: &str) -> HttpResponse {
    HttpResponse::SeeOther()
        .insert_header((header::LOCATION, path))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"))
        .finish()
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_kind_of_link_has_its_own_words_when_it_is_gone() {
        for t in Lang::ALL {
            let page = |link: &Link| DeadLinkPage { t, site: "a site", link: *link }.render().unwrap();
            let texts: HashSet<_> = Link::ALL.iter().map(page).collect();
            assert_eq!(texts.len(), Link::ALL.len());
        }
    }
}
