//! What the pages behind links share: the key in the URL, the question before the button, and the page for a link
//! that does not work.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::{KeyError, ValidLink, find_valid_link};
use crate::app::App;
use crate::texts::Lang;
use crate::types::{Link, OneTimeKey};
use crate::web::{PageError, SiteView, key_page, language};

#[derive(Template)]
#[template(path = "pages/gone.html")]
struct DeadLinkPage {
    t: Lang,
    site: SiteView,
    link: Link,
}

/// The key, and what it opens; `None` if it opens nothing.
pub(super) async fn open(
    app: &App,
    text: &str,
    link: Link,
) -> Result<Option<(OneTimeKey, ValidLink)>, PageError> {
    let Some(key) = OneTimeKey::parse(text) else { return Ok(None) };
    let opened = find_valid_link(app, &key, link).await?;
    Ok(opened.map(|opened| (key, opened)))
}

/// The page with the question, made by `page` from the language, the site and what the link opens; or 404
/// with advice.
pub(super) async fn ask<T: Template>(
    app: &App,
    request: &HttpRequest,
    text: &str,
    link: Link,
    page: impl FnOnce(Lang, SiteView, ValidLink) -> T,
) -> Result<HttpResponse, PageError> {
    let t = language(request);
    Ok(match open(app, text, link).await? {
        Some((_, opened)) => key_page::render(page(t, SiteView::of(app), opened)),
        None => gone(app, t, link),
    })
}

/// The page for a link that does not work, for whatever reason: 404.
pub(super) fn gone(app: &App, t: Lang, link: Link) -> HttpResponse {
    key_page::render_gone(DeadLinkPage { t, site: SiteView::of(app), link })
}

/// The response to a form whose key was refused.
pub(super) fn refused(app: &App, t: Lang, error: KeyError, link: Link) -> Result<HttpResponse, PageError> {
    match error {
        KeyError::Bad => Ok(gone(app, t, link)),
        KeyError::Throttled(wait) => Err(PageError::Throttled(wait)),
        KeyError::Store(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn every_kind_of_link_has_its_own_advice_when_it_is_gone() {
        for t in Lang::ALL {
            let page =
                |link: &Link| DeadLinkPage { t, site: SiteView::default(), link: *link }.render().unwrap();
            let texts: HashSet<_> = Link::ALL.iter().map(page).collect();
            assert_eq!(texts.len(), Link::ALL.len());
        }
    }
}
