//! Values that cannot be bad: parsed once at a door, then handed on. No I/O in here.

mod access_token;
mod database_url;
mod email;
mod identifier;
mod message;
mod one_time_key;
mod password;
mod password_hash;
pub(crate) mod redact;
mod refresh_token;
mod session;
mod signing_key;
mod text;
mod timestamp;
mod user;
mod user_id;
pub(crate) mod username;

pub use access_token::AccessToken;
pub use database_url::{DatabaseUrl, DatabaseUrlError};
pub use email::{Email, EmailError, EmailKey, EmailRule};
pub use identifier::Identifier;
pub use message::{Message, MessageKind, Outgoing, Params};
pub use one_time_key::OneTimeKey;
pub use password::Password;
pub use password_hash::PasswordHash;
pub use refresh_token::{RefreshMark, RefreshToken};
pub use session::{CurrentSession, SessionHandle, SessionId};
pub use signing_key::SigningKey;
pub use text::trimmed;
pub use timestamp::Timestamp;
pub use user::User;
pub use user_id::UserId;
pub use username::{Username, UsernameError, UsernameKey, UsernameRule};
