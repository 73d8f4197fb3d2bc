//! The unread rest of a refused body. Actix reads a dropped chunked body to its end, which may never
//! come; a body that is still alive when the answer was sent makes Actix close the connection. So
//! `request_body` stores the rest in the request, and `view` moves it to the answer.

use std::pin::Pin;
use std::task::{Context, Poll};

use actix_web::body::{BodySize, BoxBody, EitherBody, MessageBody};
use actix_web::dev::{Payload, ServiceResponse};
use actix_web::web::Bytes;
use actix_web::{HttpMessage as _, HttpRequest};

struct UnreadBody(#[expect(dead_code, reason = "only its lifetime matters")] Payload);

/// Stores the rest of a body in its request.
pub(crate) fn store(request: &HttpRequest, rest: Payload) {
    request.extensions_mut().insert(UnreadBody(rest));
}

/// Moves the rest of a body, if there is one, from the request to the answer.
pub(crate) fn move_to_response<B: MessageBody + 'static>(
    response: ServiceResponse<EitherBody<B>>,
) -> ServiceResponse<EitherBody<B>> {
    let rest = response.request().extensions_mut().remove::<UnreadBody>();
    match rest {
        None => response,
        Some(rest) => response.map_body(|_, body| {
            EitherBody::right(BoxBody::new(BodyWithRest { body: Box::pin(body), _rest: rest }))
        }),
    }
}

/// The body of an answer that keeps the rest of the request's body alive.
struct BodyWithRest<B> {
    body: Pin<Box<B>>,
    _rest: UnreadBody,
}

impl<B: MessageBody> MessageBody for BodyWithRest<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.body.size()
    }

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Bytes, B::Error>>> {
        self.body.as_mut().poll_next(cx)
    }
}
