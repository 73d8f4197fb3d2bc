//! The sign-in page of the account pages.

use actix_web::HttpRequest;
use actix_web::web::Data;

use crate::account::navigation::PATHS;
use crate::account::open_page::with_next;
use crate::app::App;
use crate::config::RegistrationMode;
use crate::web::session::next_url::NextUrl;
use crate::web::session::sign_in_page::{SignInHelp, SignInPage};

/// The sign-in page, with `next` as the page to go to.
pub(super) fn page(request: &HttpRequest, next: Option<&NextUrl>) -> SignInPage {
    let app = request.app_data::<Data<App>>();
    let may_register = app.is_some_and(|app| app.config.registration.mode == RegistrationMode::Open);
    let help = SignInHelp::Users {
        forgot: with_next("/forgot-password", next),
        register: may_register.then(|| with_next("/sign-up", next)),
    };
    SignInPage::new(request, PATHS, next.map(NextUrl::as_str), &with_next(PATHS.sign_in, next), help)
        .with_form_target(next.and_then(NextUrl::origin))
}
