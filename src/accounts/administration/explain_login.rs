//! Why somebody cannot log in: what `log_in` would find for an identifier, told to administrators.
//! Called by the admin and the command line. Reads only, and asks for no password.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::accounts::administration::administrators::can_log_in;
use crate::accounts::shared::{enumeration, throttle};
use crate::app::App;
use crate::limits::{Limits, net};
use crate::passwords::format::{Encoding, Flaw, Format, Unreadable};
use crate::store::queries::mail_list;
use crate::store::queries::user_activity;
use crate::store::tables::audit::Action;
use crate::store::tables::mails::MailState;
use crate::store::tables::{one_time_keys, throttles, users};
use crate::store::{Conn, StoreError};
use crate::texts::Lang;
use crate::types::{Email, Identifier, MessageKind, Timestamp, User, is_invisible, trimmed};

/// How many of the last rows of the audit are looked at.
const LOOKED_AT: i64 = 100;

/// How many addresses from which logins failed are looked at.
const ADDRESSES: i64 = 10_000;

/// How many of them are named.
const NAMED: usize = 5;

/// What was found out.
#[derive(Debug)]
pub(crate) struct LoginExplanation {
    /// Whom the identifier may mean.
    pub users: Vec<User>,
    /// What there is to say, the most telling first.
    pub findings: Vec<LoginFinding>,
    is_hopeless: bool,
    is_partial: bool,
}

/// One thing that matters for a login.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LoginFinding {
    /// No user is meant.
    Nobody,
    /// A user of this name is meant, but it is written with other capital letters.
    WrongCase(String),
    /// It would be this user's without the characters in it that nobody sees.
    Unseen(String),
    /// It is the name of this user.
    ByName(String),
    /// It is the address of this user.
    ByEmail(String),
    /// Two users are meant.
    Two,
    /// This user may not log in, and why, if that was said.
    Inactive(String, Option<String>),
    /// Too many failed, and so long until one more may.
    Throttled(Duration),
    /// The user's other identifier is refused so long, by which they are meant, too.
    OtherThrottled(String, Duration),
    /// This address, from which the account was tried, is shut out so long.
    AddressThrottled(String, Duration),
    /// So many addresses are shut out from which the account was not tried; the longest so long.
    AddressesThrottled(u64, Duration),
    /// Who has this address is invited: when, until when, and what became of the mail, if that is known.
    Invited(Timestamp, Timestamp, Option<MailState>),
    /// No password can be right.
    BadHash(Unreadable),
    /// How the password is kept.
    GoodHash(Format, u32),
    /// The address is not confirmed, and whether that stands in the way.
    Unconfirmed(bool),
    /// So many of the last logins failed; the last of them when and from where.
    Failures(u64, Timestamp, Option<String>),
    /// The last login that worked.
    LastLogin(Option<Timestamp>),
}

impl LoginExplanation {
    /// Whether no login works now, whatever the password.
    #[must_use]
    pub(crate) const fn is_hopeless(&self) -> bool {
        self.is_hopeless
    }

    /// In one sentence.
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
    /// Whether it stands in the way of a login.
    #[must_use]
    pub(crate) const fn is_obstacle(&self) -> bool {
        matches!(
            self,
            Self::Nobody
                | Self::WrongCase(_)
                | Self::Unseen(_)
                | Self::Invited(..)
                | Self::AddressThrottled(..)
                | Self::Inactive(..)
                | Self::Throttled(_)
                | Self::BadHash(_)
                | Self::Unconfirmed(true)
        )
    }

