//! Shared by the pages of one-time links: reading the key, the page for a dead link, and the redirect after
//! success.

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

/// The key, with the account and address that it is for; `None` if it is not valid.
pub(crate) async fn open(
    app: &App,
    text: &str,
    link: Link,
) -> Result<Option<(OneTimeKey, ValidLink)>, PageError> {
    let Some(key) = OneTimeKey::parse(text) else { return Ok(None) };
    let opened = find_valid_link(app, &key, link).await?;
    Ok(opened.map(|opened| (key, opened)))
}

/// The name of the site, as in the mail with the link.
pub(crate) fn site(app: &App) -> &str {
    &app.config.site.name
}

/// The page for a link that does not work, for any reason (404).
pub(crate) fn gone(app: &App, t: Lang, link: Link) -> HttpResponse {
    let page = DeadLinkPage { t, site: site(app), link };
    Page::new(page).with_status(StatusCode::NOT_FOUND).with_secret_url().into_response()
}

/// The response for a key that was refused.
pub(crate) fn refused(app: &App, t: Lang, error: KeyError, link: Link) -> Result<HttpResponse, PageError> {
    match error {
        KeyError::Bad => Ok(gone(app, t, link)),
        KeyError::Throttled(wait) => Err(PageError::Throttled(wait)),
        KeyError::Store(error) => Err(error.into()),
    }
}

/// A page whose URL contains a key.
pub(crate) fn page(template: impl Template) -> HttpResponse {
    Page::new(template).with_secret_url().into_response()
}

/// The form again, with its errors (422).
pub(crate) fn again(template: impl Template) -> HttpResponse {
    Page::new(template).with_status(StatusCode::UNPROCESSABLE_ENTITY).with_secret_url().into_response()
}

/// A redirect to the page after success, so that a reload does not submit again. The current URL contains a
/// key, so it is not sent as referrer.
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
    fn every_kind_of_dead_link_has_its_own_text() {
        for t in Lang::ALL {
            let page = |link: &Link| DeadLinkPage { t, site: "a site", link: *link }.render().unwrap();
            let texts: HashSet<_> = Link::ALL.iter().map(page).collect();
            assert_eq!(texts.len(), Link::ALL.len());
        }
    }
}
