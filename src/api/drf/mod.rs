//! What Django REST Framework does around a view: negotiation, authentication, parsing, errors, responses.

pub(crate) mod authorization;
pub(crate) mod body;
pub(crate) mod endpoint;
pub(crate) mod error;
pub(crate) mod guard;
pub(crate) mod machine;
pub(crate) mod negotiation;
pub(crate) mod request_body;
pub(crate) mod response;
mod token_error;
pub(crate) mod unread_body;
pub(crate) mod view;
