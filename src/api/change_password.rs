//! `PUT /api/user/change-password/`: changes the password of the user.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde_json::json;

use crate::accounts::{self, ActorKind, ChangePasswordError};
use crate::api::account_fields::{new_password, password};
use crate::api::drf::body::{FieldErrors, TextField};
use crate::api::drf::error::{ApiError, weak_password};
use crate::api::drf::guard::CurrentUser;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::openapi::description::{Answer, BodyShape, Description, MESSAGE, THROTTLED};
use crate::app::App;
use crate::http;
use crate::types::Password;

/// The fields of the body.
pub(crate) const FIELDS: (TextField<Password>, TextField<Password>) =
    (password("oldPassword", "Current password."), new_password("newPassword"));

/// The answers.
pub(crate) const DOCS: Description = Description::new(
    "Changes the password. All other sessions of the user end.",
    Answer::new(200, "The password was changed.", BodyShape::Object(&MESSAGE)),
)
.refusing(&[Answer::detail(403, "The setting account.change does not allow it."), THROTTLED])
.error_keys(&["old password error", "new password error"]);

/// Changes the password of the token's user.
///
/// # Errors
/// 400 for a wrong old or a weak new password; 429 and 503 with `Retry-After`.
pub(crate) async fn put(
    app: Data<App>,
    CurrentUser { user, session }: CurrentUser,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let (old, new) = body.fields(&FIELDS).await?;
    let by = http::actor(&request, ActorKind::User(user.id));
    accounts::change_password(&app, &user, &session, old, new, &by).await?;
    Ok(response::json(StatusCode::OK, &json!({"message": "Password updated successfully"})))
}

impl From<ChangePasswordError> for ApiError {
    fn from(error: ChangePasswordError) -> Self {
        match error {
            ChangePasswordError::NotAllowed => Self::ChangeNotAllowed,
            ChangePasswordError::WrongOld => {
                FieldErrors::one("old password error", "Old password is wrong").into()
            }
            ChangePasswordError::Weak(weak) => weak_password("new password error", &weak),
            ChangePasswordError::Throttled(wait) => Self::Throttled(wait),
            ChangePasswordError::Engine(error) => error.into(),
            ChangePasswordError::Store(error) => error.into(),
        }
    }
}
