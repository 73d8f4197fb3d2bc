//! `POST /api/user/delete/`: one's own account, with its password.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};

use crate::accounts::{self, ActorKind, DeleteOwnAccountError};
use crate::api::cookies;
use crate::api::drf::body::{CharField, FieldErrors, FieldReader};
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::CurrentUser;
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::app::App;
use crate::http;
use crate::types::Password;

/// Removes the account of whose token it is, and takes the cookies away, wherever the token was.
///
/// # Errors
/// 400 for a body that cannot be read or lacks the password, and for a wrong one; 403 for the last
/// administrator; 429 and 503 with `Retry-After`.
pub(crate) async fn post(
    app: Data<App>,
    CurrentUser { user, .. }: CurrentUser,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let data = body.read().await?;
    let mut reader = FieldReader::new(&data)?;
    let password = reader.required("password", &CharField::new());
    reader.finish()?;
    let by = http::actor(&request, ActorKind::User(user.id));
    accounts::delete_own_account(&app, &user, Password::new(password.unwrap_or_default()), &by).await?;
    response::with_cookies(HttpResponse::NoContent().finish(), cookies::none(&app.config))
}

impl From<DeleteOwnAccountError> for ApiError {
    fn from(error: DeleteOwnAccountError) -> Self {
        match error {
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
