//! What the pages for everybody share: the language, the name of the site, and the page to go to afterwards.

use actix_web::HttpRequest;

use crate::account::navigation::PATHS;
use crate::app::App;
use crate::texts::Lang;
use crate::web;
use crate::web::SiteView;
use crate::web::session::next_url::NextUrl;

/// A page for everybody.
pub(super) struct OpenPage {
    pub t: Lang,
    pub site: SiteView,
    /// The page to go to after signing in, if one was requested.
    pub next: Option<NextUrl>,
    /// The sign-in page, with that page.
    pub sign_in: String,
    /// The query of the page, with `&` at its end.
    pub query: String,
}

impl OpenPage {
    /// `next` is the parameter of the request.
    pub(super) fn new(app: &App, request: &HttpRequest, next: &str) -> Self {
        let next = NextUrl::parse(next, &app.config);
        Self {
            t: web::language(request),
            site: SiteView::of(app),
            sign_in: with_next(PATHS.sign_in, next.as_ref()),
            query: next.as_ref().map_or_else(String::new, |next| format!("next={}&", next.encoded())),
            next,
        }
    }

    /// A path with the same page to go to.
    pub(super) fn path(&self, path: &str) -> String {
        with_next(path, self.next.as_ref())
    }
}

/// A path with the parameter `next`, if there is one.
pub(super) fn with_next(path: &str, next: Option<&NextUrl>) -> String {
    next.map_or_else(|| path.to_owned(), |next| format!("{path}?next={}", next.encoded()))
}
