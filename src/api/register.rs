//! `POST /api/register/`: a name, an email and a password, for a new account. The fields are those
//! of a DRF `ModelSerializer` (`rest_framework/serializers.py`): what is wrong with one is told
//! together with what is wrong with the others, uniqueness included; only then comes the password.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use crate::accounts::{
    self, ActorKind, RegisterError, Registered, Registration, RegistrationDraft, RegistrationProblem,
};
use crate::api::account_fields;
use crate::api::drf::body::{CharField, FieldErrors, FieldReader};
use crate::api::drf::error::{ApiError, weak};
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::app::App;
use crate::config::RegistrationMode;
use crate::http;
use crate::store::Unique;
use crate::types::{Email, OneTimeKey, Password, UserId, Username};

/// The most characters of a password (`django/contrib/auth/base_user.py`).
const PASSWORD_CHARS: usize = 128;

/// What is said of a key that is no invitation for this email.
const UNINVITED: &str = "Invitation is invalid or expired.";

/// Registers.
///
/// # Errors
/// 400 for a body that cannot be read or fields that are not valid, 403 where nobody may, 429 and
/// 503 with `Retry-After`.
pub(crate) async fn post(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let mode = app.config.registration.mode;
    if mode == RegistrationMode::Closed {
        return Err(ApiError::RegistrationClosed);
    }
    let data = body.read().await?;
    let by = http::actor(&request, ActorKind::Anonymous);
    let mut reader = FieldReader::new(&data)?;
    let username = reader.required("username", &account_fields::username());
    let email = reader.required("email", &account_fields::email());
    let password = reader.required("password", &CharField::new().max_length(PASSWORD_CHARS));
    let invite = match mode {
        RegistrationMode::Invite => reader.required("invite", &CharField::new()),
        _ => None,
    };
    let read = || RegistrationDraft {
        username: username.as_deref().and_then(|name| Username::parse(name).ok()),
        email: email.as_deref().and_then(|email| Email::parse(email).ok()),
        invitation: invite.as_deref().and_then(OneTimeKey::parse),
    };
    if invite.as_deref().is_some_and(|invite| OneTimeKey::parse(invite).is_none()) {
        reader.add_error("invite", UNINVITED);
    }
    for objection in accounts::check_registration(&app, read(), &by).await? {
        let (field, message) = words(objection);
        reader.add_error(field, message);
    }
    reader.finish()?;
    let RegistrationDraft { username: Some(username), email: Some(email), invitation } = read() else {
        return Err(ApiError::Internal);
    };
    let password = Password::new(password.unwrap_or_default());
    let wanted = Registration { username, email, password, invitation };
    let registered = accounts::register(&app, wanted, &by).await?;
    Ok(response::json(StatusCode::CREATED, &RegisterAnswer::new(&registered)))
}

/// The field that an objection belongs to, and what the reference server says
/// (`django/db/models/fields/__init__.py`, "unique").
fn words(objection: RegistrationProblem) -> (&'static str, &'static str) {
    match objection {
        RegistrationProblem::Taken(Unique::Username) => ("username", "user with this login already exists."),
        RegistrationProblem::Taken(Unique::Email) => ("email", "user with this email already exists."),
        RegistrationProblem::Uninvited => ("invite", UNINVITED),
    }
}

#[derive(Serialize)]
struct RegisterAnswer<'a> {
    id: UserId,
    username: &'a str,
    email: &'a str,
    is_email_confirmed: bool,
}

impl<'a> RegisterAnswer<'a> {
    fn new(user: &'a Registered) -> Self {
        Self {
            id: user.id,
            username: user.username.as_str(),
            email: user.email.as_str(),
            is_email_confirmed: user.is_email_confirmed,
        }
    }
}

impl From<RegisterError> for ApiError {
    fn from(error: RegisterError) -> Self {
        match error {
            RegisterError::Closed => Self::RegistrationClosed,
            RegisterError::Throttled(wait) => Self::Throttled(wait),
            RegisterError::Refused(objections) => {
                let mut errors = FieldErrors::default();
                for (field, message) in objections.into_iter().map(words) {
                    errors.add(field, message);
                }
                errors.into()
            }
            RegisterError::Weak(violations) => weak("error", &violations),
            RegisterError::Engine(error) => error.into(),
            RegisterError::Store(error) => error.into(),
        }
    }
}
