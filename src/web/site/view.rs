//! The site that the accounts belong to, as pages for everybody name it, and where they lead back to.

use std::fmt;

use crate::app::App;

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
        let site = &app.config.site;
        Self {
            name: site.name.clone(),
            url: site.url.as_ref().map(|url| url.as_str().to_owned()),
            has_account_pages: app.config.account.pages,
        }
    }
}

impl Default for SiteView {
    /// For pages that are rendered outside of a request.
    fn default() -> Self {
        Self { name: "doorward".to_owned(), url: None, has_account_pages: false }
    }
}

impl fmt::Display for SiteView {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}
