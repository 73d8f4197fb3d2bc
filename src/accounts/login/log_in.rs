//! Logging in with a name or an email. Called by `api`; the admin's way in (`admin_session`) is the
//! same check.
//!
//! The order is what makes it safe: read and let the connection go, hash without holding
//! anything, then one write that looks again before it says yes.

use std::time::Duration;

use thiserror::Error;
use tokio::time::{Instant, sleep_until};

use crate::accounts::login::prepared_session::{PreparedSession, TokenKinds};
use crate::accounts::shared::actor::{Actor, ActorKind};
use crate::accounts::shared::{enumeration, throttle};
use crate::app::App;
use crate::limits::{self, Bucket};
use crate::passwords::format::{Encoding, Unreadable};
use crate::passwords::{EngineError, PasswordCheck, Requester, Typed};
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::store::{StoreError, Tx};
use crate::tokens::TokenError;
use crate::types::{AccessToken, Identifier, Password, PasswordHash, RefreshToken, Timestamp, User};

/// What a failed login takes besides the hash, whoever was meant: looking them up and noting the failure
/// are quicker where there is nobody to note it about. A disk that needs longer than this hides the
/// difference by itself.
const AROUND_THE_HASH: Duration = Duration::from_millis(5);

/// What somebody who wants in has typed.
#[derive(Debug)]
pub struct Credentials {
    /// A name or an address.
    pub identifier: Identifier,
    /// The password.
    pub password: Password,
}

/// A login that worked.
#[derive(Debug)]
pub(crate) struct LoggedIn {
    /// ActorKind it is.
    pub user: User,
    /// What opens their account.
    pub access: AccessToken,
    /// What renews it, if that was wanted.
    pub refresh: Option<RefreshToken>,
}

