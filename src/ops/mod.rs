//! What other programs ask the server itself: whether it runs, and the public keys of tokens.

pub(crate) mod jwks;

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::app::App;
use crate::store::tables::users;

/// `GET /healthz`: 200 `ok`, or 503 if the database cannot be read.
pub(crate) async fn health(app: Data<App>) -> HttpResponse {
    match app.store.read(users::any).await {
        Ok(_) => HttpResponse::Ok().content_type("text/plain; charset=utf-8").body("ok\n"),
        Err(error) => {
            if !error.is_logged() {
                tracing::error!(%error, "the health check cannot read the database");
            }
            HttpResponse::ServiceUnavailable()
                .content_type("text/plain; charset=utf-8")
                .body("the database cannot be read\n")
        }
    }
}
