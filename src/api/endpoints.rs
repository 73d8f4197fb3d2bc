//! Every URL of the API, with its methods, their handlers, the fields of their bodies, and what the documentation says of
//! them: `OPTIONS`, 405, `/api/schema/` and `/api/docs/` derive from these declarations.

use super::admin::{CREATE, PATCH, audit, user as managed_user, user_actions, users};
use super::drf::endpoint::{Endpoint, delete, get, patch, post, put};
use super::token::{REFRESH, blacklist, introspect, obtain, refresh, verify};
use super::{
    change_password, confirm_email, delete_user, login, logout, register, request_mail, reset_password,
    sessions, user,
};
use crate::types::ApiScope;

/// All endpoints.
pub const ENDPOINTS: &[Endpoint] = &[
    Endpoint::public(
        "/api/login",
        "Login",
        &[post(|route| route.to(login::post), &login::FIELDS).described(&login::DOCS)],
    ),
    Endpoint::public(
        "/api/register",
        "Register",
        &[post(|route| route.to(register::post), &register::FIELDS).described(&register::DOCS)],
    ),
    Endpoint::for_users(
        "/api/user",
        "User",
        &[
            get(|route| route.to(user::get)).described(&user::GET_DOCS),
            put(|route| route.to(user::put), &user::DECLARED).described(&user::PUT_DOCS),
        ],
    ),
    Endpoint::for_users(
        "/api/user/change-password",
        "Change Password",
        &[put(|route| route.to(change_password::put), &change_password::FIELDS)
            .described(&change_password::DOCS)],
    ),
    Endpoint::for_users(
        "/api/user/delete",
        "Delete User",
        &[post(|route| route.to(delete_user::post), &delete_user::PASSWORD).described(&delete_user::DOCS)],
    ),
    Endpoint::for_users(
        "/api/logout",
        "Logout",
        &[post(|route| route.to(logout::post), &logout::ALL).described(&logout::DOCS)],
    ),
    Endpoint::for_users(
        "/api/sessions",
        "Sessions",
        &[get(|route| route.to(sessions::list)).described(&sessions::LIST_DOCS)],
    ),
    Endpoint::for_users(
        "/api/sessions/{id}",
        "Session",
        &[delete(|route| route.to(sessions::delete)).described(&sessions::DELETE_DOCS)],
    ),
    Endpoint::public(
        "/api/email/confirm",
        "Confirm Email",
        &[post(|route| route.to(confirm_email::post), &confirm_email::KEY).described(&confirm_email::DOCS)],
    ),
    Endpoint::public(
        "/api/email/resend",
        "Resend Email",
        &[post(|route| route.to(request_mail::confirm_email), &request_mail::EMAIL)
            .described(&request_mail::CONFIRM_DOCS)],
    ),
    Endpoint::public(
        "/api/password/reset",
        "Reset Password",
        &[post(|route| route.to(request_mail::reset_password), &request_mail::EMAIL)
            .described(&request_mail::RESET_DOCS)],
    ),
    Endpoint::public(
        "/api/password/reset/confirm",
        "Reset Password Confirm",
        &[post(|route| route.to(reset_password::post), &reset_password::FIELDS)
            .described(&reset_password::DOCS)],
    ),
    Endpoint::public(
        "/api/token",
        "Token Obtain Pair",
        &[post(|route| route.to(obtain::post), &login::FIELDS).described(&obtain::DOCS)],
    )
    .generic_view(obtain::DESCRIPTION),
    Endpoint::public(
        "/api/token/refresh",
        "Token Refresh",
        &[post(|route| route.to(refresh::post), &REFRESH)
            .answering(&[refresh::ACCESS])
            .described(&refresh::DOCS)],
    )
    .generic_view(refresh::DESCRIPTION),
    Endpoint::public(
        "/api/token/verify",
        "Token Verify",
        &[post(|route| route.to(verify::post), &verify::TOKEN).described(&verify::DOCS)],
    )
    .generic_view(verify::DESCRIPTION),
    Endpoint::public(
        "/api/token/blacklist",
        "Token Blacklist",
        &[post(|route| route.to(blacklist::post), &REFRESH).described(&blacklist::DOCS)],
    )
    .generic_view(blacklist::DESCRIPTION),
    Endpoint::for_machines(
        "/api/token/introspect",
        "Token Introspect",
        &[post(|route| route.to(introspect::post), &introspect::FIELDS)
            .needs(ApiScope::TokensIntrospect)
            .described(&introspect::DOCS)],
    ),
    Endpoint::for_machines(
        "/api/admin/users",
        "Managed Users",
        &[
            get(|route| route.to(users::list)).needs(ApiScope::UsersRead).described(&users::LIST_DOCS),
            post(|route| route.to(users::create), &CREATE)
                .needs(ApiScope::UsersWrite)
                .described(&users::CREATE_DOCS),
        ],
    ),
    Endpoint::for_machines(
        "/api/admin/users/{id}",
        "Managed User",
        &[
            get(|route| route.to(managed_user::get))
                .needs(ApiScope::UsersRead)
                .described(&managed_user::GET_DOCS),
            patch(|route| route.to(managed_user::patch), &PATCH)
                .needs(ApiScope::UsersWrite)
                .described(&managed_user::PATCH_DOCS),
            delete(|route| route.to(managed_user::delete))
                .needs(ApiScope::UsersWrite)
                .described(&managed_user::DELETE_DOCS),
        ],
    ),
    Endpoint::for_machines(
        "/api/admin/users/{id}/end-sessions",
        "End Sessions",
        &[post(|route| route.to(user_actions::end_sessions), &())
            .needs(ApiScope::UsersWrite)
            .described(&user_actions::END_SESSIONS_DOCS)],
    ),
    Endpoint::for_machines(
        "/api/admin/users/{id}/send-reset",
        "Send Reset",
        &[post(|route| route.to(user_actions::send_reset), &())
            .needs(ApiScope::UsersWrite)
            .described(&user_actions::SEND_RESET_DOCS)],
    ),
    Endpoint::for_machines(
        "/api/admin/users/{id}/send-confirmation",
        "Send Confirmation",
        &[post(|route| route.to(user_actions::send_confirmation), &())
            .needs(ApiScope::UsersWrite)
            .described(&user_actions::SEND_CONFIRMATION_DOCS)],
    ),
    Endpoint::for_machines(
        "/api/admin/users/{id}/restore",
        "Restore",
        &[post(|route| route.to(user_actions::restore), &())
            .needs(ApiScope::UsersWrite)
            .described(&user_actions::RESTORE_DOCS)],
    ),
    Endpoint::for_machines(
        "/api/admin/audit",
        "Audit",
        &[get(|route| route.to(audit::list)).needs(ApiScope::AuditRead).described(&audit::DOCS)],
    ),
];
