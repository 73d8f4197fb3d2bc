//! What an operation says of itself beyond its method, path and fields: its answers. Declared as constants beside the
//! handlers, and read for the OpenAPI document and for the page `/api/docs/`.

/// The description of an operation.
#[derive(Debug)]
pub struct Description {
    /// What the operation does, in a sentence.
    pub summary: &'static str,
    /// The answer to a request that succeeds.
    pub success: Answer,
    /// The answers of this operation alone. Those that every operation can give are in
    /// `answers.rs`.
    pub refusals: &'static [Answer],
    /// Keys with messages in the 400 about fields, besides the names of the declared fields.
    pub error_keys: &'static [&'static str],
    /// The parameters of the query.
    pub query: &'static [QueryParameter],
    /// Whether it obeys `If-Match`, and its answer has an `ETag`.
    pub has_versions: bool,
}

/// A parameter of the query.
#[derive(Debug)]
pub struct QueryParameter {
    /// Its name.
    pub name: &'static str,
    /// Its values.
    pub kind: QueryKind,
    /// A sentence for the documentation.
    pub help: &'static str,
}

/// The values of a parameter.
#[derive(Debug)]
pub enum QueryKind {
    /// Any text.
    Text,
    /// `true` or `false`.
    Boolean,
    /// A whole number in this range.
    Integer(u32, u32),
    /// A day such as `2026-11-30`.
    Day,
    /// One of these.
    OneOf(&'static [&'static str]),
}

impl QueryParameter {
    /// A parameter.
    pub(crate) const fn new(name: &'static str, kind: QueryKind, help: &'static str) -> Self {
        Self { name, kind, help }
    }
}

/// An answer.
#[derive(Clone, Copy, Debug)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// When it comes, in a sentence. Blank for what DRF's views answer on success.
    pub when: &'static str,
    /// Its body.
    pub body: BodyShape,
}

