//! Checking a password, for a login and before a change of one's own account, in three steps: read and
//! release the connection; hash, holding nothing; then one write, in which [`VerifiedUser::recheck`] looks
//! again before it accepts.

use std::net::IpAddr;
use std::time::Duration;

use thiserror::Error;
use tokio::time::Instant;

use crate::accounts::password::policy;
use crate::accounts::password::rehash::OutdatedHash;
use crate::accounts::shared::actor::{Actor, ActorKind, AuditSubject};
use crate::accounts::shared::known_address;
use crate::accounts::shared::refusal::Refusal;
use crate::accounts::shared::throttle;
use crate::app::App;
use crate::limits::{self, Candidate, PasswordBuckets, PasswordUse};
use crate::passwords::formats::{Encoding, Format, Unreadable};
use crate::passwords::{EngineError, HashInput, PasswordCheck, Requester};
use crate::precise_sleep::sleep_until;
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::store::tables::users::UserWithHash;
use crate::store::{Conn, StoreError, Tx};
use crate::types::{Identifier, Password, PasswordHash, Timestamp, User, UserId};

/// The time that a failed attempt takes besides the hash. The look-up and the audit entry are faster for an
/// unknown user; this evens the difference out. A disk that needs longer hides it anyway.
const FAILURE_OVERHEAD: Duration = Duration::from_millis(5);

