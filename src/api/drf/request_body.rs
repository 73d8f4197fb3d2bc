//! A request's body, not read yet. A handler asks for its `Data` when it is its turn: after
//! authentication and method, as in DRF (`rest_framework/request.py`).

use std::future::{Ready, ready};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{BytesMut, Data as AppData};
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt as _;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::api::drf::body;
use crate::api::drf::body::Data;
use crate::api::drf::error::ApiError;
use crate::api::drf::unread;
use crate::app::App;

/// How long a client may take to send a body, whatever its size.
const PATIENCE: Duration = Duration::from_secs(30);

/// A body up to this is read whenever it comes, in bytes; of larger ones, a few at a time.
const SMALL: usize = 64 * 1024;

/// The body of a request and what says how to read it.
pub(crate) struct RequestBody {
    content_type: Option<Vec<u8>>,
    declared: Option<usize>,
    limit: usize,
    payload: Payload,
    request: HttpRequest,
}

impl FromRequest for RequestBody {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let headers = request.headers();
        let declared =
            headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
        ready(Ok(Self {
            content_type: headers.get(header::CONTENT_TYPE).map(|value| value.as_bytes().to_vec()),
            declared,
            limit: request.app_data::<AppData<App>>().map_or(0, |app| app.config.limits.max_body),
            payload: payload.take(),
            request: request.clone(),
        }))
    }
}

impl RequestBody {
    /// Reads and parses the body, by its content type.
    ///
    /// # Errors
    /// 400, 408, 413 or 415, in DRF's dress.
    pub(crate) async fn read(mut self) -> Result<Data, ApiError> {
        let turns = self.request.app_data::<AppData<App>>().map(|app| Arc::clone(&app.handlers.large_bodies));
        // Kept until the body is parsed, and gone with it.
        let mut turn = LargeBodyPermit { turns, held: None };
        let read = tokio::time::timeout(PATIENCE, self.bytes(&mut turn)).await;
        match read.unwrap_or(Err(ApiError::BodyTimeout)) {
            Ok(bytes) => Ok(body::read(self.content_type.as_deref(), &bytes)?),
            Err(error) => {
                unread::leave(&self.request, self.payload);
                Err(error)
            }
        }
    }

    async fn bytes(&mut self, turn: &mut LargeBodyPermit) -> Result<BytesMut, ApiError> {
        if self.declared.is_some_and(|length| length > self.limit) {
            return Err(ApiError::BodyTooLarge(self.limit));
        }
        if self.declared.is_some_and(|length| length > SMALL) {
            turn.wait().await;
        }
        let mut bytes = BytesMut::new();
        // A declared length ends the body: Actix itself would wait for the connection's end where
        // a proxy adds `Upgrade` to every request.
        while self.declared.is_none_or(|length| bytes.len() < length)
            && let Some(chunk) = self.payload.next().await
        {
            let chunk = chunk.map_err(|_| ApiError::BodyBroken)?;
            if bytes.len() + chunk.len() > self.limit {
                return Err(ApiError::BodyTooLarge(self.limit));
            }
            if bytes.len() + chunk.len() > SMALL {
                turn.wait().await;
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

/// The turn of a large body. Meanwhile the others wait in the network.
struct LargeBodyPermit {
    turns: Option<Arc<Semaphore>>,
    held: Option<OwnedSemaphorePermit>,
}

impl LargeBodyPermit {
    /// Waits for it, once.
    async fn wait(&mut self) {
        if let Some(turns) = self.turns.take() {
            self.held = turns.acquire_owned().await.ok();
        }
    }
}