/// The body of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BodyShape {
    /// None.
    Empty,
    /// An object.
    Object(&'static Component),
    /// A list of objects.
    List(&'static Component),
    /// The fields of a DRF serializer, those of requests and answers together, as Simple JWT's views have them.
    Serializer(&'static [SerializerField]),
    /// Lists of messages under the names of the declared fields.
    FieldErrors,
    /// Lists of messages under the names of the parameters of the query, and of unknown ones.
    QueryErrors,
    /// A page, where the rest of the API answers JSON.
    Page,
}

/// An object with a name in the document.
#[derive(Debug, PartialEq, Eq)]
pub struct Component {
    /// The name, by which generators name their types.
    pub name: &'static str,
    /// In the order of the answer.
    pub properties: &'static [Property],
}

/// A key of an object.
#[derive(Debug, PartialEq, Eq)]
pub struct Property {
    /// The key.
    pub name: &'static str,
    /// Its type, with an example.
    pub kind: PropertyKind,
    /// Whether the object always has it.
    pub is_required: bool,
}

/// The type of a property, with an example.
#[derive(Debug, PartialEq, Eq)]
pub enum PropertyKind {
    /// A string.
    Text(&'static str),
    /// A string or null.
    NullableText(&'static str),
    /// A moment (RFC 3339).
    Moment(&'static str),
    /// A moment (RFC 3339) or null.
    NullableMoment(&'static str),
    /// `true` or `false`.
    Boolean(bool),
    /// A whole number.
    Integer(i64),
    /// A whole number or null.
    NullableInteger,
    /// [`Self::UserId`] or null.
    NullableUserId,
    /// A list of strings, with an example of one.
    Texts(&'static str),
    /// The id of a user: a number, or a text where users were imported with such ids.
    UserId,
    /// An object.
    Object(&'static Component),
    /// A list of objects.
    Objects(&'static Component),
}

/// A text field of a serializer.
#[derive(Debug, PartialEq, Eq)]
pub struct SerializerField {
    /// The key.
    pub name: &'static str,
    /// Which bodies have it.
    pub direction: Direction,
}

/// Which bodies have a field of a serializer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// That of the request.
    Request,
    /// That of the answer.
    Answer,
    /// Both.
    RequestAndAnswer,
    /// That of the request, and with `tokens.rotate_refresh` that of the answer.
    RequestAndRotation,
}

impl SerializerField {
    /// A field.
    pub(crate) const fn new(name: &'static str, direction: Direction) -> Self {
        Self { name, direction }
    }
}

impl Description {
    /// A description of an operation that has no refusals of its own.
    pub(crate) const fn new(summary: &'static str, success: Answer) -> Self {
        Self { summary, success, refusals: &[], error_keys: &[], query: &[], has_versions: false }
    }

    /// With refusals of the operation's own.
    pub(crate) const fn refusing(self, refusals: &'static [Answer]) -> Self {
        Self { refusals, ..self }
    }

    /// With parameters of the query.
    pub(crate) const fn reading(self, query: &'static [QueryParameter]) -> Self {
        Self { query, ..self }
    }

    /// With a precondition on the version of what it changes.
    pub(crate) const fn with_versions(self) -> Self {
        Self { has_versions: true, ..self }
    }

    /// With further keys in the 400 about fields.
    pub(crate) const fn error_keys(self, error_keys: &'static [&'static str]) -> Self {
        Self { error_keys, ..self }
    }
}

impl Answer {
    /// An answer with a body.
    pub(crate) const fn new(status: u16, when: &'static str, body: BodyShape) -> Self {
        Self { status, when, body }
    }

    /// DRF's error: an object with `detail`.
    pub(crate) const fn detail(status: u16, when: &'static str) -> Self {
        Self::new(status, when, BodyShape::Object(&DETAIL))
    }
}

impl Component {
    /// A named object.
    pub(crate) const fn new(name: &'static str, properties: &'static [Property]) -> Self {
        Self { name, properties }
    }
}

impl Property {
    /// A property that is always there.
    pub(crate) const fn new(name: &'static str, kind: PropertyKind) -> Self {
        Self { name, kind, is_required: true }
    }

    /// A text that is always there.
    pub(crate) const fn text(name: &'static str, example: &'static str) -> Self {
        Self::new(name, PropertyKind::Text(example))
    }

    /// The property may be missing.
    pub(crate) const fn optional(self) -> Self {
        let Self { name, kind, .. } = self;
        Self { name, kind, is_required: false }
    }
}

/// The body of most errors (`rest_framework/exceptions.py`, `APIException`).
pub(crate) const DETAIL: Component = Component::new("Detail", &[Property::text("detail", "Not found.")]);

/// The body of 401: `code` and `messages` are there where a token was (`rest_framework_simplejwt/exceptions.py`).
pub(crate) const AUTHENTICATION_ERROR: Component = Component::new(
    "AuthenticationError",
    &[
        Property::text("detail", "Given token not valid for any token type"),
        Property::text("code", "token_not_valid").optional(),
        Property::new("messages", PropertyKind::Objects(&TOKEN_MESSAGE)).optional(),
    ],
);

const TOKEN_MESSAGE: Component = Component::new(
    "TokenMessage",
    &[
        Property::text("token_class", "AccessToken"),
        Property::text("token_type", "access"),
        Property::text("message", "Token is invalid or expired"),
    ],
);

/// The answer that says in a sentence what was done.
pub(crate) const MESSAGE: Component =
    Component::new("Message", &[Property::text("message", "Password updated successfully")]);

/// A user with its id, as a login and a registration answer it.
pub(crate) const USER: Component = Component::new(
    "User",
    &[
        Property::new("id", PropertyKind::UserId),
        Property::text("username", "alice"),
        Property::text("email", "alice@example.com"),
        Property::new("is_email_confirmed", PropertyKind::Boolean(false)),
    ],
);

/// 429.
pub(crate) const THROTTLED: Answer =
    Answer::detail(429, "There were too many such requests; the header Retry-After says how long to wait.");

/// 401 of an endpoint that takes a token in its body.
pub(crate) const TOKEN_REFUSED: Answer =
    Answer::new(401, "The token is invalid, expired or revoked.", BodyShape::Object(&AUTHENTICATION_ERROR));
