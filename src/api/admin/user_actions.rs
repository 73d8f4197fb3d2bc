//! `/api/admin/users/{id}/…`: the actions of one click in the admin: ending sessions, sending a link, keeping an account
//! that is to be deleted.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts::{self, MailRequest};
use crate::api::admin::user::{NO_USER, find};
use crate::api::drf::error::ApiError;
use crate::api::drf::machine::Machine;
use crate::api::openapi::description::{Answer, BodyShape, Description};
use crate::app::App;

const INACTIVE: Answer =
    Answer::detail(409, "The account is inactive, has no email, or its email is confirmed.");

/// The answers of `…/end-sessions/`.
pub(crate) const END_SESSIONS_DOCS: Description = Description::new(
    "Ends all sessions and tokens of a user.",
    Answer::new(204, "The sessions ended.", BodyShape::Empty),
)
.refusing(&[NO_USER]);

/// The answers of `…/send-reset/`.
pub(crate) const SEND_RESET_DOCS: Description = Description::new(
    "Sends a user a link that sets a new password.",
    Answer::new(204, "The mail is in the outbox.", BodyShape::Empty),
)
.refusing(&[NO_USER, INACTIVE]);

/// The answers of `…/send-confirmation/`.
pub(crate) const SEND_CONFIRMATION_DOCS: Description = Description::new(
    "Sends a user a link that confirms the email.",
    Answer::new(204, "The mail is in the outbox.", BodyShape::Empty),
)
.refusing(&[NO_USER, INACTIVE]);

/// The answers of `…/restore/`.
pub(crate) const RESTORE_DOCS: Description = Description::new(
    "Cancels the requested deletion of a user.",
    Answer::new(204, "The account stays.", BodyShape::Empty),
)
.refusing(&[NO_USER]);

type ActionAnswer = Result<HttpResponse, ApiError>;

/// Ends all sessions of the user.
pub(crate) async fn end_sessions(app: Data<App>, machine: Machine, id: Path<String>) -> ActionAnswer {
    let user = find(&app, &id).await?;
    accounts::end_all_sessions(&app, user.id, None, &machine.actor).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Sends a link to set a new password.
pub(crate) async fn send_reset(app: Data<App>, machine: Machine, id: Path<String>) -> ActionAnswer {
    send(&app, &machine, &id, MailRequest::ResetPassword).await
}

/// Sends a link to confirm the email.
pub(crate) async fn send_confirmation(app: Data<App>, machine: Machine, id: Path<String>) -> ActionAnswer {
    send(&app, &machine, &id, MailRequest::ConfirmEmail).await
}

async fn send(app: &App, machine: &Machine, id: &str, mail: MailRequest) -> ActionAnswer {
    let user = find(app, id).await?;
    accounts::send_mail(app, user.id, mail, &machine.actor).await?;
    Ok(HttpResponse::NoContent().finish())
}

/// Cancels the deletion of the user.
pub(crate) async fn restore(app: Data<App>, machine: Machine, id: Path<String>) -> ActionAnswer {
    let user = find(&app, &id).await?;
    accounts::cancel_deletion(&app, user.id, &machine.actor).await?;
    Ok(HttpResponse::NoContent().finish())
}