/// Why a login did not work.
#[derive(Debug, Error)]
pub(crate) enum LogInError {
    /// No such user, a wrong password, or an inactive user: nobody learns which.
    #[error("the name or the password is wrong")]
    Invalid,
    /// Too many failed before; how long until one more may.
    #[error("too many failed logins")]
    Throttled(Duration),
    /// The password could not be checked now.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The store could not do it.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The token could not be signed.
    #[error(transparent)]
    Token(#[from] TokenError),
}

/// Checks the credentials, begins a session and answers the user with its tokens.
///
/// An unknown user, a wrong password and an inactive user cost the same time. Where the
/// identifier is one user's name and another's address, the password decides, and the name
/// wins if both fit.
pub(crate) async fn log_in(
    app: &App,
    credentials: Credentials,
    wanted: TokenKinds,
    by: &Actor,
) -> Result<LoggedIn, LogInError> {
    let prepare = |user: &User, now| PreparedSession::new(app, user.id, wanted, now);
    let (user, grant) = check(app, credentials, by, prepare, |tx, user, grant, by, now| {
        users::record_login(tx, user.id, now)?;
        grant.begin(tx, by, now)?;
        by.record(tx, Action::LoggedIn, Some((user.id, user.username.as_str())), now)?;
        Ok(grant)
    })
    .await?;
    Ok(LoggedIn { user, access: grant.access, refresh: grant.refresh.map(|refresh| refresh.token) })
}

/// The one check of a password that somebody logs in with, whatever for. `prepare` is what a right
/// password is worth, made before anything is locked; `enter` hands it out in the one write, and is
/// told who acts.
pub(crate) async fn check<P: Send + 'static, T: Send + 'static>(
    app: &App,
    credentials: Credentials,
    by: &Actor,
    prepare: impl FnOnce(&User, Timestamp) -> Result<P, TokenError>,
    enter: impl FnOnce(&mut Tx<'_>, &User, P, &Actor, Timestamp) -> Result<T, StoreError> + Send + 'static,
) -> Result<(User, T), LogInError> {
    let begun = Instant::now();
    let Credentials { identifier, password } = credentials;
    let typed = Typed::from(password);
    let buckets = app.limits.login(&identifier, by.address);
    let origin = Requester {
        account: Some(identifier.fingerprint() as u64),
        address: by.address.map(limits::subscriber),
    };
    let (wait, candidates) = look_up(app, identifier, buckets.clone()).await?;
    if let Some(wait) = wait {
        return Err(LogInError::Throttled(wait));
    }
    let hashing = Instant::now();
    let proven = prove(app, origin, &candidates, &typed).await?;
    let hashed = hashing.elapsed();
    let renewed = match &proven {
        Some(VerifiedUser { user, rehash: true }) => {
            app.passwords.rehash_from(origin, &typed, &user.password_hash).await.ok()
        }
        _ => None,
    };
    let now = app.clock.now();
    let proven = proven.map(|proven| prepare(&proven.user, now).map(|prepared| (proven.user, prepared)));
    let attempt = LoginAttempt {
        buckets,
        proven: proven.transpose()?,
        renewed,
        about: candidates.into_iter().next(),
        by: by.clone(),
    };
    let outcome = app.store.write(move |tx| attempt.settle(tx, enter, now)).await?;
    if matches!(outcome, Err(LogInError::Invalid)) {
        sleep_until(begun + hashed + AROUND_THE_HASH).await;
    }
    outcome
}

/// A user whose password was right.
struct VerifiedUser {
    user: User,
    rehash: bool,
}

async fn look_up(
    app: &App,
    identifier: Identifier,
    buckets: Vec<Bucket>,
) -> Result<(Option<Duration>, Vec<User>), StoreError> {
    let now = app.clock.now();
    app.store
        .read(move |conn| {
            Ok((throttle::longest_wait(conn, &buckets, now)?, users::find_by_identifier(conn, &identifier)?))
        })
        .await
}

/// A hash that can be compared with nothing makes every password wrong. Only the log says why.
fn warn_of_unreadable(user: &User) {
    match Encoding::parse(&user.password_hash) {
        Ok(_) | Err(Unreadable::Unusable) => (),
        Err(reason) => tracing::warn!(user = %user.id, "no password can log in: {reason}"),
    }
}

/// The first candidate whose password this is and who may log in. Without any candidate the
/// engine spends the same time on nobody.
async fn prove(
    app: &App,
    origin: Requester,
    candidates: &[User],
    typed: &Typed,
) -> Result<Option<VerifiedUser>, EngineError> {
    if candidates.is_empty() {
        app.passwords.verify_from(origin, typed, None).await?;
    }
    for user in candidates {
        warn_of_unreadable(user);
        let verdict = app.passwords.verify_from(origin, typed, Some(user.password_hash.clone())).await?;
        if let (PasswordCheck::Right { rehash }, true) =
            (verdict, enumeration::opens(user, app.config.registration.hide_existing))
        {
            return Ok(Some(VerifiedUser { user: user.clone(), rehash }));
        }
    }
    Ok(None)
}

/// All that one write needs to know.
struct LoginAttempt<P> {
    buckets: Vec<Bucket>,
    proven: Option<(User, P)>,
    renewed: Option<PasswordHash>,
    about: Option<User>,
    by: Actor,
}

impl<P> LoginAttempt<P> {
    /// Decides and writes. The inner answer is the login's; an outer error rolls back.
    ///
    /// The buckets are asked again: of many guesses at once, those that find them full learn
    /// nothing, not even whether they were right.
    fn settle<T>(
        mut self,
        tx: &mut Tx<'_>,
        enter: impl FnOnce(&mut Tx<'_>, &User, P, &Actor, Timestamp) -> Result<T, StoreError>,
        now: Timestamp,
    ) -> Result<Result<(User, T), LogInError>, StoreError> {
        throttle::lock(tx, &self.buckets)?;
        if let Some(wait) = throttle::longest_wait(tx, &self.buckets, now)? {
            return Ok(Err(LogInError::Throttled(wait)));
        }
        let Some((user, prepared)) = self.recheck(tx)? else {
            throttle::count(tx, &self.buckets, now)?;
            let subject = self.about.as_ref().map(|user| (user.id, user.username.as_str()));
            self.by.record(tx, Action::LoginFailed, subject, now)?;
            return Ok(Err(LogInError::Invalid));
        };
        if let Some(hash) = &self.renewed {
            users::replace_hash(tx, user.id, hash)?;
        }
        let by = Actor { who: ActorKind::User(user.id), ..self.by };
        let entered = enter(tx, &user, prepared, &by, now)?;
        Ok(Ok((user, entered)))
    }

    /// The user as they are now: a password or state that changed during the hash decides.
    fn recheck(&mut self, tx: &mut Tx<'_>) -> Result<Option<(User, P)>, StoreError> {
        let Some((then, prepared)) = self.proven.take() else { return Ok(None) };
        let now = users::hold(tx, then.id)?;
        let is_same =
            |user: &User| user.is_active && user.password_hash.as_stored() == then.password_hash.as_stored();
        Ok(now.filter(is_same).map(|user| (user, prepared)))
    }
}
