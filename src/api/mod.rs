//! The API, one file per endpoint. Reads requests as Django REST Framework does, calls the use case in
//! `accounts`, and renders answers as DRF does. Has no rules about accounts and writes nothing.

mod account_fields;
mod change_password;
mod confirm_email;
mod cookies;
mod delete_user;
pub(crate) mod drf;
mod endpoints;
pub(crate) mod login;
mod logout;
mod openapi;
mod register;
mod request_mail;
mod reset_password;
mod sessions;
mod token;
mod user;

pub use endpoints::ENDPOINTS;

use actix_web::web::ServiceConfig;

/// Serves all endpoints.
pub(crate) fn configure(urls: &mut ServiceConfig) {
    for endpoint in ENDPOINTS {
        drf::view::mount(urls, endpoint);
    }
    openapi::configure(urls, ENDPOINTS);
}
