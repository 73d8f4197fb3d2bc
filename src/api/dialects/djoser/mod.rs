//! The endpoints of djoser (`djoser/views.py`, `djoser/urls/`) with its default settings, below `api.djoser`.
//!
//! All of `users/…` is one view there. So a method that a path does not have, and `OPTIONS`, are for users alone, also
//! where the path itself is public, and `OPTIONS` lists the fields of a user everywhere.

mod activation;
mod errors;
mod profile;
mod reset;
mod set;
mod users;

use serde_json::{Value, json};

use crate::api::account_fields::EMAIL;
use crate::api::drf::endpoint::{Endpoint, delete_with, get, patch, post, put};
use crate::api::login;
use crate::api::token::{REFRESH, obtain, refresh, verify};

/// All endpoints. Static paths come before the one with an id.
pub(crate) const ENDPOINTS: &[Endpoint] = &[
    Endpoint::public(
        "/jwt/create",
        "Token Obtain Pair",
        &[post(|route| route.to(obtain::post), &login::FIELDS)],
    )
    .generic_view(obtain::DESCRIPTION),
    Endpoint::public(
        "/jwt/refresh",
        "Token Refresh",
        &[post(|route| route.to(refresh::post), &REFRESH).answering(&[refresh::ACCESS])],
    )
    .generic_view(refresh::DESCRIPTION),
    Endpoint::public("/jwt/verify", "Token Verify", &[post(|route| route.to(verify::post), &verify::TOKEN)])
        .generic_view(verify::DESCRIPTION),
    Endpoint::for_users(
        "/users",
        "User List",
        &[get(|route| route.to(users::list)), post(|route| route.to(users::create), &users::FIELDS)],
    )
    .with_actions("", || json!({"POST": user_fields()})),
    Endpoint::for_users(
        "/users/me",
        "Me",
        &[
            get(|route| route.to(profile::me)),
            put(|route| route.to(profile::put_me), &profile::EMAIL),
            patch(|route| route.to(profile::patch_me), &profile::CHANGED_EMAIL),
            delete_with(|route| route.to(profile::delete_me), &set::CURRENT_PASSWORD),
        ],
    )
    .with_actions("", || json!({"PUT": user_fields()})),
    Endpoint::for_users(
        "/users/activation",
        "Activation",
        &[post(|route| route.to(activation::confirm), &reset::LINK)],
    )
    .with_actions("", post_actions),
    Endpoint::for_users(
        "/users/resend_activation",
        "Resend activation",
        &[post(|route| route.to(activation::resend), &EMAIL)],
    )
    .with_actions("", post_actions),
    Endpoint::for_users(
        "/users/set_password",
        "Set password",
        &[post(|route| route.to(set::password), &set::PASSWORDS)],
    )
    .with_actions("", post_actions),
    Endpoint::for_users(
        "/users/set_username",
        "Set username",
        &[post(|route| route.to(set::username), &set::USERNAME)],
    )
    .with_actions("", post_actions),
    Endpoint::for_users(
        "/users/reset_password",
        "Reset password",
        &[post(|route| route.to(reset::request), &EMAIL)],
    )
    .with_actions("", post_actions),
    Endpoint::for_users(
        "/users/reset_password_confirm",
        "Reset password confirm",
        &[post(|route| route.to(reset::confirm), &reset::PASSWORD)],
    )
    .with_actions("", post_actions),
    Endpoint::for_users(
        "/users/{id}",
        "User Instance",
        &[
            get(|route| route.to(users::get)),
            put(|route| route.to(users::put), &profile::EMAIL),
            patch(|route| route.to(users::patch), &profile::CHANGED_EMAIL),
            delete_with(|route| route.to(users::delete), &set::CURRENT_PASSWORD),
        ],
    )
    .with_actions("", || json!({"PUT": user_fields()})),
];

fn post_actions() -> Value {
    json!({"POST": user_fields()})
}

/// The fields of djoser's `UserSerializer` with Django's own user, as `OPTIONS` lists them.
fn user_fields() -> Value {
    json!({
        "email": {"type": "email", "required": true, "read_only": false, "label": "Email", "max_length": 254},
        "id": {"type": "integer", "required": false, "read_only": true, "label": "ID"},
        "username": {
            "type": "string", "required": false, "read_only": true, "label": "Username",
            "help_text": "Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
        },
    })
}
