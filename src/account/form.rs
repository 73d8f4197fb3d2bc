//! What the forms of the account pages share.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::{StatusCode, header};
use askama::Template;

use crate::account::area::AccountUser;
use crate::account::navigation::HOME;
use crate::app::App;
use crate::config::AccountPart;
use crate::http;
use crate::web::form_page::FormPage;
use crate::web::{Page, PageError};

/// A form page below the account.
pub(super) fn page(
    user: &AccountUser,
    heading: &'static str,
    submit: &'static str,
    action: &str,
) -> FormPage {
    FormPage::new(user.layout(), (user.t.account_heading(), HOME), heading.to_owned(), submit, action)
}

/// Refuses the form for a part of the account.
///
/// # Errors
/// 404 if users may not change it (`account.change`), 403 in a view of an administrator.
pub(super) fn check_may_change(app: &App, user: &AccountUser, part: AccountPart) -> Result<(), PageError> {
    if !app.config.account.allows(part) {
        return Err(PageError::NotFound);
    }
    if user.session.is_view() { Err(PageError::ReadOnly) } else { Ok(()) }
}

/// The page again, 429 with the time to wait; the page says it, too.
pub(super) fn throttled(user: &AccountUser, page: impl Template, wait: Duration) -> HttpResponse {
    let mut response = user.render(Page::new(page).with_status(StatusCode::TOO_MANY_REQUESTS));
    response.headers_mut().insert(header::RETRY_AFTER, http::retry_after(wait).into());
    response
}
