//! Why a login fails: what `log_in` would find for an identifier, explained to administrators. Called by the
//! admin and the command line. Reads only, and needs no password.

use std::time::Duration;

use crate::accounts::administration::deactivation::Deactivation;
use crate::accounts::administration::login_limits;
use crate::accounts::jobs::correct_moments::ahead;
use crate::accounts::password::hash_words::{hash_in_words, unreadable_hash};
use crate::accounts::shared::administrators::LoginAbility;
use crate::accounts::shared::enumeration::ExistencePolicy;
use crate::app::App;
use crate::limits::Limits;
use crate::passwords::Passwords;
use crate::passwords::formats::{Encoding, Unreadable};
use crate::store::queries::audit_list;
use crate::store::queries::mail_list;
use crate::store::queries::user_activity;
use crate::store::tables::audit::Action;
use crate::store::tables::mails::DeliveryState;
use crate::store::tables::users::UserWithHash;
use crate::store::tables::{one_time_keys, users};
use crate::store::{Conn, StoreError};
use crate::texts::Lang;
use crate::types::{Email, Identifier, MessageKind, Timestamp, User, UserId, is_invisible, trimmed};

/// Audit entries of a user's logins that are read.
const MAX_ENTRIES: i64 = 100;

/// The findings about an identifier.
#[derive(Debug)]
pub(crate) struct LoginExplanation {
    /// The users that the identifier may mean.
    pub users: Vec<User>,
    /// The findings, obstacles first.
    pub findings: Vec<LoginFinding>,
    is_hopeless: bool,
    is_partial: bool,
}

/// One fact that matters for a login.
#[derive(Clone, Debug)]
pub(crate) enum LoginFinding {
    /// No user has this identifier.
    UnknownUser,
    /// The identifier is this user's name but for letter case.
    WrongCase(UserId, String),
    /// The identifier is this user's without the invisible characters in it.
    InvisibleCharacters(UserId, String),
    /// The identifier is the name of this user.
    ByName(String),
    /// The identifier is the address of this user.
    ByEmail(String),
    /// The identifier means two users.
    TwoUsers,
    /// This user is inactive, with what the audit log has about the deactivation.
    Inactive(String, Option<Deactivation>),
    /// This user is to be deleted at this moment, as requested.
    ToBeDeleted(String, Timestamp),
    /// Too many logins with the identifier failed; how long until the next may be tried.
    Throttled(Duration),
    /// The newest entry of the audit log lies this far in the future, so limits may be wrong.
    ClockWasAhead(Duration),
    /// Too many logins with this other identifier of the user failed; how long until the next may be tried.
    OtherThrottled(String, Duration),
    /// So many passwords of this user were wrong that none is accepted from unknown networks; for how long.
    GuessedOut(String, Duration),
    /// Too many logins from this address failed, of this user among others; how long it is throttled.
    AddressThrottled(String, Duration),
    /// The number of throttled addresses that did not try this user, and the longest time.
    AddressesThrottled(u64, Duration),
    /// The address is invited: when the invitation was sent, when it expires, and the state of its mail if
    /// that is still stored.
    Invited(Timestamp, Timestamp, Option<DeliveryState>),
    /// The hash is unreadable: every password is wrong.
    BadHash(Unreadable),
    /// The hash.
    GoodHash(Encoding),
    /// The address is not confirmed, and whether that prevents a login.
    Unconfirmed(bool),
    /// How many of the last logins failed; the time and the address of the last of them.
    Failures(u64, Timestamp, Option<String>),
    /// The last successful login.
    LastLogin(Option<Timestamp>),
}

impl LoginExplanation {
    /// Whether no login works now, whatever the password is.
    #[must_use]
    pub(crate) const fn is_hopeless(&self) -> bool {
        self.is_hopeless
    }

    /// The findings in one sentence.
    #[must_use]
    pub(crate) const fn verdict(&self, t: Lang) -> &'static str {
        match (self.is_hopeless, self.is_partial) {
            (true, _) => t.explain_verdict_bad(),
            (false, true) => t.explain_verdict_partly(),
            (false, false) => t.explain_verdict_good(),
        }
    }
}

impl LoginFinding {
    /// Whether `unblock` changes it.
    #[must_use]
    pub(crate) const fn is_rate_limit(&self) -> bool {
        matches!(self, Self::Throttled(_) | Self::OtherThrottled(..) | Self::GuessedOut(..))
    }

    /// Whether it prevents a login.
    #[must_use]
    pub(crate) const fn is_obstacle(&self) -> bool {
        matches!(
            self,
            Self::UnknownUser
                | Self::WrongCase(..)
                | Self::InvisibleCharacters(..)
                | Self::Invited(..)
                | Self::AddressThrottled(..)
                | Self::Inactive(..)
                | Self::ToBeDeleted(..)
                | Self::Throttled(_)
                | Self::BadHash(_)
                | Self::Unconfirmed(true)
        )
    }

