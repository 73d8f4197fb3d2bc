//! The actions of one click on a user's page: confirming the email and undoing that, activating, sending a mail
//! with a link, ending sessions. If the account has changed since the page was displayed, nothing is done and a
//! message says so.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts::{self, AccountError, MailRequest, SendMailError, SkipReason};
use crate::admin::flash::{Done, Flash, Undone};
use crate::admin::session::{Administrator, Post};
use crate::admin::users::detail::Tab;
use crate::admin::users::user_form;
use crate::app::App;
use crate::types::{User, UserId};
use crate::web::PageError;
use crate::web::layout::see_other;
use crate::web::open_sessions::session_of;

type ActionResponse = Result<HttpResponse, PageError>;

/// `POST /admin/users/{id}/confirm`.
pub(crate) async fn confirm(app: Data<App>, post: Post, id: Path<i64>) -> ActionResponse {
    let id = UserId::new(*id);
    let user = user_form::user_at_email(&post.form, id);
    let outcome = accounts::confirm_email(&app, user, &post.sender.actor).await;
    respond(&app, &post, id, Done::Confirmed, outcome).await
}

/// `POST /admin/users/{id}/unconfirm`.
pub(crate) async fn unconfirm(app: Data<App>, post: Post, id: Path<i64>) -> ActionResponse {
    let id = UserId::new(*id);
    let user = user_form::user_at_email(&post.form, id);
    let outcome = accounts::unconfirm_email(&app, user, &post.sender.actor).await;
    respond(&app, &post, id, Done::Unconfirmed, outcome).await
}

/// `POST /admin/users/{id}/activate`.
pub(crate) async fn activate(app: Data<App>, post: Post, id: Path<i64>) -> ActionResponse {
    let id = UserId::new(*id);
    let user = user_form::user_at_version(&post.form, id);
    let outcome = accounts::activate(&app, user, &post.sender.actor).await;
    respond(&app, &post, id, Done::Activated, outcome).await
}

/// `POST /admin/users/{id}/send-confirmation`.
pub(crate) async fn send_confirmation(app: Data<App>, post: Post, id: Path<i64>) -> ActionResponse {
    send(&app, &post, *id, MailRequest::ConfirmEmail, [Done::ConfirmationSent, Done::ConfirmationWaits]).await
}

/// `POST /admin/users/{id}/send-reset`.
pub(crate) async fn send_reset(app: Data<App>, post: Post, id: Path<i64>) -> ActionResponse {
    send(&app, &post, *id, MailRequest::ResetPassword, [Done::ResetSent, Done::ResetWaits]).await
}

async fn send(
    app: &App,
    post: &Post,
    id: i64,
    request: MailRequest,
    [sent, waits]: [Done; 2],
) -> ActionResponse {
    let id = UserId::new(id);
    let user = user_form::user_at_email(&post.form, id);
    let done = if app.current().mail.is_sent() { sent } else { waits };
    match accounts::send_mail(app, user, request, &post.sender.actor).await {
        Ok(user) => respond(app, post, id, done, Ok(user)).await,
        Err(SendMailError::Skipped(SkipReason::Confirmed)) => Ok(not_done(post, id, Undone::Confirmed)),
        // The page offers it for users with an address.
        Err(SendMailError::Skipped(SkipReason::NoEmail)) => Ok(not_done(post, id, Undone::Changed)),
        Err(SendMailError::Skipped(_)) => Ok(not_done(post, id, Undone::Inactive)),
        Err(SendMailError::Account(error)) => respond(app, post, id, done, Err(error)).await,
    }
}

/// `POST /admin/users/{id}/end-session`.
pub(crate) async fn end_session(app: Data<App>, post: Post, id: Path<i64>) -> ActionResponse {
    let user = user_form::user(&app, *id).await?;
    let session = session_of(&post.form).ok_or(PageError::NotFound)?;
    let next = Tab::Sessions.path(user.id);
    match accounts::end_session(&app, user.id, session, &post.sender.actor).await {
        Ok(()) => respond_at(&next, &app, &post, user.id, Done::SessionEnded, Ok(user)).await,
        Err(AccountError::NotFound) => Ok(post.sender.redirect(&next, &Flash::Not(Undone::SessionGone))),
        Err(error) => Err(error.into()),
    }
}

/// `POST /admin/users/{id}/end-sessions`: ends all sessions of the user, but not the one that sent the request.
pub(crate) async fn end_sessions(app: Data<App>, post: Post, id: Path<i64>) -> ActionResponse {
    let (id, admin) = (UserId::new(*id), &post.sender);
    let outcome = accounts::end_all_sessions(&app, id, Some(&admin.key), &admin.actor).await;
    let is_self = admin.user.id == id;
    let done = if is_self { Done::OtherSessionsEnded } else { Done::SessionsEnded };
    respond_at(&Tab::Sessions.path(id), &app, &post, id, done, outcome).await
}

/// `GET` of each action, where signing in leads when the session ended before the click: redirects to the user.
pub(crate) async fn to_user(_: Administrator, id: Path<i64>) -> HttpResponse {
    see_other(&user_form::path_of(UserId::new(*id))).finish()
}

/// Redirects to the page of the user with what came of the action.
pub(crate) async fn respond(
    app: &App,
    post: &Post,
    id: UserId,
    done: Done,
    outcome: Result<User, AccountError>,
) -> ActionResponse {
    respond_at(&user_form::path_of(id), app, post, id, done, outcome).await
}

/// Redirects to the page `next` with what came of the action.
async fn respond_at(
    next: &str,
    app: &App,
    post: &Post,
    id: UserId,
    done: Done,
    outcome: Result<User, AccountError>,
) -> ActionResponse {
    match outcome {
        Ok(user) => Ok(post.sender.redirect(next, &Flash::about(done, &user))),
        Err(AccountError::Changed) => Ok(not_done(post, id, Undone::Changed)),
        Err(AccountError::ToBeDeleted) => Ok(not_done(post, id, Undone::ToBeDeleted)),
        // A page says who deleted the account.
        Err(AccountError::NotFound) => {
            Err(user_form::user(app, id.get()).await.err().unwrap_or(PageError::NotFound))
        }
        Err(error) => Err(error.into()),
    }
}

fn not_done(post: &Post, id: UserId, why: Undone) -> HttpResponse {
    post.sender.redirect(&user_form::path_of(id), &Flash::Not(why))
}
