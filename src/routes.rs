//! Every URL on one screen.

use actix_web::http::{Method, StatusCode};
use actix_web::{guard, web};

use crate::api::{self, view::View};
use crate::{admin, html, ops};

const LOGIN: View = View { path: "/api/login", name: "Login", allow: "POST, OPTIONS" };
const USER: View = View { path: "/api/user", name: "User", allow: "GET, PUT, HEAD, OPTIONS" };

const LOGOUT: View = View { path: "/api/logout", name: "Logout", allow: "POST, OPTIONS" };
const SESSIONS: View = View { path: "/api/sessions", name: "Sessions", allow: "GET, HEAD, OPTIONS" };
const SESSION: View = View { path: "/api/sessions/{id}", name: "Session", allow: "DELETE, OPTIONS" };
const TOKEN: View = View { path: "/api/token", name: "Token Obtain Pair", allow: "POST, OPTIONS" };
const REFRESH: View = View { path: "/api/token/refresh", name: "Token Refresh", allow: "POST, OPTIONS" };
const VERIFY: View = View { path: "/api/token/verify", name: "Token Verify", allow: "POST, OPTIONS" };
const BLACKLIST: View =
    View { path: "/api/token/blacklist", name: "Token Blacklist", allow: "POST, OPTIONS" };

/// Hangs every door into its place.
pub fn configure(urls: &mut web::ServiceConfig) {
    // API clients
    api::view::public(urls, LOGIN, || vec![web::post().to(api::login::post)]);
    api::view::protected(urls, USER, || vec![get_or_head().to(api::user::get)]);
    api::view::protected(urls, LOGOUT, || vec![web::post().to(api::logout::post)]);
    api::view::protected(urls, SESSIONS, || vec![get_or_head().to(api::sessions::list)]);
    api::view::protected(urls, SESSION, || vec![web::delete().to(api::sessions::delete)]);
    let described = || web::method(Method::OPTIONS).to(api::token::options);
    api::view::public(urls, TOKEN, || vec![web::post().to(api::token::obtain::post), described()]);
    api::view::public(urls, REFRESH, || vec![web::post().to(api::token::refresh::post), described()]);
    api::view::public(urls, VERIFY, || vec![web::post().to(api::token::verify::post), described()]);
    api::view::public(urls, BLACKLIST, || vec![web::post().to(api::token::blacklist::post), described()]);
    // administrators
    urls.route("/admin/", get_or_head().to(admin::home::home))
        .route("/admin", get_or_head().to(admin::home::home))
        .route("/admin/setup/done", get_or_head().to(admin::setup::done))
        .service(
            web::resource("/admin/setup/{key}")
                .route(get_or_head().to(admin::setup::form))
                .route(web::post().to(admin::setup::submit)),
        );
    // operators
    urls.route("/healthz", get_or_head().to(ops::health));
    // what the pages need, and what is nowhere
    urls.route("/static/{name}", get_or_head().to(html::static_file))
        .default_service(web::to(async || html::error_page(StatusCode::NOT_FOUND)));
}

/// A resource that can be read can be asked about without its body (RFC 9110 §9.3.2).
fn get_or_head() -> actix_web::Route {
    web::route().guard(guard::Any(guard::Method(Method::GET)).or(guard::Method(Method::HEAD)))
}
