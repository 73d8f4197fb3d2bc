//! The API, one file per endpoint. Reads requests as Django REST Framework does, calls the use case in
//! `accounts`, and renders answers as DRF does. Has no rules about accounts and writes nothing.

mod account_fields;
mod admin;
mod change_password;
mod confirm_email;
mod cookies;
mod delete_user;
mod dialects;
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

use dialects::{dj_rest_auth, djoser};
use drf::endpoint::Endpoint;
pub use endpoints::ENDPOINTS;

use actix_web::web::ServiceConfig;

use crate::config::Config;

/// Serves all endpoints. Those of a dialect stand below its prefix.
pub(crate) fn configure(urls: &mut ServiceConfig, config: &Config) {
    let sliding = if config.tokens.sliding { token::sliding::ENDPOINTS } else { &[] };
    let endpoints: Vec<&'static Endpoint> = ENDPOINTS.iter().chain(sliding).collect();
    for endpoint in &endpoints {
        drf::view::mount(urls, "", endpoint);
    }
    let dialects =
        [(&config.api.djoser, djoser::ENDPOINTS), (&config.api.dj_rest_auth, dj_rest_auth::ENDPOINTS)];
    for (prefix, endpoints) in dialects {
        for (prefix, endpoint) in
            prefix.iter().flat_map(|prefix| endpoints.iter().map(move |one| (prefix, one)))
        {
            drf::view::mount(urls, prefix.as_str(), endpoint);
        }
    }
    openapi::configure(urls, &endpoints);
}