    /// The code of the finding in JSON.
    #[must_use]
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::UnknownUser => "nobody",
            Self::WrongCase(..) => "wrong-case",
            Self::InvisibleCharacters(..) => "unseen-characters",
            Self::ByName(_) => "by-name",
            Self::ByEmail(_) => "by-email",
            Self::TwoUsers => "two-users",
            Self::Inactive(..) => "inactive",
            Self::ToBeDeleted(..) => "to-be-deleted",
            Self::Throttled(_) => "throttled",
            Self::ClockWasAhead(_) => "clock-was-ahead",
            Self::OtherThrottled(..) => "other-throttled",
            Self::GuessedOut(..) => "guessed-out",
            Self::AddressThrottled(..) => "address-throttled",
            Self::AddressesThrottled(..) => "addresses-throttled",
            Self::Invited(..) => "invited",
            Self::BadHash(_) => "bad-hash",
            Self::GoodHash(..) => "good-hash",
            Self::Unconfirmed(_) => "unconfirmed",
            Self::Failures(..) => "failures",
            Self::LastLogin(_) => "last-login",
        }
    }

    /// The finding as text, with times relative to `now`.
    #[must_use]
    pub(crate) fn text(&self, t: Lang, now: Timestamp) -> String {
        match self {
            Self::UnknownUser => t.finding_unknown().to_owned(),
            Self::WrongCase(_, name) => t.finding_case(name),
            Self::InvisibleCharacters(_, name) => t.finding_invisible(name),
            Self::ByName(name) => t.finding_by_name(name),
            Self::ByEmail(name) => t.finding_by_email(name),
            Self::TwoUsers => t.finding_ambiguous().to_owned(),
            Self::Inactive(name, None) => t.finding_inactive(name),
            Self::Inactive(name, Some(deactivation)) => {
                format!("{} {}", t.finding_inactive(name), deactivation.text(t, now))
            }
            Self::ToBeDeleted(name, due) => t.finding_to_be_deleted(name, t.date(*due)),
            Self::Throttled(wait) => t.finding_throttled(t.span(*wait)),
            Self::ClockWasAhead(ahead) => t.finding_clock(t.span(*ahead)),
            Self::OtherThrottled(other, wait) => t.finding_other_throttled(other, t.span(*wait)),
            Self::GuessedOut(name, wait) => t.finding_guessed_out(name, t.span(*wait)),
            Self::AddressThrottled(address, wait) => t.finding_address_throttled(address, t.span(*wait)),
            Self::AddressesThrottled(count, wait) => {
                format!("{} {}", t.finding_addresses(count), t.finding_addresses_wait(t.span(*wait)))
            }
            Self::Invited(at, until, mail) => invited(t, now, *at, *until, *mail),
            Self::BadHash(why) => t.finding_hash_bad(unreadable_hash(t, *why)),
            Self::GoodHash(hash @ Encoding::Bcrypt(_)) => t.finding_hash_good(hash_in_words(t, hash)),
            Self::GoodHash(hash) => t.finding_hash_foreign(hash_in_words(t, hash)),
            Self::Unconfirmed(true) => t.finding_must_confirm().to_owned(),
            Self::Unconfirmed(false) => t.finding_unconfirmed().to_owned(),
            Self::Failures(count, at, address) => {
                let address = address.as_deref().unwrap_or(t.finding_unknown_address());
                format!("{} {}", t.finding_failures(count), t.finding_last_failure(t.ago(*at, now), address))
            }
            Self::LastLogin(Some(at)) => t.finding_last_login(t.ago(*at, now)),
            Self::LastLogin(None) => t.finding_no_login().to_owned(),
        }
    }
}

/// What would happen to a login with this identifier.
pub(crate) async fn explain_login(app: &App, identifier: Identifier) -> Result<LoginExplanation, StoreError> {
    let now = app.clock.now();
    let (policy, limits, passwords) = (ExistencePolicy::of(app), app.limits, app.passwords.clone());
    let ability = LoginAbility::of(app);
    app.store
        .read(move |conn| {
            let accounts = users::with_hash_by_identifier(conn, &identifier)?;
            let (mut findings, mut is_partial) = (Vec::new(), false);
            let wait = login_limits::typed_wait(conn, &limits, &identifier, now)?;
            findings.extend(wait.map(LoginFinding::Throttled));
            if accounts.is_empty() {
                findings.push(unknown_user(conn, &identifier, now)?);
            }
            if accounts.len() > 1 {
                findings.push(LoginFinding::TwoUsers);
            }
            for account in &accounts {
                findings.extend(user_findings(conn, &identifier, account, &passwords, policy)?);
                findings.extend(other_identifier_wait(conn, &limits, &identifier, &account.user, now)?);
                let name = account.user.username.to_string();
                let guessed = login_limits::guesses_wait(conn, &limits, account.user.id, now)?;
                is_partial |= guessed.is_some();
                findings.extend(guessed.map(|wait| LoginFinding::GuessedOut(name, wait)));
            }
            let is_hopeless = wait.is_some() || !accounts.iter().any(|account| ability.has(account));
            let users: Vec<User> = accounts.into_iter().map(|account| account.user).collect();
            let networks = login_limits::network_waits(conn, &limits, &users, now)?;
            is_partial |= !networks.is_empty();
            findings.extend(
                networks.tried.into_iter().map(|(at, wait)| LoginFinding::AddressThrottled(at, wait)),
            );
            findings.extend(networks.others.map(|(n, wait)| LoginFinding::AddressesThrottled(n, wait)));
            let newest = audit_list::newest(conn)?;
            findings.extend(newest.and_then(|at| ahead(at, now)).map(LoginFinding::ClockWasAhead));
            findings.sort_by_key(|finding| !finding.is_obstacle());
            Ok(LoginExplanation { users, findings, is_hopeless, is_partial })
        })
        .await
}

