//! The route of a page: what serves `GET` serves `HEAD`, too (RFC 9110 §9.3.2).

use actix_web::http::Method;
use actix_web::{Route, guard, web};

/// A route for `GET` and `HEAD`. Actix leaves the body out of the answer to `HEAD`.
pub(crate) fn get_or_head() -> Route {
    web::route().guard(guard::Any(guard::Method(Method::GET)).or(guard::Method(Method::HEAD)))
}
