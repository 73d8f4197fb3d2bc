//! The body of a request before it is read. A handler reads it after authentication and the choice of
//! the method, as in DRF (`rest_framework/request.py`).

use std::future::{Ready, ready};
use std::sync::Arc;
use std::time::Duration;

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::web::{BytesMut, Data as AppData};
use actix_web::{FromRequest, HttpRequest};
use futures_util::StreamExt as _;
use tokio::sync::Semaphore;

use crate::api::drf::body;
use crate::api::drf::body::{BodyFields, Data, ReadFields};
use crate::api::drf::error::ApiError;
use crate::api::drf::unread_body;
use crate::app::App;

/// How long a client may take to send a body of any size.
const READ_TIMEOUT: Duration = Duration::from_secs(30);

/// The largest body that is parsed at once, in bytes. Of larger ones a few are parsed at a time
/// ([`App::large_bodies`]), once they have arrived whole, on another thread: that takes up to 0.2 µs a byte in
/// some charsets, in which the worker could answer others.
const MAX_SMALL_BODY: usize = 16 * 1024;

/// The body of a request, with its content type and limits.
pub(crate) struct RequestBody {
    content_type: Option<Vec<u8>>,
    encoding: Option<String>,
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
            encoding: content_encoding(request),
            declared,
            limit: request.app_data::<AppData<App>>().map_or(0, |app| app.config.limits.max_body),
            payload: payload.take(),
            request: request.clone(),
        }))
    }
}

impl RequestBody {
    /// Reads the declared fields of the body.
    ///
    /// # Errors
    /// 400 for fields that are not valid, and those of [`Self::data`].
    pub(crate) async fn fields<F: ReadFields>(self, fields: &F) -> Result<F::Values, ApiError> {
        Ok(BodyFields::new(&self.data().await?)?.read(fields)?)
    }

    /// Reads and parses the body by its content type.
    ///
    /// # Errors
    /// 400, 408, 413 or 415.
    pub(crate) async fn data(mut self) -> Result<Data, ApiError> {
        if let Some(encoding) = self.encoding.take() {
            unread_body::store(&self.request, self.payload);
            return Err(ApiError::UnsupportedEncoding(encoding));
        }
        let read = tokio::time::timeout(READ_TIMEOUT, self.bytes()).await;
        match read.unwrap_or(Err(ApiError::BodyTimeout)) {
            Ok(bytes) => {
                let permits =
                    self.request.app_data::<AppData<App>>().map(|app| Arc::clone(&app.handlers.large_bodies));
                parse(self.content_type, bytes, permits).await
            }
            Err(error) => {
                unread_body::store(&self.request, self.payload);
                Err(error)
            }
        }
    }

    async fn bytes(&mut self) -> Result<BytesMut, ApiError> {
        if self.declared.is_some_and(|length| length > self.limit) {
            return Err(ApiError::BodyTooLarge(self.limit));
        }
        let mut bytes = BytesMut::new();
        // Stops at the declared length: Actix itself waits for the end of the connection where a proxy
        // adds `Upgrade` to every request.
        while self.declared.is_none_or(|length| bytes.len() < length)
            && let Some(chunk) = self.payload.next().await
        {
            let chunk = chunk.map_err(|_| ApiError::BodyBroken)?;
            if bytes.len() + chunk.len() > self.limit {
                return Err(ApiError::BodyTooLarge(self.limit));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(bytes)
    }
}

/// The `Content-Encoding` of a body that would have to be decoded. None is: a small body can become a very large
/// one.
fn content_encoding(request: &HttpRequest) -> Option<String> {
    let lines = request.headers().get_all(header::CONTENT_ENCODING).map(|line| line.as_bytes());
    let header = String::from_utf8_lossy(&lines.collect::<Vec<_>>().join(&b", "[..])).into_owned();
    let is_plain = |coding: &str| coding.trim().is_empty() || coding.trim().eq_ignore_ascii_case("identity");
    (!header.split(',').all(is_plain)).then_some(header)
}

/// Parses a body: a large one when it gets a permit, on another thread.
async fn parse(
    content_type: Option<Vec<u8>>,
    bytes: BytesMut,
    permits: Option<Arc<Semaphore>>,
) -> Result<Data, ApiError> {
    if bytes.len() <= MAX_SMALL_BODY {
        return Ok(body::read(content_type.as_deref(), &bytes)?);
    }
    let permit = match permits {
        Some(permits) => permits.acquire_owned().await.ok(),
        None => None,
    };
    let parsing = tokio::task::spawn_blocking(move || {
        let _permit = permit;
        body::read(content_type.as_deref(), &bytes)
    });
    // The thread can only have panicked, which was logged.
    Ok(parsing.await.map_err(|_| ApiError::Internal)??)
}
