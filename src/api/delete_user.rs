//! `POST /api/user/delete/`: deletes the user's own account, after the password was checked.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::{self, ActorKind, DeleteOwnAccountError};
use crate::api::drf::body::{FieldErrors, TextField};
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::CurrentUser;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::openapi::description::{Answer, BodyShape, Description, THROTTLED};
use crate::api::{account_fields, cookies};
use crate::app::App;
use crate::http;
use crate::types::Password;

/// The password.
pub(crate) const PASSWORD: TextField<Password> =
    account_fields::password("password", "Current password, for re-authentication.");

/// The answers.
pub(crate) const DOCS: Description = Description::new(
    "Deletes the account.",
    Answer::new(204, "The account is deleted, and the cookies are removed.", BodyShape::Empty),
)
.refusing(&[
    Answer::detail(403, "The setting account.change does not allow it, or no administrator would remain."),
    THROTTLED,
]);

/// Deletes the account of the token's user, and removes the cookies even if the token was in the header.
///
/// # Errors
/// 400 for a wrong password; 403 for the last administrator; 429 and 503 with `Retry-After`.
pub(crate) async fn post(
    app: Data<App>,
    CurrentUser { user, .. }: CurrentUser,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let password = body.fields(&PASSWORD).await?;
    let by = http::actor(&request, ActorKind::User(user.id));
    accounts::delete_own_account(&app, &user, password, &by).await?;
    response::with_cookies(HttpResponse::NoContent().finish(), cookies::removed(&app.config))
}

impl From<DeleteOwnAccountError> for ApiError {
    fn from(error: DeleteOwnAccountError) -> Self {
        match error {
            DeleteOwnAccountError::NotAllowed => Self::ChangeNotAllowed,
            DeleteOwnAccountError::WrongPassword => {
                FieldErrors::one("password", "The password is wrong.").into()
            }
            DeleteOwnAccountError::LastAdministrator => Self::LastAdministrator,
            DeleteOwnAccountError::Throttled(wait) => Self::Throttled(wait),
            DeleteOwnAccountError::Engine(error) => error.into(),
            DeleteOwnAccountError::Store(error) => error.into(),
        }
    }
}
