//! `POST /api/register/`: creates an account. As in a DRF `ModelSerializer`
//! (`rest_framework/serializers.py`), the answer lists the errors of all fields at once, also whether
//! name and email are unique. The password rules are checked after that.

use actix_web::http::StatusCode;
use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use crate::accounts::{
    self, ActorKind, RegisterError, Registered, Registration, RegistrationDraft, RegistrationProblem,
    WeakPassword,
};
use crate::api::account_fields::{EMAIL, USERNAME, new_password};
use crate::api::drf::body::{BodyFields, FieldErrors, Optional, TextField, Together as _};
use crate::api::drf::error::{ApiError, weak_password};
use crate::api::drf::request_body::RequestBody;
use crate::api::drf::response;
use crate::api::openapi::description::{Answer, BodyShape, Description, THROTTLED, USER};
use crate::app::App;
use crate::config::RegistrationMode;
use crate::http;
use crate::store::Unique;
use crate::types::{Email, OneTimeKey, Password, PublicId, Username};

/// The message about a key that is not an invitation for this email.
const UNINVITED: &str = "Invitation is invalid or expired.";

/// The fields of the body. `invite` is required where `registration.mode` is `invite`, and ignored
/// elsewhere.
pub(crate) const FIELDS: (TextField<Username>, TextField<Email>, TextField<Password>, Optional<OneTimeKey>) =
    (USERNAME, EMAIL, PASSWORD, Optional(INVITE));

/// The limit is that of the model (`django/contrib/auth/base_user.py`).
pub(crate) const PASSWORD: TextField<Password> = new_password("password").max_length(Password::MAX_CHARS);

const INVITE: TextField<OneTimeKey> =
    TextField::new("invite", "Key of an invitation, where registration needs one.", |text| {
        OneTimeKey::parse(&text).ok_or_else(|| UNINVITED.to_owned())
    })
    .write_only();

/// The answers.
pub(crate) const DOCS: Description = Description::new(
    "Creates an account. A mail asks to confirm its email.",
    Answer::new(201, "The account was created.", BodyShape::Object(&USER)),
)
.refusing(&[Answer::detail(403, "Registration is closed."), THROTTLED])
.error_keys(&["error"]);

/// What a registration says, as far as it could be read.
pub(crate) struct RegistrationFields {
    pub username: Result<Username, FieldErrors>,
    pub email: Result<Email, FieldErrors>,
    pub password: Result<Password, FieldErrors>,
    /// What is reported only where all fields are valid.
    pub together: Result<(), FieldErrors>,
}

/// The words about what a registration must not have.
pub(crate) struct RegistrationWords {
    /// The name is taken.
    pub username: &'static str,
    /// The address is taken.
    pub email: &'static str,
    /// The error about a weak password.
    pub weak: fn(&WeakPassword) -> ApiError,
}

/// The messages of the reference server (`django/db/models/fields/__init__.py`, "unique").
const WORDS: RegistrationWords = RegistrationWords {
    username: "user with this login already exists.",
    email: "user with this email already exists.",
    weak: |weak| weak_password("error", weak),
};

/// Registers.
///
/// # Errors
/// 400 for a weak password, 403 where registration is closed, 429 and 503 with `Retry-After`.
pub(crate) async fn post(
    app: Data<App>,
    request: HttpRequest,
    body: RequestBody,
) -> Result<HttpResponse, ApiError> {
    let fields = |body: &BodyFields<'_>| RegistrationFields {
        username: body.read(&USERNAME),
        email: body.read(&EMAIL),
        password: body.read(&PASSWORD),
        together: Ok(()),
    };
    let registered = register(&app, &request, body, fields, &WORDS).await?;
    Ok(response::json(StatusCode::CREATED, &RegisterAnswer::new(&registered)))
}

/// Registers with the fields that `read` finds in the body, and an invitation where one is needed.
///
/// # Errors
/// As [`post`], in `words`.
pub(crate) async fn register(
    app: &App,
    request: &HttpRequest,
    body: RequestBody,
    read: impl FnOnce(&BodyFields<'_>) -> RegistrationFields,
    words: &RegistrationWords,
) -> Result<Registered, ApiError> {
    let mode = app.config.registration.mode;
    if mode == RegistrationMode::Closed {
        return Err(ApiError::RegistrationClosed);
    }
    let data = body.data().await?;
    let by = http::actor(request, ActorKind::Anonymous);
    let body = BodyFields::new(&data)?;
    let RegistrationFields { username, email, password, together } = read(&body);
    let invitation = match mode {
        RegistrationMode::Invite => body.read(&INVITE).map(Some),
        _ => Ok(None),
    };
    let draft = RegistrationDraft {
        username: username.as_ref().ok().cloned(),
        email: email.as_ref().ok().cloned(),
        invitation: invitation.as_ref().ok().cloned().flatten(),
    };
    let in_words = |error| words.error(error);
    let problems = accounts::check_registration(app, draft, &by).await.map_err(in_words)?;
    let fields = (username, email, password, invitation).together();
    let unique = words.field_errors(problems).into_result();
    let ((username, email, password, invitation), ()) = (fields, unique).together()?;
    together?;
    let registration = Registration { username, email, password, invitation };
    accounts::register(app, registration, &by).await.map_err(in_words)
}

impl RegistrationWords {
    fn field_errors(&self, problems: Vec<RegistrationProblem>) -> FieldErrors {
        let messages = problems.into_iter().map(|problem| match problem {
            RegistrationProblem::Taken(Unique::Username) => ("username", self.username),
            RegistrationProblem::Taken(Unique::Email) => ("email", self.email),
            RegistrationProblem::Uninvited => ("invite", UNINVITED),
        });
        messages.collect()
    }

    fn error(&self, error: RegisterError) -> ApiError {
        match error {
            RegisterError::Closed => ApiError::RegistrationClosed,
            RegisterError::Throttled(wait) => ApiError::Throttled(wait),
            RegisterError::Refused(problems) => self.field_errors(problems).into(),
            RegisterError::Weak(weak) => (self.weak)(&weak),
            RegisterError::Engine(error) => error.into(),
            RegisterError::Store(error) => error.into(),
        }
    }
}

#[derive(Serialize)]
struct RegisterAnswer<'a> {
    id: PublicId,
    username: &'a str,
    email: &'a str,
    is_email_confirmed: bool,
}

impl<'a> RegisterAnswer<'a> {
    fn new(user: &'a Registered) -> Self {
        Self {
            id: user.id.clone(),
            username: user.username.as_str(),
            email: user.email.as_str(),
            is_email_confirmed: user.is_email_confirmed,
        }
    }
}
