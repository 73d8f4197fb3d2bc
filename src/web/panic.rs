//! The answer to a request whose handler panicked.

use std::panic::AssertUnwindSafe;

use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::StatusCode;
use actix_web::middleware::Next;
use actix_web::{Error, HttpResponse, ResponseError};
use futures_util::FutureExt as _;
use thiserror::Error;

use crate::web::error::{Viewer, error_page};

/// Paths below this are answered in JSON.
const API: &str = "/api/";

/// 500. The panic hook has logged the place.
#[derive(Debug, Error)]
#[error("a request failed for an unexpected reason")]
struct Panicked {
    is_api: bool,
}

/// Middleware: answers 500 where Actix would close the connection without a word.
pub(crate) async fn recover<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, Error> {
    let is_api = request.path().starts_with(API);
    match AssertUnwindSafe(next.call(request)).catch_unwind().await {
        Ok(answered) => answered,
        Err(_) => Err(Panicked { is_api }.into()),
    }
}

impl ResponseError for Panicked {
    fn error_response(&self) -> HttpResponse {
        if self.is_api {
            HttpResponse::InternalServerError()
                .content_type("application/json")
                .body("{\"detail\":\"A server error occurred.\"}")
        } else {
            error_page(Viewer::default(), StatusCode::INTERNAL_SERVER_ERROR)
        }
    }
}

#[cfg(test)]
mod tests {
    use actix_web::middleware::from_fn;
    use actix_web::test::{TestRequest, call_service, init_service, read_body, try_call_service};
    use actix_web::{App, web};

    use super::*;

    async fn panics() -> HttpResponse {
        panic!("a bug")
    }

    #[actix_web::test]
    async fn a_panic_is_answered_in_json_or_with_a_page_and_others_are_not_touched() {
        let app = App::new()
            .route("/api/x/", web::get().to(panics))
            .route("/x", web::get().to(panics))
            .route("/", web::get().to(HttpResponse::NoContent))
            .wrap(from_fn(recover));
        let app = init_service(app).await;
        let answer = |path| {
            let request = TestRequest::get().uri(path).to_request();
            let app = &app;
            async move { try_call_service(app, request).await.map_err(|error| error.error_response()) }
        };
        let api = answer("/api/x/").await.unwrap_err();
        assert_eq!(api.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = actix_web::body::to_bytes(api.into_body()).await.unwrap();
        assert_eq!(body, r#"{"detail":"A server error occurred."}"#);
        let page = answer("/x").await.unwrap_err();
        assert_eq!(page.headers().get("Content-Type").unwrap(), "text/html; charset=utf-8");
        let other = call_service(&app, TestRequest::get().uri("/").to_request()).await;
        assert_eq!(other.status(), StatusCode::NO_CONTENT);
        assert!(read_body(other).await.is_empty());
    }
}
