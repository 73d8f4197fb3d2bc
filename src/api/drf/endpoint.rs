//! The declaration of an endpoint. Its URLs, `Allow`, 405 and the answer to `OPTIONS` derive from it; see
//! [`crate::api::ENDPOINTS`] for all of them.

use actix_web::http::Method;
use actix_web::{HttpRequest, HttpResponse, Route, web};
use serde_json::{Map, Value, json};

use crate::api::drf::body::fields::{DeclareFields, FieldKind, FieldSpec};
use crate::api::drf::error::ApiError;
use crate::api::drf::guard::HeaderToken;
use crate::api::openapi::description::Description;
use crate::http;
use crate::types::ApiScope;

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
    description: &'static str,
    actions: Actions,
}

/// The `actions` in the answer to `OPTIONS`.
#[derive(Clone, Copy, Debug)]
enum Actions {
    /// None.
    Unlisted,
    /// The fields of each operation.
    OfFields,
    /// These.
    Listed(fn() -> Value),
}

/// Who may call an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// All clients; a token is not looked at.
    Public,
    /// All clients; a token in the header has to be valid.
    HeaderToken,
    /// A user with a valid access token. Other requests are answered 401, for every method.
    User,
    /// A machine with a good API key that has the scope of the operation.
    ApiKey,
}

/// A method of an endpoint.
pub struct Operation {
    /// The method. `GET` stands for `HEAD`, too (RFC 9110 §9.3.2).
    pub method: &'static Method,
    /// What the documentation says of it.
    pub description: Option<&'static Description>,
    /// What an API key must be allowed. Nothing is allowed where an endpoint for machines does not declare it.
    pub scope: Option<ApiScope>,
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
        Self::new(path, name, Access::Public, operations)
    }

    /// An endpoint for users. Its handlers take a [`CurrentUser`](super::guard::CurrentUser).
    pub(crate) const fn for_users(
        path: &'static str,
        name: &'static str,
        operations: &'static [Operation],
    ) -> Self {
        Self::new(path, name, Access::User, operations)
    }

    /// An endpoint for machines. Its handlers take a [`Machine`](super::machine::Machine).
    pub(crate) const fn for_machines(
        path: &'static str,
        name: &'static str,
        operations: &'static [Operation],
    ) -> Self {
        Self::new(path, name, Access::ApiKey, operations)
    }

    /// An endpoint for all clients that refuses a bad token. Its handlers take a
    /// [`HeaderToken`](super::guard::HeaderToken).
    pub(crate) const fn with_header_token(
        path: &'static str,
        name: &'static str,
        operations: &'static [Operation],
    ) -> Self {
        Self::new(path, name, Access::HeaderToken, operations)
    }

    const fn new(
        path: &'static str,
        name: &'static str,
        access: Access,
        operations: &'static [Operation],
    ) -> Self {
        Self { path, name, access, operations, description: "", actions: Actions::Unlisted }
    }

    /// Answers `OPTIONS` with these `actions`: the fields of a serializer that is not the one of the body.
    pub(crate) const fn with_actions(self, description: &'static str, actions: fn() -> Value) -> Self {
        Self { description, actions: Actions::Listed(actions), ..self }
    }

    /// Describes the view alone in the answer to `OPTIONS`, as DRF does for an `APIView`.
    pub(crate) const fn described(self, description: &'static str) -> Self {
        Self { description, ..self }
    }

    /// Describes the view and its fields in the answer to `OPTIONS`, as DRF does for a `GenericAPIView`.
    /// `description` is the doc string of the reference's view, line breaks included.
    pub(crate) const fn generic_view(self, description: &'static str) -> Self {
        Self { description, actions: Actions::OfFields, ..self }
    }

    /// The doc string of the reference's view, where it is a `GenericAPIView`.
    pub(crate) fn view_description(&self) -> Option<&'static str> {
        matches!(self.actions, Actions::OfFields).then_some(self.description)
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
            "description": self.description,
            "renders": ["application/json"],
            "parses": ["application/json", "application/x-www-form-urlencoded", "multipart/form-data"],
        });
        let of_operation = |operation: &Operation| (operation.method.to_string(), operation.metadata());
        let actions = match self.actions {
            Actions::Unlisted => return metadata,
            Actions::OfFields => Value::Object(self.operations.iter().map(of_operation).collect()),
            Actions::Listed(actions) => actions(),
        };
        metadata["actions"] = actions;
        metadata
    }
}

impl Operation {
    const fn new(
        method: &'static Method,
        handler: fn(Route) -> Route,
        fields: &'static dyn DeclareFields,
    ) -> Self {
        Self { method, description: None, scope: None, handler, fields, answer: &[] }
    }

    /// The fields of the answer, where they are declared. `OPTIONS` lists them as read-only.
    pub(crate) const fn answering(self, answer: &'static [FieldSpec]) -> Self {
        Self { answer, ..self }
    }

    /// Describes the operation in the documentation of the API.
    pub(crate) const fn described(self, description: &'static Description) -> Self {
        Self { description: Some(description), ..self }
    }

    /// An API key must have this scope.
    pub(crate) const fn needs(self, scope: ApiScope) -> Self {
        Self { scope: Some(scope), ..self }
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
                FieldKind::Texts => "list",
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

/// A method that is listed in `Allow` and refused all the same, as the view of the package does.
pub(crate) const fn refused(method: &'static Method) -> Operation {
    Operation::new(method, |route| route.to(method_not_allowed), &())
}

async fn method_not_allowed(_: HeaderToken, request: HttpRequest) -> Result<HttpResponse, ApiError> {
    Err(ApiError::MethodNotAllowed(request.method().to_string()))
}

/// `POST`, with the fields of its body.
pub(crate) const fn post(handler: fn(Route) -> Route, fields: &'static dyn DeclareFields) -> Operation {
    Operation::new(&Method::POST, handler, fields)
}

/// `PUT`, with the fields of its body.
pub(crate) const fn put(handler: fn(Route) -> Route, fields: &'static dyn DeclareFields) -> Operation {
    Operation::new(&Method::PUT, handler, fields)
}

/// `PATCH`, with the fields of its body.
pub(crate) const fn patch(handler: fn(Route) -> Route, fields: &'static dyn DeclareFields) -> Operation {
    Operation::new(&Method::PATCH, handler, fields)
}

/// `DELETE`.
pub(crate) const fn delete(handler: fn(Route) -> Route) -> Operation {
    delete_with(handler, &())
}

/// `DELETE` with a body.
pub(crate) const fn delete_with(
    handler: fn(Route) -> Route,
    fields: &'static dyn DeclareFields,
) -> Operation {
    Operation::new(&Method::DELETE, handler, fields)
}

impl std::fmt::Debug for Operation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Operation").field("method", &self.method).field("fields", &self.fields()).finish()
    }
}
