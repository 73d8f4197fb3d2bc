//! What one click on a user's page does, and another one undoes: confirm, unconfirm, activate.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use super::flash::{Done, Flash};
use super::found;
use super::guard::Post;
use super::shell::see_other;
use crate::accounts::{self, AccountError};
use crate::app::App;
use crate::html::PageError;
use crate::types::{User, UserId};

/// `POST /admin/users/{id}/confirm`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub async fn confirm(app: Data<App>, post: Post, id: Path<i64>) -> Result<HttpResponse, PageError> {
    let user = accounts::confirm_email(&app, UserId::new(*id), &post.admin.actor).await;
    done(&post, Done::Confirmed, user)
}

/// `POST /admin/users/{id}/unconfirm`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub async fn unconfirm(app: Data<App>, post: Post, id: Path<i64>) -> Result<HttpResponse, PageError> {
    let user = accounts::unconfirm_email(&app, UserId::new(*id), &post.admin.actor).await;
    done(&post, Done::Unconfirmed, user)
}

/// `POST /admin/users/{id}/activate`.
///
/// # Errors
/// If there is no such user, or the store fails.
pub async fn activate(app: Data<App>, post: Post, id: Path<i64>) -> Result<HttpResponse, PageError> {
    let user = accounts::activate(&app, UserId::new(*id), &post.admin.actor).await;
    done(&post, Done::Activated, user)
}

/// `GET` of all of them: who comes here after signing in again is sent to the user.
pub async fn to_user(id: Path<i64>) -> HttpResponse {
    see_other(&found::page_of(UserId::new(*id))).finish()
}

fn done(post: &Post, what: Done, user: Result<User, AccountError>) -> Result<HttpResponse, PageError> {
    let user = user?;
    Ok(post.admin.go_on(&found::page_of(user.id), &Flash::One(what, user.username.to_string())))
}
