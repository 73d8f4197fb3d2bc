//! The declaration of an endpoint. Its URLs, `Allow`, 405 and the answer to `OPTIONS` derive from it; see
//! [`crate::api::ENDPOINTS`] for all of them.

use actix_web::http::Method;
use actix_web::{Route, web};
use serde_json::{Map, Value, json};

use crate::api::drf::body::fields::{DeclareFields, FieldKind, FieldSpec};
use crate::api::openapi::description::Description;
use crate::http;

/// A URL of the API and what can be done there. DRF's view.
#[derive(Debug)]
pub struct Endpoint {
    /// The path without its last slash. It is served with and without one.
    pub path: &'static str,
    /// DRF's name for the view, in the answer to `OPTIONS`.
    pub name: &'static str,
    /// Who may call it.
    pub access: Access,
    /// One for each method, in the order of `Allow`. `HEAD` and `OPTIONS` are implied.
    pub operations: &'static [Operation],
    generic_view: Option<&'static str>,
}

/// Who may call an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// All clients; a token is not looked at.
    Public,
    /// A user with a valid access token. Other requests are answered 401, for every method.
    User,
}

/// A method of an endpoint.
pub struct Operation {
    /// The method. `GET` stands for `HEAD`, too (RFC 9110 §9.3.2).
    pub method: &'static Method,
    /// What the documentation says of it.
    pub description: Option<&'static Description>,
    handler: fn(Route) -> Route,
    fields: &'static dyn DeclareFields,
    answer: &'static [FieldSpec],
}

impl Endpoint {
    /// An endpoint for all clients.
    pub(crate) const fn public(
        path: &'static str,
        name: &'static str,
        operations: &'static [Operation],
    ) -> Self {
        Self { path, name, access: Access::Public, operations, generic_view: None }
    }

    /// An endpoint for users. Its handlers take a [`CurrentUser`](super::guard::CurrentUser).
    pub(crate) const fn for_users(
        path: &'static str,
        name: &'static str,
        operations: &'static [Operation],
    ) -> Self {
        Self { path, name, access: Access::User, operations, generic_view: None }
    }

    /// Describes the view and its fields in the answer to `OPTIONS`, as DRF does for a `GenericAPIView`.
    /// `description` is the doc string of the reference's view, line breaks included.
    pub(crate) const fn generic_view(self, description: &'static str) -> Self {
        Self { generic_view: Some(description), ..self }
    }

    /// The doc string of the reference's view, where it is a `GenericAPIView`.
    pub(crate) const fn view_description(&self) -> Option<&'static str> {
        self.generic_view
    }

    /// The value of `Allow`.
    pub(crate) fn allow(&self) -> String {
        let mut methods: Vec<&str> =
            self.operations.iter().map(|operation| operation.method.as_str()).collect();
        if methods.contains(&"GET") {
            methods.push("HEAD");
        }
        methods.push("OPTIONS");
        methods.join(", ")
    }

    /// The body of the answer to `OPTIONS`: DRF's `SimpleMetadata` (`rest_framework/metadata.py`).
    pub(crate) fn metadata(&self) -> Value {
        let mut metadata = json!({
            "name": self.name,
            "description": self.generic_view.unwrap_or_default(),
            "renders": ["application/json"],
            "parses": ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
        });
        if self.generic_view.is_some() {
            let actions =
                self.operations.iter().map(|operation| (operation.method.to_string(), operation.metadata()));
            metadata["actions"] = Value::Object(actions.collect());
        }
        metadata
    }
}

impl Operation {
    const fn new(
        method: &'static Method,
        handler: fn(Route) -> Route,
        fields: &'static dyn DeclareFields,
    ) -> Self {
        Self { method, description: None, handler, fields, answer: &[] }
    }

    /// The fields of the answer, where they are declared. `OPTIONS` lists them as read-only.
    pub(crate) const fn answering(self, answer: &'static [FieldSpec]) -> Self {
        Self { answer, ..self }
    }

    /// Describes the operation in the documentation of the API.
    pub(crate) const fn described(self, description: &'static Description) -> Self {
        Self { description: Some(description), ..self }
    }

    /// The fields that the body may have.
    pub fn fields(&self) -> Vec<FieldSpec> {
        self.fields.specs()
    }

    /// The route to the handler.
    pub(crate) fn route(&self) -> Route {
        let route =
            if *self.method == Method::GET { http::get_or_head() } else { web::method(self.method.clone()) };
        (self.handler)(route)
    }

    /// DRF's `determine_actions` (`rest_framework/metadata.py`).
    fn metadata(&self) -> Value {
        let fields = self.fields();
        let fields = fields.iter().chain(self.answer).map(|field| {
            let kind = match field.kind {
                FieldKind::Text => "string",
                FieldKind::Boolean => "boolean",
            };
            let metadata = json!({
                "type": kind,
                "required": field.is_required,
                "read_only": field.is_read_only,
                "label": field.label(),
            });
            (field.name.to_owned(), metadata)
        });
        Value::Object(fields.collect::<Map<_, _>>())
    }
}

/// `GET` and `HEAD`.
pub(crate) const fn get(handler: fn(Route) -> Route) -> Operation {
    Operation::new(&Method::GET, handler, &())
}

/// `POST`, with the fields of its body.
pub(crate) const fn post(handler: fn(Route) -> Route, fields: &'static dyn DeclareFields) -> Operation {
    Operation::new(&Method::POST, handler, fields)
}

/// `PUT`, with the fields of its body.
pub(crate) const fn put(handler: fn(Route) -> Route, fields: &'static dyn DeclareFields) -> Operation {
    Operation::new(&Method::PUT, handler, fields)
}

/// `DELETE`.
pub(crate) const fn delete(handler: fn(Route) -> Route) -> Operation {
    Operation::new(&Method::DELETE, handler, &())
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Operation").field("method", &self.method).field("fields", &self.fields()).finish()
    }
}
