//! What the pages behind links share: the key in the URL, the question before the button, and the page for a link
//! that does not work.

use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::accounts::{KeyError, Opened, opened_by};
use crate::app::App;
use crate::store::tables::one_time_keys::Purpose;
use crate::texts::Lang;
use crate::types::OneTimeKey;
use crate::web::{PageError, key_page, language};

/// The kinds of links, each with its own advice on a link that does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkPage {
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

/// The key, and what it opens; `None` if it opens nothing.
pub(super) async fn open(
    app: &App,
    text: &str,
    purpose: Purpose,
) -> Result<Option<(OneTimeKey, Opened)>, PageError> {
    let Some(key) = OneTimeKey::parse(text) else { return Ok(None) };
    let opened = opened_by(app, &key, purpose).await?;
    Ok(opened.map(|opened| (key, opened)))
}

/// The page with the question, made by `page` from the language, the site's name and what the link opens; or 404
/// with advice.
pub(super) async fn ask<T: Template>(
    app: &App,
    request: &HttpRequest,
    text: &str,
    (link, purpose): (LinkPage, Purpose),
    page: impl FnOnce(Lang, String, Opened) -> T,
) -> Result<HttpResponse, PageError> {
    let t = language(request);
    Ok(match open(app, text, purpose).await? {
        Some((_, opened)) => key_page::render(page(t, site(app).to_owned(), opened)),
        None => gone(app, t, link),
    })
}

/// The site's name, as in the mail.
pub(super) fn site(app: &App) -> &str {
    &app.config.site.name
}

/// The page for a link that does not work, for whatever reason: 404.
pub(super) fn gone(app: &App, t: Lang, link: LinkPage) -> HttpResponse {
    key_page::render_gone(DeadLinkPage { t, site: site(app), link })
}

/// The response to a form whose key was refused.
pub(super) fn refused(
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_link_has_its_own_advice_when_it_is_gone() {
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
    fn the_page_after_success_is_no_key() {
        assert!(OneTimeKey::parse("done").is_none());
    }
}
