//! What is left of a body that was refused. Actix reads a dropped chunked body to its end, which
//! need never come; one that is still held when the answer has been sent makes it close the
//! connection. So `request_body` leaves the rest with the request, and `view` ties it to the answer.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceResponse};
use actix_web::web::Bytes;
use actix_web::{HttpMessage as _, HttpRequest};

struct Unread(#[expect(dead_code, reason = "held, never read")] Payload);

/// Leaves the rest of a body with its request.
pub(crate) fn leave(request: &HttpRequest, rest: Payload) {
    request.extensions_mut().insert(Unread(rest));
}

/// Ties what was left, if anything was, to the answer.
pub(crate) fn tie<B: MessageBody + 'static>(
    response: ServiceResponse<EitherBody<B>>,
) -> ServiceResponse<EitherBody<B>> {
    let left = response.request().extensions_mut().remove::<Unread>();
    match left {
        None => response,
        Some(unread) => response.map_body(|_, body| {
            EitherBody::right(BoxBody::new(Tied { body: Box::pin(body), _unread: unread }))
        }),
    }
}

struct Tied<B> {
    body: Pin<Box<B>>,
    _unread: Unread,
}

impl<B: MessageBody> MessageBody for Tied<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, B::Error>>> {
        self.body.as_mut().poll_next(cx)
    }
}
