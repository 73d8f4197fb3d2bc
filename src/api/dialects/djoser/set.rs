//! `users/set_password/` and `users/set_username/`: changes with the current password.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use super::errors;
use crate::accounts::{self, ActorKind};
use crate::api::account_fields::{self, new_password, password as password_field};
use crate::api::dialects::words::{self, PASSWORDS_DIFFER};
use crate::api::drf::body::{BodyFields, FieldErrors, Partial, TextField};
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::CurrentUser;
use crate::api::drf::request_body::RequestBody;
use crate::app::App;
use crate::http;
use crate::store::Unique;
use crate::types::{Password, Username};

/// The password, to confirm a change.
pub(super) const CURRENT_PASSWORD: TextField<Password> =
    password_field("current_password", "Current password.");

/// A password to be set.
pub(super) const NEW_PASSWORD: TextField<Password> = new_password("new_password");

/// The fields of a change of the password.
pub(super) const PASSWORDS: (TextField<Password>, TextField<Password>) = (NEW_PASSWORD, CURRENT_PASSWORD);

/// The fields of a change of the name.
pub(super) const USERNAME: (TextField<Username>, TextField<Password>) =
    (account_fields::USERNAME.named("new_username"), CURRENT_PASSWORD);

/// Refuses a password that was typed again in another way. djoser can be told to ask for that (`…_RETYPE`); here it is
/// checked where it is sent.
pub(super) fn retyped(
    body: &BodyFields<'_>,
    password: &Password,
    again: &'static str,
) -> Result<(), FieldErrors> {
    let again = body.read(&Partial(password_field(again, "The same password again.")))?;
    match again.is_some_and(|again| again.expose() != password.expose()) {
        true => Err(FieldErrors::non_field(PASSWORDS_DIFFER)),
        false => Ok(()),
    }
}

/// Changes the password. The other sessions end.
///
/// # Errors
/// 400 for a wrong or a weak password, 429 and 503 with `Retry-After`.
pub(super) async fn password(
    app: Data<App>,
    CurrentUser { user, session }: CurrentUser,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let data = body.data().await?;
    let body = BodyFields::new(&data)?;
    let (new, current) = body.read(&PASSWORDS)?;
    retyped(&body, &new, "re_new_password")?;
    let by = http::actor(&request, ActorKind::User(user.id));
    accounts::change_password(&app, &user, &session, current, new, &by)
        .await
        .map_err(errors::change_password)?;
    Ok(HttpResponse::NoContent().finish())
}

/// Changes the name.
///
/// # Errors
/// 400 for a wrong password and for a name that is not valid, taken or the user's own; 429 and 503 with `Retry-After`.
pub(super) async fn username(
    app: Data<App>,
    CurrentUser { user, .. }: CurrentUser,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let (name, current) = body.fields(&USERNAME).await?;
    let is_same = name == user.username;
    let by = http::actor(&request, ActorKind::User(user.id));
    accounts::rename_user(&app, &user, name, current, &by)
        .await
        .map_err(|error| errors::update(error, "new_username"))?;
    if is_same {
        return Err(words::taken(vec![Unique::Username], "new_username", ""));
    }
    Ok(HttpResponse::NoContent().finish())
}
