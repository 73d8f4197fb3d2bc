//! The sign-in page of the admin.

use actix_web::HttpRequest;
use actix_web::web::Data;

use crate::admin::navigation::PATHS;
use crate::app::App;
use crate::web::session::return_to::ReturnTo;
use crate::web::session::sign_in_page::{SignInHelp, SignInPage};

/// The sign-in page, with `next` as the page to go to.
pub(super) fn page(request: &HttpRequest, next: &ReturnTo) -> SignInPage {
    let help = SignInHelp::Administrators { forgot: forgot(request) };
    SignInPage::new(request, PATHS, Some(next.as_str()), next.as_str(), help)
}

/// The page that sends a link for a new password: with account pages, and if emails are sent.
fn forgot(request: &HttpRequest) -> Option<&'static str> {
    let app = request.app_data::<Data<App>>()?;
    (app.config.account.pages && app.current().mail.is_sent()).then_some("/forgot-password")
}
