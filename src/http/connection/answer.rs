//! Tells the stream of a connection when a request was answered, and keeps answers to HTTP/1.0 free of chunks.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::Error;
use actix_web::body::{BodySize, MessageBody};
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::{ConnectionType, Version};
use actix_web::middleware::Next;
use actix_web::web::Bytes;
use pin_project_lite::pin_project;

use super::table::ConnectionState;

pin_project! {
    /// The body of an answer. Actix drops it when it has written the last byte.
    pub(crate) struct AnswerBody<B> {
        #[pin]
        body: B,
        answer: Answer,
    }
}

/// An answer to be given. It counts as given when this is dropped.
struct Answer(Option<Arc<ConnectionState>>);

impl Drop for Answer {
    fn drop(&mut self) {
        if let Some(connection) = &self.0 {
            connection.count_answer();
        }
    }
}

/// The outermost middleware.
pub(crate) async fn answer<B: MessageBody>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<AnswerBody<B>>, Error> {
    let answer = Answer(request.conn_data::<Arc<ConnectionState>>().cloned());
    let has_chunks = request.version() >= Version::HTTP_11;
    let mut response = next.call(request).await?;
    // RFC 9112 §6.1. The end of the connection is the end of the body.
    if !has_chunks && response.response().body().size() == BodySize::Stream {
        let head = response.response_mut().head_mut();
        head.no_chunking(true);
        head.set_connection_type(ConnectionType::Close);
    }
    Ok(response.map_body(|_, body| AnswerBody { body, answer }))
}

impl<B: MessageBody> MessageBody for AnswerBody<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, B::Error>>> {
        self.project().body.poll_next(cx)
    }
}