/// Why a password was not accepted.
#[derive(Debug, Error)]
pub(crate) enum PasswordError {
    /// It is wrong, or there is no such user, or the account does not permit it.
    #[error("the password is wrong")]
    Wrong,
    /// Too many attempts failed; how long until the next may be made.
    #[error("too many wrong passwords")]
    Throttled(Duration),
    /// The password could not be checked now.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// An attempt to use a password.
pub(crate) struct PasswordAttempt {
    /// Where the password was given, which decides the rate limits.
    pub usage: PasswordUse,
    /// On whose behalf the engine hashes.
    pub requester: Requester,
    /// The audit action of a failure.
    pub failure: Action,
    /// The client.
    pub by: Actor,
}

/// A user whose password was right when it was hashed.
pub(crate) struct VerifiedUser {
    /// The user, as of before the hash.
    pub user: User,
    /// When a failure is to be answered: as late as that of an unknown user.
    pub failure_at: Instant,
    /// The hash that the password was compared with.
    hash: PasswordHash,
    /// Whether that hash has an older encoding, cost or Unicode form than a new one would have.
    is_outdated: bool,
    /// The password, if it has.
    outdated: Option<HashInput>,
    /// Whether the password is in `password.breach_list`.
    is_breached: bool,
    attempt: PasswordAttempt,
    buckets: PasswordBuckets,
    /// The user that an audit entry of a failure names.
    subject: Option<User>,
}

/// Checks a password against the users that `find` answers. Accepts the first one whose password it is and
/// whose state `admits`. An unknown user, a wrong password and a wrong state take the same time.
pub(crate) async fn verify_password(
    app: &App,
    attempt: PasswordAttempt,
    password: Password,
    find: impl FnOnce(&mut Conn) -> Result<Vec<UserWithHash>, StoreError> + Send + 'static,
    admits: impl Fn(&User) -> bool,
) -> Result<VerifiedUser, PasswordError> {
    let begun = Instant::now();
    let found = look_up(app, &attempt, find).await?;
    if let Some(wait) = found.wait {
        return Err(PasswordError::Throttled(wait));
    }
    let LookedUp { candidates, buckets, level, is_guessed_out, .. } = found;
    let slowest = app.passwords.failure_time(level).await;
    let listed = password.canonical();
    let forms: Vec<HashInput> = password.forms().into_iter().map(HashInput::from).collect();
    let hashing = Instant::now();
    let admits = |user: &User| !is_guessed_out && admits(user);
    let matching = first_match(app, attempt.requester, level, &candidates, &forms, admits).await?;
    // Where all hashes are bcrypt, each took the same time. Other formats differ, and the slowest decides.
    let each = slowest * u32::try_from(forms.len()).unwrap_or(1);
    let failure_at = begun + hashing.elapsed().max(each) + FAILURE_OVERHEAD;
    let Some(Match { account: UserWithHash { user, password_hash: hash }, is_outdated }) = matching else {
        let subject = candidates.into_iter().next().map(|candidate| candidate.user);
        let error = reject(app, attempt, buckets, subject).await?;
        if matches!(error, PasswordError::Wrong) {
            sleep_until(failure_at).await;
        }
        return Err(error);
    };
    let is_breached = policy::is_breached(app, &listed).await;
    let outdated = forms.into_iter().next_back().filter(|_| is_outdated);
    let subject = candidates.into_iter().next().map(|candidate| candidate.user);
    Ok(VerifiedUser { user, failure_at, hash, is_outdated, outdated, is_breached, attempt, buckets, subject })
}

/// What one short read finds out before the hash.
struct LookedUp {
    candidates: Vec<UserWithHash>,
    buckets: PasswordBuckets,
    /// How long the client has to wait, if it has to.
    wait: Option<Duration>,
    /// Whether the account had so many wrong passwords that the right one is refused, too. The client is not
    /// told: it would learn which name and which address belong together.
    is_guessed_out: bool,
    /// The cost whose time every answer takes.
    level: u32,
}

async fn look_up(
    app: &App,
    attempt: &PasswordAttempt,
    find: impl FnOnce(&mut Conn) -> Result<Vec<UserWithHash>, StoreError> + Send + 'static,
) -> Result<LookedUp, StoreError> {
    let (limits, usage, address, now) = (app.limits, attempt.usage, attempt.by.address, app.clock.now());
    let passwords = app.passwords.clone();
    app.store
        .read(move |conn| {
            let candidates = find(conn)?;
            let known = know(conn, &candidates, address, now)?;
            let buckets = limits.password(usage, &known, address);
            let wait = throttle::wait(conn, &buckets.refusing, now)?;
            let is_guessed_out = throttle::wait(conn, &buckets.silent, now)?.is_some();
            let level = passwords.level(users::highest_hash_cost(conn)?);
            if passwords.are_shapes_old() {
                passwords.know_shapes(&users::hash_shapes(conn)?);
            }
            Ok(LookedUp { candidates, buckets, wait, is_guessed_out, level })
        })
        .await
}

/// Whether the address is known to each of the users. Without any, one look-up takes the same time.
fn know(
    conn: &mut Conn,
    candidates: &[UserWithHash],
    address: Option<IpAddr>,
    now: Timestamp,
) -> Result<Vec<Candidate>, StoreError> {
    if candidates.is_empty() {
        known_address::is_known(conn, UserId::new(0), address, now)?;
    }
    let known = |account: &UserWithHash| {
        let user = account.user.id;
        Ok(Candidate { user, is_known: known_address::is_known(conn, user, address, now)? })
    };
    candidates.iter().map(known).collect()
}

/// Checks the password of an authenticated user. Wrong ones count against limits of their own, so that they
/// do not keep the owner from logging in, and failed logins of others do not keep the user from this.
pub(crate) async fn verify_own_password(
    app: &App,
    user: &User,
    password: Password,
    failure: Action,
    by: &Actor,
) -> Result<VerifiedUser, PasswordError> {
    let id = user.id;
    let attempt = PasswordAttempt {
        usage: PasswordUse::Session(id),
        requester: requester(Identifier::new(user.username.as_str()).fingerprint(), by),
        failure,
        by: by.clone(),
    };
    let find = move |conn: &mut Conn| Ok(users::with_hash_by_id(conn, id)?.into_iter().collect());
    verify_password(app, attempt, password, find, |_| true).await
}

/// On whose behalf the engine hashes: the account with this fingerprint, and the client's network.
pub(crate) fn requester(fingerprint: u128, by: &Actor) -> Requester {
    Requester { account: Some(fingerprint as u64), address: by.address.map(limits::subscriber) }
}

impl VerifiedUser {
    /// The password to hash again after the answer, if its hash is outdated.
    pub(crate) fn take_outdated(&mut self) -> Option<OutdatedHash> {
        let password = self.outdated.take()?;
        let (stored, requester, by) = (self.hash.clone(), self.attempt.requester, self.attempt.by.clone());
        Some(OutdatedHash { user: self.user.id, stored, password, requester, by })
    }

