//! What the pages behind links have in common: the key in the URL, the page for one that does not
//! work, and going on after success. Used by its siblings.

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use askama::Template;

use crate::accounts::{KeyError, ValidLink, find_valid_link};
use crate::app::App;
use crate::store::tables::one_time_keys::Purpose;
use crate::texts::Lang;
use crate::types::OneTimeKey;
use crate::web::{Page, PageError};

/// The kinds of links, for what a person can do about one that does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkPage {
    ConfirmEmail,
    UndoEmail,
    ResetPassword,
    AcceptInvite,
}

#[derive(Template)]
#[template(path = "pages/gone.html")]
struct DeadLinkPage<'a> {
    t: Lang,
    site: &'a str,
    link: LinkPage,
}

/// The key, and what it opens; `None` where that is nothing.
pub(crate) async fn open(
    app: &App,
    text: &str,
    purpose: Purpose,
) -> Result<Option<(OneTimeKey, ValidLink)>, PageError> {
    let Some(key) = OneTimeKey::parse(text) else { return Ok(None) };
    let opened = find_valid_link(app, &key, purpose).await?;
    Ok(opened.map(|opened| (key, opened)))
}

/// What the site is called, in the mail and on the page that its link opens.
pub(crate) fn site(app: &App) -> &str {
    &app.config.site.name
}

/// The page for a link that does not work, for whatever reason: 404.
pub(crate) fn gone(app: &App, t: Lang, link: LinkPage) -> HttpResponse {
    let page = DeadLinkPage { t, site: site(app), link };
    Page::new(page).with_status(StatusCode::NOT_FOUND).with_secret_url().into_response()
}

/// What to answer where a link turned out to do nothing.
pub(crate) fn refused(
    app: &App,
    t: Lang,
    error: KeyError,
    link: LinkPage,
) -> Result<HttpResponse, PageError> {
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
    use super::*;

    #[test]
    fn every_kind_of_link_has_its_own_words_when_it_is_gone() {
        let all =
            [LinkPage::ConfirmEmail, LinkPage::UndoEmail, LinkPage::ResetPassword, LinkPage::AcceptInvite];
        for t in Lang::ALL {
            let mut texts =
                all.map(|link| DeadLinkPage { t, site: "a site", link }.render().unwrap()).to_vec();
            texts.sort();
            texts.dedup();
            assert_eq!(texts.len(), all.len());
        }
    }

    #[test]
    fn no_key_can_be_mistaken_for_the_page_after_success() {
        assert!(OneTimeKey::parse("done").is_none());
    }
}
