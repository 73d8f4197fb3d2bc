//! What the integration tests, benches and fuzzing use of the crate. Only what is listed here is public. It
//! is not an API, and the product does not use it.

pub use crate::cli::serve::server::http_server;
pub use crate::cli::serve::tasks::BackgroundTasks;

/// The use cases.
pub mod accounts {
    pub use crate::accounts::{
        Actor, ActorKind, CreateApiKeyError, KeyStart, LinkKeys, MailError, NewAccount, NewApiKey,
        RequestedDeletion, Retried, RevokeApiKeyError, RevokedKey, Rules, UserUpdate, activate, advance_keys,
        cancel_deletion, confirm_email, correct_moments, create_api_key, create_user, deactivate,
        delete_due_accounts, delete_user, drop_mail, forget_accounts, inspect_file, invite, issue_setup_key,
        make_admin, prepare_keys, record_backup, record_last_seen, request_deletion, retry_all_mails,
        retry_mail, revoke_admin, revoke_api_key, revoke_key, rotate_keys, run_mail_worker, seal_audit,
        send_requested_mails, set_password, sweep_sessions, sweep_unconfirmed, tally_logins, tidy_outbox,
        trim_audit, unblock, update_user, when_deleted, wrap_weak_hashes,
    };
}

/// The declared endpoints, and the parsing of requests to the API.
pub mod api {
    pub use crate::api::ENDPOINTS;
    pub use crate::api::drf::authorization::key_in;
    pub use crate::api::drf::body::read as read_body;
    pub use crate::api::drf::endpoint::{Access, Endpoint, Operation};
    pub use crate::api::drf::negotiation::{format_in, negotiate};
    pub use crate::api::login::parse as parse_login;
}

/// The state of a running doorward.
pub mod app {
    pub use crate::app::{App, store_settings};
    pub use crate::clock::{Clock, ShiftedClock, SystemClock};
    pub use crate::config::{Config, SETTINGS};
}

/// The logo of a site.
pub mod brand {
    pub use crate::brand::svg::harmless as harmless_svg;
}

/// Connections, and the addresses of clients.
pub mod http {
    pub use crate::http::client::last_untrusted;
    pub use crate::http::connection::framing::{HeadRefusal, RequestBuffer, RequestPart};
}

/// The messages of the outbox, the words that administrators edit, and the languages of the pages.
pub mod mail {
    pub use crate::mail::words::{MailWords, Values, WordsError, WordsProblem};
    pub use crate::mail::{DeliveryError, MailCause, Message, NewMail};
    pub use crate::texts::Lang;
}

/// The password engine.
pub mod passwords {
    pub use crate::passwords::formats::{Encoding, Unreadable};
    pub use crate::passwords::tune::{
        MAX_LANES, has_pbkdf2_lanes, hash_at_once, hash_plainly, pbkdf2_at_once, pbkdf2_plainly,
    };
    pub use crate::passwords::{
        Batch, Digest, EngineError, EngineOptions, Key, PasswordCheck, Passwords, Requester, Task,
    };
}

/// The database.
pub mod store {
    pub use crate::store::queries::statistics;
    pub use crate::store::queries::user_activity;
    pub use crate::store::tables::{
        audit, deleted_accounts, login_tallies, mails, one_time_keys, sessions, users,
    };
    pub use crate::store::{Store, StoreError};
}

/// Access and refresh tokens.
pub mod tokens {
    pub use crate::tokens::{
        KeyRing, NewSigningKey, SigningKeyError, Times, Tokens, make_key, read_key, to_pem,
    };
}

/// The values.
pub mod types {
    pub use crate::types::{
        ApiKey, ApiKeyId, ApiKeyName, ApiKeyRecord, ApiKeyState, ApiScope, ApiScopes, Attributes, BulkId,
        CurrentSession, Email, Identifier, KeyRecord, KeyState, Link, MailId, MailText, MailTextSource,
        NewIds, OneTimeKey, Password, PasswordHash, PublicId, SessionHandle, SigningKey, SuccessorKey,
        Timestamp, TokenAlgorithm, User, UserId, Username,
    };
}

/// What browsers send to pages.
pub mod web {
    pub use crate::web::multipart::read as read_multipart;
    pub use crate::web::session::next_url::NextUrl;
}