    /// Looks again, in the write that depends on the password: of many guesses at the same time, those that
    /// find the rate limit reached learn nothing, and a password or state that changed during the hash
    /// decides. Answers the locked user as they are now. A failure is counted and recorded.
    pub(crate) fn recheck<E>(&self, tx: &mut Tx<'_>, now: Timestamp) -> Result<User, Refusal<E>>
    where
        E: From<PasswordError> + From<StoreError>,
    {
        throttle::lock(tx, self.buckets.all())?;
        if let Some(wait) = throttle::wait(tx, &self.buckets.refusing, now)? {
            return Err(Refusal::Committed(PasswordError::Throttled(wait).into()));
        }
        let is_guessed_out = throttle::wait(tx, &self.buckets.silent, now)?.is_some();
        let current = users::lock_with_hash(tx, self.user.id)?
            .filter(|current| !is_guessed_out && current.user.is_active && self.is_same_password(current));
        let Some(UserWithHash { user, .. }) = current else {
            self.attempt.record_failure(tx, &self.buckets, self.subject.as_ref(), now)?;
            return Err(Refusal::Committed(PasswordError::Wrong.into()));
        };
        if self.is_breached {
            let by = self.attempt.by.with_kind(ActorKind::User(user.id));
            by.record(tx, Action::BreachedPassword, &user, None, now)?;
        }
        Ok(user)
    }
}

impl VerifiedUser {
    /// Whether the user still has the password. Another login may have hashed it again meanwhile, which is no change
    /// of the account.
    fn is_same_password(&self, current: &UserWithHash) -> bool {
        current.password_hash.as_stored() == self.hash.as_stored()
            || self.is_outdated && current.user.updated_at == self.user.updated_at
    }
}

impl PasswordAttempt {
    /// Counts and records a failure. The buckets are locked.
    fn record_failure(
        &self,
        tx: &mut Tx<'_>,
        buckets: &PasswordBuckets,
        subject: Option<&User>,
        now: Timestamp,
    ) -> Result<(), StoreError> {
        throttle::count(tx, buckets.all(), now)?;
        self.by.record(tx, self.failure, subject.map(AuditSubject::from), None, now)
    }
}

/// The user whose password it is.
struct Match {
    account: UserWithHash,
    is_outdated: bool,
}

/// Tries each form of the password with each candidate, the forms in their order. A failure costs a hash of the
/// cost `level` for each form; their number depends on what was typed alone. Without any candidate the engine
/// spends the time of a hash for each.
async fn first_match(
    app: &App,
    requester: Requester,
    level: u32,
    candidates: &[UserWithHash],
    forms: &[HashInput],
    admits: impl Fn(&User) -> bool,
) -> Result<Option<Match>, EngineError> {
    candidates.iter().for_each(|account| warn_of_unreadable_hash(app, account));
    for (number, form) in forms.iter().enumerate() {
        if candidates.is_empty() {
            app.passwords.verify(requester, form, None, level).await?;
        }
        for account in candidates {
            let stored = Some(account.password_hash.clone());
            let check = app.passwords.verify(requester, form, stored, level).await?;
            if let PasswordCheck::Right { rehash } = check
                && admits(&account.user)
            {
                // A hash of the password as typed is replaced by one of its last form, the canonical one. Of a
                // truncated format, the engine decides: not all of the password was compared.
                let is_other_form = number + 1 < forms.len() && is_whole(&account.password_hash);
                return Ok(Some(Match { account: account.clone(), is_outdated: rehash || is_other_form }));
            }
        }
    }
    Ok(None)
}

/// Whether the hash depends on the whole password, however long it is.
fn is_whole(hash: &PasswordHash) -> bool {
    match Encoding::parse(hash) {
        Ok(Encoding::Bcrypt(hash)) => !matches!(hash.format, Format::Bcrypt | Format::Raw),
        Ok(Encoding::Foreign(_) | Encoding::Weak(_)) => true,
        Err(_) => false,
    }
}

/// Every password is wrong for an unreadable hash. Only the log tells why.
fn warn_of_unreadable_hash(app: &App, account: &UserWithHash) {
    match app.passwords.read(&account.password_hash) {
        Ok(_) | Err(Unreadable::Unusable) => (),
        Err(reason) => tracing::warn!(user = %account.user.id, "no password can log in: {reason}"),
    }
}

async fn reject(
    app: &App,
    attempt: PasswordAttempt,
    buckets: PasswordBuckets,
    subject: Option<User>,
) -> Result<PasswordError, StoreError> {
    let now = app.clock.now();
    app.store
        .write(move |tx| {
            throttle::lock(tx, buckets.all())?;
            if let Some(wait) = throttle::wait(tx, &buckets.refusing, now)? {
                return Ok(PasswordError::Throttled(wait));
            }
            attempt.record_failure(tx, &buckets, subject.as_ref(), now)?;
            Ok(PasswordError::Wrong)
        })
        .await
}
