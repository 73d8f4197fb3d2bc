//! Why a login fails: what `log_in` would find for an identifier, explained to administrators. Called by the
//! admin and the command line. Reads only, and needs no password.

mod finding;
mod login_limits;

pub(crate) use finding::LoginFinding;

use crate::accounts::administration::deactivation::Deactivation;
use crate::accounts::jobs::correct_moments::ahead;
use crate::accounts::shared::administrators::LoginAbility;
use crate::accounts::shared::enumeration::ExistencePolicy;
use crate::app::App;
use crate::limits::Limits;
use crate::passwords::Passwords;
use crate::store::queries::audit_list;
use crate::store::queries::mail_list;
use crate::store::queries::user_activity;
use crate::store::tables::audit::Action;
use crate::store::tables::users::UserWithHash;
use crate::store::tables::{one_time_keys, users};
use crate::store::{Conn, StoreError};
use crate::texts::Lang;
use crate::types::{Email, Identifier, MessageKind, Timestamp, User, is_invisible, trimmed};

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
                let limited = limit_findings(conn, &limits, &account.user, now)?;
                is_partial |= !limited.is_empty();
                findings.extend(limited);
            }
            let is_everywhere =
                |finding: &LoginFinding| matches!(finding, LoginFinding::GuessedOutEverywhere(..));
            let is_hopeless = wait.is_some()
                || !accounts.iter().any(|account| ability.has(account))
                || findings.iter().any(is_everywhere);
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

/// The limits that refuse passwords of the user, whatever was typed.
fn limit_findings(
    conn: &mut Conn,
    limits: &Limits,
    user: &User,
    now: Timestamp,
) -> Result<Vec<LoginFinding>, StoreError> {
    let name = user.username.to_string();
    if let Some(wait) = login_limits::all_guesses_wait(conn, limits, user.id, now)? {
        return Ok(vec![LoginFinding::GuessedOutEverywhere(name, wait)]);
    }
    let guessed = login_limits::guesses_wait(conn, limits, user.id, now)?;
    let known = login_limits::known_waits(conn, limits, user, now)?;
    let known =
        known.into_iter().map(|(network, wait)| LoginFinding::KnownThrottled(name.clone(), network, wait));
    let guessed = guessed.map(|wait| LoginFinding::GuessedOut(name.clone(), wait));
    Ok(guessed.into_iter().chain(known).collect())
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
