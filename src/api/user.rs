//! `GET /api/user/`: who the token belongs to.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;

use super::guard::CurrentUser;
use super::reply;

#[derive(Serialize)]
struct UserAnswer<'a> {
    username: &'a str,
    email: &'a str,
    is_email_confirmed: bool,
}

/// Answers the user of the token. Serves `HEAD`, too.
pub async fn get(CurrentUser { user, .. }: CurrentUser) -> HttpResponse {
    let answer = UserAnswer {
        username: user.username.as_str(),
        email: user.email.as_str(),
        is_email_confirmed: user.is_email_confirmed,
    };
    reply::json(StatusCode::OK, &answer)
}
