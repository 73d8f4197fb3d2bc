//! The values that all layers share, each checked once when it is parsed. No input or output in here.

mod api_key;
mod database_url;
mod email;
mod fold;
mod identifier;
mod ids;
mod lang;
mod link;
mod macros;
mod mail;
mod moment;
mod password;
mod postgres_url;
mod random_key;
pub(crate) mod redact;
mod session;
mod signing_key;
mod text;
mod token;
mod token_key;
mod user;
pub(crate) mod username;

pub use api_key::{ApiKey, ApiKeyId, ApiKeyName, ApiKeyRecord, ApiKeyState, ApiScope, ApiScopes};
pub(crate) use database_url::{DatabaseUrl, DatabaseUrlError};
pub use email::Email;
pub(crate) use email::{EmailKey, EmailRule};
pub(crate) use fold::{search_key, unaccented};
pub use identifier::Identifier;
pub use ids::{BulkId, MailId, NewIds, PublicId, UserId};
pub(crate) use ids::{ImportId, SessionId, uuid4, uuid7};
pub use lang::Lang;
pub use link::Link;
pub(crate) use mail::{
    AccountChange, DUE, GREETED_AS, MailText, MailTextSource, MessageKind, OutboxMail, Params, UID,
    USER_AGENT,
};
pub use mail::{MailCause, Message, NewMail};
pub use moment::Timestamp;
pub(crate) use moment::{LocalTime, TimeZone};
pub use password::{Password, PasswordHash};
pub(crate) use random_key::BrowserKey;
pub use random_key::OneTimeKey;
pub use session::{CurrentSession, SessionHandle};
pub use signing_key::{SigningKey, SuccessorKey};
pub(crate) use text::{is_invisible, single_line, trim_for_search, trimmed};
pub(crate) use token::{AccessToken, RefreshToken, RefreshTokenRecord};
pub(crate) use token_key::{DataKey, PrivateKey, StoredPrivateKey};
pub use token_key::{KeyRecord, KeyState, TokenAlgorithm};
pub(crate) use user::GroupName;
pub use user::{Attributes, User};
pub use username::Username;
pub(crate) use username::{UsernameKey, UsernameRule};
