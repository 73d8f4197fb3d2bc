//! What the token views say about themselves when asked with `OPTIONS`: more than others, since they
//! are DRF's generic views (`rest_framework/metadata.py`, `determine_actions`).

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use serde_json::{Map, Value, json};

use crate::api::drf::response;
use crate::api::drf::view;
use crate::api::drf::view::View;

/// Answers `OPTIONS`.
pub(crate) async fn options(view: Data<View>) -> HttpResponse {
    let mut body = view::metadata(&view);
    body["description"] = description(view.path).into();
    let fields = fields(view.path).iter().map(|(name, label, is_asked)| {
        let field = json!({"type": "string", "required": is_asked, "read_only": !is_asked, "label": label});
        ((*name).to_owned(), field)
    });
    body["actions"] = json!({"POST": fields.collect::<Map<String, Value>>()});
    response::json(StatusCode::OK, &body)
}

/// The doc strings of the reference's views, word for word, line breaks included.
fn description(path: &str) -> &'static str {
    match path {
        "/api/token" => {
            "Takes a set of user credentials and returns an access and refresh JSON web\n\
             token pair to prove the authentication of those credentials."
        }
        "/api/token/refresh" => {
            "Takes a refresh type JSON web token and returns an access type JSON web\n\
             token if the refresh token is valid."
        }
        "/api/token/verify" => {
            "Takes a token and indicates if it is valid.  This view provides no\n\
             information about a token's fitness for a particular use."
        }
        _ => {
            "Takes a token and blacklists it. Must be used with the\n\
             `rest_framework_simplejwt.token_blacklist` app installed."
        }
    }
}

/// The fields of the reference's serializers, and whether each is asked for or answered.
fn fields(path: &str) -> &'static [(&'static str, &'static str, bool)] {
    match path {
        "/api/token" => &[("username", "Username", true), ("password", "Password", true)],
        "/api/token/refresh" => &[("refresh", "Refresh", true), ("access", "Access", false)],
        "/api/token/verify" => &[("token", "Token", true)],
        _ => &[("refresh", "Refresh", true)],
    }
}
