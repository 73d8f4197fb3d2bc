//! Logging in with a name or an email: first the credentials tell which user it is, then one write begins a
//! session. The sign-in to the admin (`admin_session`) begins with the same check.

use std::time::Duration;

use serde_json::Map;
use thiserror::Error;

use crate::accounts::email::request_mail::start_sending;
use crate::accounts::login::prepared_session::{PreparedSession, TokenKinds};
use crate::accounts::password::rehash::start_rehash;
use crate::accounts::shared::actor::{Actor, ActorKind};
use crate::accounts::shared::enumeration::ExistencePolicy;
use crate::accounts::shared::record_sparingly::record_sparingly;
use crate::accounts::shared::verify_password::{
    PasswordAttempt, PasswordError, VerifiedUser, requester, verify_password,
};
use crate::accounts::shared::{new_place, refusal, token_claims};
use crate::app::App;
use crate::limits::PasswordUse;
use crate::passwords::EngineError;
use crate::precise_sleep::sleep_until;
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::store::{Conn, StoreError, Tx};
use crate::tokens::TokenError;
use crate::types::{AccessToken, Identifier, Password, RefreshToken, Timestamp, User};

/// What a client presents to log in.
#[derive(Debug)]
pub struct Credentials {
    /// A name or an address.
    pub identifier: Identifier,
    /// The password.
    pub password: Password,
}

/// What right credentials lead to.
#[derive(Debug)]
pub(crate) enum LoginOutcome {
    /// A session has begun.
    Session(LoggedIn),
}

/// A new session.
#[derive(Debug)]
pub(crate) struct LoggedIn {
    /// The user.
    pub user: User,
    /// The access token, or the sliding token.
    pub access: AccessToken,
    /// The refresh token, if requested.
    pub refresh: Option<RefreshToken>,
}

/// Why a login failed.
#[derive(Debug, Error)]
pub(crate) enum LogInError {
    /// Unknown user, wrong password or inactive user: the client does not learn which.
    #[error("the name or the password is wrong")]
    Invalid,
    /// Too many logins failed before; how long until the next may be tried.
    #[error("too many failed logins")]
    Throttled(Duration),
    /// The password could not be checked now.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The token could not be signed.
    #[error(transparent)]
    Token(#[from] TokenError),
}

impl From<PasswordError> for LogInError {
    fn from(error: PasswordError) -> Self {
        match error {
            PasswordError::Wrong => Self::Invalid,
            PasswordError::Throttled(wait) => Self::Throttled(wait),
            PasswordError::Engine(error) => Self::Engine(error),
            PasswordError::Store(error) => Self::Store(error),
        }
    }
}

/// Checks the credentials and begins a session.
pub(crate) async fn log_in(
    app: &App,
    credentials: Credentials,
    kinds: TokenKinds,
    by: &Actor,
) -> Result<LoginOutcome, LogInError> {
    let verified = verify_credentials(app, credentials, by).await?;
    let now = app.clock.now();
    let (user, names) = (verified.user.clone(), app.config.tokens.claims.clone());
    let claims = match names.is_empty() {
        true => Map::new(),
        false => app.store.read(move |conn| token_claims::of_user(conn, &user, &names)).await?,
    };
    // A key that another replica has revoked must not sign.
    app.refresh_keys().await?;
    let session = PreparedSession::new(app, &verified.user, claims, kinds, now)?;
    let by = by.with_kind(ActorKind::User(verified.user.id));
    let (limits, tells_place) = (app.limits, app.config.account.new_place_mail);
    let logged_in = complete(app, verified, now, move |tx, user| {
        users::record_login(tx, user.id, by.language, now)?;
        let is_new_place = new_place::record_login(tx, &user, tells_place, &by, now)?;
        session.begin(tx, &by, now)?;
        record_sparingly(tx, &limits, &by, Action::LoggedIn, &user, now)?;
        let PreparedSession { access, refresh, .. } = session;
        Ok((LoggedIn { user, access, refresh: refresh.map(|refresh| refresh.token) }, is_new_place))
    });
    let (logged_in, is_new_place) = logged_in.await?;
    if is_new_place {
        start_sending(app);
    }
    Ok(LoginOutcome::Session(logged_in))
}

/// Which user the credentials belong to. Where the identifier is one user's name and another's address, the
/// password decides, and the name wins if both fit.
pub(crate) async fn verify_credentials(
    app: &App,
    credentials: Credentials,
    by: &Actor,
) -> Result<VerifiedUser, LogInError> {
    let Credentials { identifier, password } = credentials;
    let fingerprint = identifier.fingerprint();
    let attempt = PasswordAttempt {
        usage: PasswordUse::Login(fingerprint),
        requester: requester(fingerprint, by),
        failure: Action::LoginFailed,
        by: by.clone(),
    };
    let policy = ExistencePolicy::of(app);
    let find = move |conn: &mut Conn| users::with_hash_by_identifier(conn, &identifier);
    Ok(verify_password(app, attempt, password, find, |user| policy.admits_login(user)).await?)
}

/// Does `work` for a verified user, in the one write that looks at them again. A failure there takes as long
/// as any other. An outdated hash is replaced after the answer.
pub(crate) async fn complete<T: Send + 'static>(
    app: &App,
    mut verified: VerifiedUser,
    now: Timestamp,
    work: impl FnOnce(&mut Tx<'_>, User) -> Result<T, StoreError> + Send + 'static,
) -> Result<T, LogInError> {
    let (failure_at, outdated) = (verified.failure_at, verified.take_outdated());
    let outcome = refusal::write(app, move |tx| {
        let user = verified.recheck(tx, now)?;
        Ok(work(tx, user)?)
    });
    let outcome = outcome.await;
    match (&outcome, outdated) {
        (Err(LogInError::Invalid), _) => sleep_until(failure_at).await,
        (Ok(_), Some(outdated)) => start_rehash(app, outdated),
        _ => (),
    }
    outcome
}