/// Why no user has the identifier: a user with a similar one, or an open invitation.
fn unknown_user(
    conn: &mut Conn,
    identifier: &Identifier,
    now: Timestamp,
) -> Result<LoginFinding, StoreError> {
    if let Some(user) = users::find_by_username_ci(conn, identifier)? {
        return Ok(LoginFinding::WrongCase(user.id, user.username.to_string()));
    }
    let visible: String = identifier.as_str().chars().filter(|c| !is_invisible(*c)).collect();
    if visible != identifier.as_str()
        && let Some(user) = users::find_by_identifier(conn, &Identifier::new(trimmed(&visible)))?.first()
    {
        return Ok(LoginFinding::InvisibleCharacters(user.id, user.username.to_string()));
    }
    let Ok(email) = Email::parse(identifier.as_str()) else { return Ok(LoginFinding::UnknownUser) };
    let Some(invitation) = one_time_keys::invitation(conn, &email, now)? else {
        return Ok(LoginFinding::UnknownUser);
    };
    let mail = mail_list::last_to(conn, &email, MessageKind::Invite)?;
    Ok(LoginFinding::Invited(invitation.created, invitation.expires, mail.map(|mail| mail.state)))
}

fn invited(t: Lang, now: Timestamp, at: Timestamp, until: Timestamp, mail: Option<DeliveryState>) -> String {
    let open = t.finding_invited(t.ago(at, now), t.from_now(until, now));
    match mail {
        Some(DeliveryState::Dead) => format!("{open} {}", t.finding_invited_failed()),
        Some(DeliveryState::Dropped) => format!("{open} {}", t.finding_invited_dropped()),
        Some(DeliveryState::Waiting) => format!("{open} {}", t.finding_invited_waiting()),
        Some(DeliveryState::Sent) | None => open,
    }
}

/// How long a login with the user's other identifier has to wait: the email for a name, the name for an
/// email.
fn other_identifier_wait(
    conn: &mut Conn,
    limits: &Limits,
    typed: &Identifier,
    user: &User,
    now: Timestamp,
) -> Result<Option<LoginFinding>, StoreError> {
    let other = match typed.matches_username(&user.username) {
        true => user.email.as_str(),
        false => user.username.as_str(),
    };
    let wait = login_limits::typed_wait(conn, limits, &Identifier::new(other), now)?;
    Ok(wait.map(|wait| LoginFinding::OtherThrottled(other.to_owned(), wait)))
}

fn user_findings(
    conn: &mut Conn,
    identifier: &Identifier,
    account: &UserWithHash,
    passwords: &Passwords,
    policy: ExistencePolicy,
) -> Result<Vec<LoginFinding>, StoreError> {
    let UserWithHash { user, password_hash } = account;
    let mut findings = Vec::new();
    let name = user.username.to_string();
    let is_by_name = identifier.matches_username(&user.username);
    findings.push(if is_by_name {
        LoginFinding::ByName(name.clone())
    } else {
        LoginFinding::ByEmail(name.clone())
    });
    if let Some(due) = user.deletion_due_at {
        findings.push(LoginFinding::ToBeDeleted(name, due));
    } else if !user.is_active {
        findings.push(LoginFinding::Inactive(name, Deactivation::of(conn, user)?));
    }
    findings.push(match passwords.read(password_hash) {
        Ok(encoding) => LoginFinding::GoodHash(encoding),
        Err(why) => LoginFinding::BadHash(why),
    });
    if !user.is_email_confirmed {
        findings.push(LoginFinding::Unconfirmed(policy.requires_confirmation(user)));
    }
    let mut failures = user_activity::logins_of(conn, user.id, MAX_ENTRIES)?;
    failures.retain(|row| row.action == Action::LoginFailed.as_str());
    if let Some(last) = failures.first() {
        let count = failures.len() as u64;
        findings.push(LoginFinding::Failures(count, Timestamp::from_micros(last.at), last.address.clone()));
    }
    findings.push(LoginFinding::LastLogin(user.last_login_at));
    Ok(findings)
}
