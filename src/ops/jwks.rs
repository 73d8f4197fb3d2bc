//! `GET /.well-known/jwks.json`: the public keys of tokens, for the services that check them.

use actix_web::HttpRequest;
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{self, ETag, EntityTag, Header as _, IfNoneMatch};
use actix_web::web::Data;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};

use crate::app::App;

/// The media type of a key set (RFC 7517 §8.5.2).
const KEY_SET: &str = "application/jwk-set+json";

/// How long services and caches may use a copy. `keys.publish_for` is three times as long by default.
const CACHING: &str = "public, max-age=300";

/// The key set. Pages of every origin may read it: it is public.
pub(crate) async fn key_set(request: HttpRequest, app: Data<App>) -> HttpResponse {
    if let Err(error) = app.refresh_keys().await {
        if !error.is_logged() {
            tracing::error!(%error, "the key set cannot be read");
        }
        return HttpResponse::ServiceUnavailable().finish();
    }
    let body = app.tokens.ring().jwk_set(app.clock.now()).to_string();
    let tag = EntityTag::new_strong(URL_SAFE_NO_PAD.encode(Sha256::digest(&body)));
    let is_known = match IfNoneMatch::parse(&request) {
        Ok(IfNoneMatch::Any) => request.headers().contains_key(header::IF_NONE_MATCH),
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(&tag)),
        Err(_) => false,
    };
    let mut response = HttpResponse::build(if is_known { StatusCode::NOT_MODIFIED } else { StatusCode::OK });
    response
        .insert_header(ETag(tag))
        .insert_header((header::CACHE_CONTROL, CACHING))
        .insert_header((header::ACCESS_CONTROL_ALLOW_ORIGIN, "*"));
    if is_known { response.finish() } else { response.content_type(KEY_SET).body(body) }
}
