//! The endpoints of dj-rest-auth (`dj_rest_auth/views.py`, `dj_rest_auth/registration/views.py`) with JWT and with
//! allauth, below `api.dj_rest_auth`. The old password is always asked for (`OLD_PASSWORD_FIELD_ENABLED`).

mod account;
mod errors;
mod login;
mod options;
mod password;
mod registration;
mod tokens;

use actix_web::http::Method;

use crate::api::account_fields::EMAIL;
use crate::api::confirm_email::KEY;
use crate::api::drf::endpoint::{Endpoint, get, patch, post, put, refused};
use crate::api::token::{REFRESH, verify};

/// All endpoints.
pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::with_header_token("/login", "Login", &[post(|route| route.to(login::post), &login::FIELDS)])
        .with_actions(options::LOGIN, options::login),
    Endpoint::with_header_token(
        "/logout",
        "Logout",
        &[refused(&Method::GET), post(|route| route.to(tokens::log_out), &REFRESH)],
    )
    .described(options::LOGOUT),
    Endpoint::for_users(
        "/user",
        "User Details",
        &[
            get(|route| route.to(account::get)),
            put(|route| route.to(account::put), &account::USERNAME),
            patch(|route| route.to(account::patch), &account::CHANGED_USERNAME),
        ],
    )
    .with_actions(options::USER, options::user),
    Endpoint::for_users(
        "/password/change",
        "Password Change",
        &[post(|route| route.to(password::change), &password::CHANGE)],
    )
    .with_actions(options::PASSWORD_CHANGE, options::password_change),
    Endpoint::with_header_token(
        "/password/reset",
        "Password Reset",
        &[post(|route| route.to(password::request_reset), &EMAIL)],
    )
    .with_actions(options::PASSWORD_RESET, options::email),
    Endpoint::with_header_token(
        "/password/reset/confirm",
        "Password Reset Confirm",
        &[post(|route| route.to(password::reset), &password::RESET)],
    )
    .with_actions(options::PASSWORD_RESET_CONFIRM, options::password_reset_confirm),
    Endpoint::with_header_token(
        "/registration",
        "Register",
        &[post(|route| route.to(registration::post), &registration::FIELDS)],
    )
    .with_actions(options::REGISTRATION, options::registration),
    Endpoint::with_header_token(
        "/registration/verify-email",
        "Verify Email",
        &[post(|route| route.to(registration::verify_email), &KEY), refused(&Method::HEAD)],
    )
    .with_actions(options::VERIFY_EMAIL, options::verify_email),
    Endpoint::with_header_token(
        "/registration/resend-email",
        "Resend Email Verification",
        &[post(|route| route.to(registration::resend_email), &EMAIL)],
    )
    .with_actions(options::RESEND_EMAIL, options::email),
    Endpoint::public(
        "/token/refresh",
        "Refresh View With Cookie Support",
        &[post(|route| route.to(tokens::refresh), &tokens::REFRESH_FIELD)],
    )
    .with_actions("", options::refresh),
    Endpoint::public(
        "/token/verify",
        "Token Verify",
        &[post(|route| route.to(verify::post), &verify::TOKEN)],
    )
    .generic_view(verify::DESCRIPTION),
];