    /// A word for programs.
    #[must_use]
    pub(crate) const fn code(&self) -> &'static str {
        match self {
            Self::Nobody => "nobody",
            Self::WrongCase(_) => "wrong-case",
            Self::Unseen(_) => "unseen-characters",
            Self::ByName(_) => "by-name",
            Self::ByEmail(_) => "by-email",
            Self::Two => "two-users",
            Self::Inactive(..) => "inactive",
            Self::Throttled(_) => "throttled",
            Self::OtherThrottled(..) => "other-throttled",
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

    /// In words, told at `now`.
    #[must_use]
    pub(crate) fn text(&self, t: Lang, now: Timestamp) -> String {
        match self {
            Self::Nobody => t.find_nobody().to_owned(),
            Self::WrongCase(name) => t.find_case(name),
            Self::Unseen(name) => t.find_unseen(name),
            Self::ByName(name) => t.find_by_name(name),
            Self::ByEmail(name) => t.find_by_email(name),
            Self::Two => t.find_two().to_owned(),
            Self::Inactive(name, None) => t.find_inactive(name),
            Self::Inactive(name, Some(reason)) => {
                format!("{} {}", t.find_inactive(name), t.find_reason(reason))
            }
            Self::Throttled(wait) => t.find_throttled(t.span(*wait)),
            Self::OtherThrottled(other, wait) => t.find_other_throttled(other, t.span(*wait)),
            Self::AddressThrottled(address, wait) => t.find_address_throttled(address, t.span(*wait)),
            Self::AddressesThrottled(count, wait) => {
                format!("{} {}", t.find_addresses(count), t.find_addresses_wait(t.span(*wait)))
            }
            Self::Invited(at, until, mail) => invited(t, now, *at, *until, *mail),
            Self::BadHash(why) => t.find_hash_bad(unreadable(t, *why)),
            Self::GoodHash(format, cost) => t.find_hash_good(format.name(), cost),
            Self::Unconfirmed(true) => t.find_must_confirm().to_owned(),
            Self::Unconfirmed(false) => t.find_unconfirmed().to_owned(),
            Self::Failures(count, at, address) => {
                let address = address.as_deref().unwrap_or(t.find_unknown_address());
                format!("{} {}", t.find_failures(count), t.find_last_failure(t.ago(*at, now), address))
            }
            Self::LastLogin(Some(at)) => t.find_last_login(t.ago(*at, now)),
            Self::LastLogin(None) => t.find_no_login().to_owned(),
        }
    }
}

/// Finds out what would become of a login with this identifier.
pub(crate) async fn explain_login(app: &App, identifier: Identifier) -> Result<LoginExplanation, StoreError> {
    let now = app.clock.now();
    let buckets = app.limits.login(&identifier, None);
    let (hides, limits) = (app.config.registration.hide_existing, app.limits);
    app.store
        .read(move |conn| {
            let users = users::find_by_identifier(conn, &identifier)?;
            let mut findings = Vec::new();
            let wait = throttle::longest_wait(conn, &buckets, now)?;
            findings.extend(wait.map(LoginFinding::Throttled));
            if users.is_empty() {
                findings.push(nobody(conn, &identifier, now)?);
            }
            if users.len() > 1 {
                findings.push(LoginFinding::Two);
            }
            for user in &users {
                about(conn, &identifier, user, hides, &mut findings)?;
                findings.extend(other_wait(conn, &limits, &identifier, user, now)?);
            }
            let shut_out = shut_out(conn, &limits, &users, now)?;
            let is_partial = !shut_out.is_empty();
            findings.extend(shut_out);
            findings.sort_by_key(|finding| !finding.is_obstacle());
            let is_hopeless = wait.is_some() || !users.iter().any(|user| can_log_in(user, hides));
            Ok(LoginExplanation { users, findings, is_hopeless, is_partial })
        })
        .await
}

fn nobody(conn: &mut Conn, identifier: &Identifier, now: Timestamp) -> Result<LoginFinding, StoreError> {
    if let Some(user) = users::find_by_username_ci(conn, identifier)? {
        return Ok(LoginFinding::WrongCase(user.username.to_string()));
    }
    let seen: String = identifier.as_str().chars().filter(|c| !is_invisible(*c)).collect();
    if seen != identifier.as_str()
        && let Some(user) = users::find_by_identifier(conn, &Identifier::new(trimmed(&seen)))?.first()
    {
        return Ok(LoginFinding::Unseen(user.username.to_string()));
    }
    let Ok(email) = Email::parse(identifier.as_str()) else { return Ok(LoginFinding::Nobody) };
    let Some(open) = one_time_keys::invitation(conn, &email, now)? else { return Ok(LoginFinding::Nobody) };
    let mail = mail_list::last_to(conn, &email, MessageKind::Invite)?;
    Ok(LoginFinding::Invited(open.created, open.expires, mail.map(|mail| mail.state)))
}

fn invited(t: Lang, now: Timestamp, at: Timestamp, until: Timestamp, mail: Option<MailState>) -> String {
    let open = t.find_invited(t.ago(at, now), t.from_now(until, now));
    match mail {
        Some(MailState::Dead) => format!("{open} {}", t.find_invited_given_up()),
        Some(MailState::Dropped) => format!("{open} {}", t.find_invited_dropped()),
        Some(MailState::Waiting) => format!("{open} {}", t.find_invited_waiting()),
        Some(MailState::Sent) | None => open,
    }
}

/// [`Unreadable`] in the reader's language.
fn unreadable(t: Lang, why: Unreadable) -> String {
    let flaw = match why {
        Unreadable::Unusable => return t.hash_unusable().to_owned(),
        Unreadable::Unsupported(algorithm) => return t.hash_unsupported(algorithm),
        Unreadable::Malformed(flaw) => flaw,
    };
    t.hash_malformed(match flaw {
        Flaw::Parts => t.flaw_parts(),
        Flaw::Version => t.flaw_version(),
        Flaw::Cost => t.flaw_cost(),
        Flaw::Length => t.flaw_length(),
        Flaw::Alphabet => t.flaw_alphabet(),
        Flaw::Padding => t.flaw_padding(),
    })
}

/// How long a login by the user's other identifier has to wait: by the email of a name, or the name of
/// an email.
fn other_wait(
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
    let wait = throttle::longest_wait(conn, &limits.login(&Identifier::new(other), None), now)?;
    Ok(wait.map(|wait| LoginFinding::OtherThrottled(other.to_owned(), wait)))
}

/// The addresses from which no login is let in now, those first from which the users were tried. Whose
/// address the person has who asks is not known here.
fn shut_out(
    conn: &mut Conn,
    limits: &Limits,
    users: &[User],
    now: Timestamp,
) -> Result<Vec<LoginFinding>, StoreError> {
    let mut shut: BTreeMap<String, Duration> = throttles::addresses(conn, now, ADDRESSES)?
        .into_iter()
        .filter_map(|(address, empty_at)| Some((address, limits.address_wait(empty_at, now)?)))
        .collect();
    let mut findings = Vec::new();
    for user in users {
        for row in user_activity::logins_of(conn, user.id, LOOKED_AT)? {
            let Some(address) = row.address else { continue };
            let Some(wait) = address.parse().ok().and_then(|address| shut.remove(&net(address))) else {
                continue;
            };
            if findings.len() < NAMED {
                findings.push(LoginFinding::AddressThrottled(address, wait));
            }
        }
    }
    if let Some(longest) = shut.values().max() {
        findings.push(LoginFinding::AddressesThrottled(shut.len() as u64, *longest));
    }
    Ok(findings)
}

fn about(
    conn: &mut Conn,
    identifier: &Identifier,
    user: &User,
    hides: bool,
    findings: &mut Vec<LoginFinding>,
) -> Result<(), StoreError> {
    let name = user.username.to_string();
    let is_by_name = identifier.matches_username(&user.username);
    findings.push(if is_by_name {
        LoginFinding::ByName(name.clone())
    } else {
        LoginFinding::ByEmail(name.clone())
    });
    if !user.is_active {
        let reason = user_activity::last(conn, user.id, Action::Deactivated)?.and_then(|row| row.detail);
        findings.push(LoginFinding::Inactive(name, reason));
    }
    findings.push(match Encoding::parse(&user.password_hash) {
        Ok(encoding) => LoginFinding::GoodHash(encoding.format, encoding.cost),
        Err(why) => LoginFinding::BadHash(why),
    });
    if !user.is_email_confirmed {
        findings.push(LoginFinding::Unconfirmed(enumeration::must_confirm(user, hides)));
    }
    let mut failures = user_activity::logins_of(conn, user.id, LOOKED_AT)?;
    failures.retain(|row| row.action == Action::LoginFailed.as_str());
    if let Some(last) = failures.first() {
        let count = failures.len() as u64;
        findings.push(LoginFinding::Failures(count, Timestamp::from_micros(last.at), last.address.clone()));
    }
    findings.push(LoginFinding::LastLogin(user.last_login_at));
    Ok(())
}
