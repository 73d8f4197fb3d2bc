//! What Django REST Framework does around a view: negotiation, authentication, parsing, errors, responses.
pub mod body;
pub mod error;
pub mod guard;
pub mod negotiation;
pub mod request_body;
pub mod response;
pub mod unread;
pub mod view;
