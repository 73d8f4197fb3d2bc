//! What one click on a user's page does, without a form of its own: confirm the email and take that
//! back, activate, send a mail with a link, end sessions. If the account is not as the page showed it,
//! nothing is done, and the page says so.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts::{self, AccountError, MailRequest, SendMailError, SkipReason};
use crate::admin::users::current_user_form;
use crate::admin::users::sessions;
use crate::app::App;
use crate::types::{User, UserId};
use crate::web::PageError;
use crate::web::flash::{Done, Flash, Undone};
use crate::web::layout::see_other;
use crate::web::session::guard::{Administrator, Post};

type ActionResponse = Result<HttpResponse, PageError>;

/// `POST /admin/users/{id}/confirm`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub(crate) async fn confirm(app: Data<App>, post: Post, id: Path<i64>) -> ActionResponse {
    let id = UserId::new(*id);
    let user =
        accounts::confirm_email(&app, current_user_form::at_address(&post.form, id), &post.admin.actor).await;
    done(&post, id, Done::Confirmed, user)
}

/// `POST /admin/users/{id}/unconfirm`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub(crate) async fn unconfirm(app: Data<App>, post: Post, id: Path<i64>) -> ActionResponse {
    let id = UserId::new(*id);
    let user =
        accounts::unconfirm_email(&app, current_user_form::at_address(&post.form, id), &post.admin.actor)
            .await;
    done(&post, id, Done::Unconfirmed, user)
}

/// `POST /admin/users/{id}/activate`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub(crate) async fn activate(app: Data<App>, post: Post, id: Path<i64>) -> ActionResponse {
    let id = UserId::new(*id);
    let user = accounts::activate(&app, current_user_form::as_seen(&post.form, id), &post.admin.actor).await;
    done(&post, id, Done::Activated, user)
}

/// `POST /admin/users/{id}/send-confirmation`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub(crate) async fn send_confirmation(app: Data<App>, post: Post, id: Path<i64>) -> ActionResponse {
    send(&app, &post, *id, MailRequest::ConfirmEmail, [Done::ConfirmationSent, Done::ConfirmationWaits]).await
}

/// `POST /admin/users/{id}/send-reset`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub(crate) async fn send_reset(app: Data<App>, post: Post, id: Path<i64>) -> ActionResponse {
    send(&app, &post, *id, MailRequest::ResetPassword, [Done::ResetSent, Done::ResetWaits]).await
}

async fn send(
    app: &App,
    post: &Post,
    id: i64,
    letter: MailRequest,
    [sent, waits]: [Done; 2],
) -> ActionResponse {
    let id = UserId::new(id);
    let target = current_user_form::at_address(&post.form, id);
    let what = if app.config.mail.smtp.is_some() { sent } else { waits };
    match accounts::send_mail(app, target, letter, &post.admin.actor).await {
        Ok(user) => done(post, id, what, Ok(user)),
        Err(SendMailError::Skipped(SkipReason::Confirmed)) => Ok(not_done(post, id, Undone::Confirmed)),
        Err(SendMailError::Skipped(_)) => Ok(not_done(post, id, Undone::Inactive)),
        Err(SendMailError::Account(error)) => done(post, id, what, Err(error)),
    }
}

/// `POST /admin/users/{id}/end-session`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub(crate) async fn end_session(app: Data<App>, post: Post, id: Path<i64>) -> ActionResponse {
    let user = current_user_form::user(&app, *id).await?;
    let session = sessions::chosen(&post.form).ok_or(PageError::NotFound)?;
    match accounts::end_session(&app, user.id, session, &post.admin.actor).await {
        Ok(()) => done(&post, user.id, Done::SessionEnded, Ok(user)),
        Err(AccountError::NotFound) => Ok(not_done(&post, user.id, Undone::SessionGone)),
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/users/{id}/end-sessions`: all of them, but the one that asks for it.
///
/// # Errors
/// If there is no such user, or the store fails.
pub(crate) async fn end_sessions(app: Data<App>, post: Post, id: Path<i64>) -> ActionResponse {
    let (id, admin) = (UserId::new(*id), &post.admin);
    let user = accounts::end_all_sessions(&app, id, &admin.key, &admin.actor).await;
    let is_self = admin.user.id == id;
    done(&post, id, if is_self { Done::OtherSessionsEnded } else { Done::SessionsEnded }, user)
}

/// `GET` of all of them: who comes here after signing in again is sent to the user.
pub(crate) async fn to_user(_: Administrator, id: Path<i64>) -> HttpResponse {
    see_other(&current_user_form::page_of(UserId::new(*id))).finish()
}

fn done(post: &Post, id: UserId, what: Done, user: Result<User, AccountError>) -> ActionResponse {
    match user {
        Ok(user) => Ok(post
            .admin
            .go_on(&current_user_form::page_of(id), &Flash::One(what, user.username.to_string()))),
        Err(AccountError::Changed) => Ok(not_done(post, id, Undone::Changed)),
        Err(error) => Err(error.into()),
    }
}

fn not_done(post: &Post, id: UserId, why: Undone) -> HttpResponse {
    post.admin.go_on(&current_user_form::page_of(id), &Flash::Not(why))
}
