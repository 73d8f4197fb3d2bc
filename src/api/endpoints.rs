//! Every URL of the API, with its methods, their handlers and the fields of their bodies.

use super::drf::endpoint::{Endpoint, delete, get, post, put};
use super::token::{REFRESH, blacklist, obtain, refresh, verify};
use super::{
    change_password, confirm_email, delete_user, login, logout, register, request_mail, reset_password,
    sessions, user,
};

/// All endpoints.
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint::public("/api/login", "Login", &[post(|route| route.to(login::post), &login::FIELDS)]),
    Endpoint::public(
        "/api/register",
        "Register",
        &[post(|route| route.to(register::post), &register::FIELDS)],
    ),
    Endpoint::for_users(
        "/api/user",
        "User",
        &[get(|route| route.to(user::get)), put(|route| route.to(user::put), &user::FIELDS)],
    ),
    Endpoint::for_users(
        "/api/user/change-password",
        "Change Password",
        &[put(|route| route.to(change_password::put), &change_password::FIELDS)],
    ),
    Endpoint::for_users(
        "/api/user/delete",
        "Delete User",
        &[post(|route| route.to(delete_user::post), &delete_user::PASSWORD)],
    ),
    Endpoint::for_users("/api/logout", "Logout", &[post(|route| route.to(logout::post), &logout::ALL)]),
    Endpoint::for_users("/api/sessions", "Sessions", &[get(|route| route.to(sessions::list))]),
    Endpoint::for_users("/api/sessions/{id}", "Session", &[delete(|route| route.to(sessions::delete))]),
    Endpoint::public(
        "/api/email/confirm",
        "Confirm Email",
        &[post(|route| route.to(confirm_email::post), &confirm_email::KEY)],
    ),
    Endpoint::public(
        "/api/email/resend",
        "Resend Email",
        &[post(|route| route.to(request_mail::confirm_email), &request_mail::EMAIL)],
    ),
    Endpoint::public(
        "/api/password/reset",
        "Reset Password",
        &[post(|route| route.to(request_mail::reset_password), &request_mail::EMAIL)],
    ),
    Endpoint::public(
        "/api/password/reset/confirm",
        "Reset Password Confirm",
        &[post(|route| route.to(reset_password::post), &reset_password::FIELDS)],
    ),
    Endpoint::public(
        "/api/token",
        "Token Obtain Pair",
        &[post(|route| route.to(obtain::post), &login::FIELDS)],
    )
    .generic_view(obtain::DESCRIPTION),
    Endpoint::public(
        "/api/token/refresh",
        "Token Refresh",
        &[post(|route| route.to(refresh::post), &REFRESH).answering(&[refresh::ACCESS])],
    )
    .generic_view(refresh::DESCRIPTION),
    Endpoint::public(
        "/api/token/verify",
        "Token Verify",
        &[post(|route| route.to(verify::post), &verify::TOKEN)],
    )
    .generic_view(verify::DESCRIPTION),
    Endpoint::public(
        "/api/token/blacklist",
        "Token Blacklist",
        &[post(|route| route.to(blacklist::post), &REFRESH)],
    )
    .generic_view(blacklist::DESCRIPTION),
];
