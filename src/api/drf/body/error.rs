//! Why a body cannot be read.

/// A body that is refused before its fields are looked at.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum BodyError {
    /// 400 with this `detail`, the whole text.
    #[error("{0}")]
    Parse(String),
    /// 415; holds the `Content-Type` as it was sent, decoded as Latin-1, or an empty text.
    #[error("Unsupported media type \"{0}\" in request.")]
    UnsupportedMediaType(String),
    /// More than 1000 fields or 100 files; Django answers a bare 400.
    #[error("too many fields in the form")]
    TooManyFields,
    /// The fields of a multipart form exceed 2.5 MB; Django answers a bare 400.
    #[error("the fields of the form are too large")]
    FieldsTooLarge,
}
