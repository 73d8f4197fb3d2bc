//! The site that the accounts belong to, as pages for everybody name it, and where they lead back to.

use std::fmt;

use crate::app::App;

/// What `site.name` is unless it is set. A sentence about the site with it would be odd.
const DEFAULT_NAME: &str = "doorward";

/// The site on a page. Its [`Display`](fmt::Display) is its name.
#[derive(Clone, Debug)]
pub(crate) struct SiteView {
    name: String,
    /// The address of the site itself, `site.url`.
    pub url: Option<String>,
    /// Whether users have account pages here, `account.pages`.
    pub has_account_pages: bool,
}

impl SiteView {
    /// The site of the settings.
    #[must_use]
    pub(crate) fn of(app: &App) -> Self {
        let current = app.current();
        let site = &current.site;
        Self {
            name: site.name.clone(),
            url: site.url.as_ref().map(|url| url.as_str().to_owned()),
            has_account_pages: app.config.account.pages,
        }
    }
}

impl SiteView {
    /// A sentence with the name of the site; or, if the site has no name of its own, the one without.
    pub(crate) fn sentence(&self, named: String, neutral: &str) -> String {
        if self.name == DEFAULT_NAME { neutral.to_owned() } else { named }
    }
}

impl Default for SiteView {
    /// For pages that are rendered outside of a request.
    fn default() -> Self {
        Self { name: DEFAULT_NAME.to_owned(), url: None, has_account_pages: false }
    }
}

impl fmt::Display for SiteView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
