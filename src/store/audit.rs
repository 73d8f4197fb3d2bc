//! Table `audit`: what happened, to whom, by whom, from where. Rows are only ever added, lose what
//! tells of a person when that person's account goes, and never hold a secret: not even the name
//! that somebody typed who is no user, because people type passwords into the wrong field.

use diesel::prelude::*;
use diesel::sql_types::BigInt;

use super::connection::{Conn, Tx};
use super::error::StoreError;
use super::schema::audit;
use crate::types::{Timestamp, UserId};

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// A login that worked.
    LoggedIn,
    /// A login that did not.
    LoginFailed,
    /// A refresh token was used.
    Refreshed,
    /// A refresh token that had been replaced was used again, and its session ended.
    RefreshReused,
    /// A refresh token was blacklisted, and its session ended.
    Blacklisted,
    /// The session ended that asked for it.
    LoggedOut,
    /// All sessions ended, on the word of one of them.
    LoggedOutEverywhere,
    /// Another session of the same user was ended.
    SessionEnded,
    /// All sessions were ended by somebody else.
    SessionsEnded,
    /// An account was made.
    Created,
    /// Somebody made an account of their own.
    Registered,
    /// Somebody wanted to make an account with the address of this one, and was not told.
    RegisteredAgain,
    /// The owner changed the name.
    Renamed,
    /// The owner changed the email.
    EmailChanged,
    /// The owner changed the password, knowing the old one.
    PasswordChanged,
    /// Somebody with the account's token did not know its password.
    OldPasswordWrong,
    /// The password was set by somebody who did not need the old one.
    PasswordSet,
    /// The email was marked as confirmed.
    EmailConfirmed,
    /// The account may log in again.
    Activated,
    /// The account may not log in, and its tokens ended.
    Deactivated,
    /// The account may enter the admin.
    MadeAdmin,
    /// The account may not enter the admin any more.
    AdminRevoked,
    /// The email was marked as not confirmed.
    EmailUnconfirmed,
    /// An administrator came into the admin.
    SignedIn,
    /// An administrator left the admin.
    SignedOut,
    /// The password was right, but the admin is for administrators.
    AdminRefused,
    /// An administrator typed the password again, for a dangerous action.
    PasswordProven,
    /// A list of users was taken away as a file.
    Exported,
    /// The account is gone.
    Deleted,
    /// A mail to the user is tried again at once.
    MailRetried,
    /// A mail to the user is not sent.
    MailDropped,
    /// A test mail was sent, or tried to be.
    MailTested,
    /// Somebody wanted to remove their account and did not know its password.
    LeavingFailed,
    /// Somebody asked for a mail that confirms the email.
    ConfirmationAsked,
    /// Somebody asked for a mail that sets another password.
    ResetAsked,
    /// A link that sets another password was given to an operator.
    ResetLinkMade,
    /// The password was set by whoever has the mailbox.
    PasswordReset,
    /// A change of the email was taken back by whoever has the old mailbox.
    EmailRestored,
    /// Somebody was invited to make an account.
    Invited,
    /// An invitation was taken back.
    InviteWithdrawn,
}

impl Action {
    /// The word in the table.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::LoggedIn => "logged-in",
            Self::LoginFailed => "login-failed",
            Self::Refreshed => "refreshed",
            Self::RefreshReused => "refresh-reused",
            Self::Blacklisted => "blacklisted",
            Self::LoggedOut => "logged-out",
            Self::LoggedOutEverywhere => "logged-out-everywhere",
            Self::SessionEnded => "session-ended",
            Self::SessionsEnded => "sessions-ended",
            Self::Created => "created",
            Self::Registered => "registered",
            Self::RegisteredAgain => "registered-again",
            Self::Renamed => "renamed",
            Self::EmailChanged => "email-changed",
            Self::PasswordChanged => "password-changed",
            Self::OldPasswordWrong => "old-password-wrong",
            Self::PasswordSet => "password-set",
            Self::EmailConfirmed => "email-confirmed",
            Self::Activated => "activated",
            Self::Deactivated => "deactivated",
            Self::MadeAdmin => "made-admin",
            Self::AdminRevoked => "admin-revoked",
            Self::EmailUnconfirmed => "email-unconfirmed",
            Self::SignedIn => "signed-in",
            Self::SignedOut => "signed-out",
            Self::AdminRefused => "admin-refused",
            Self::PasswordProven => "password-proven",
            Self::Exported => "exported",
            Self::Deleted => "deleted",
            Self::MailRetried => "mail-retried",
            Self::MailDropped => "mail-dropped",
            Self::MailTested => "mail-tested",
            Self::LeavingFailed => "leaving-failed",
            Self::ConfirmationAsked => "confirmation-asked",
            Self::ResetAsked => "reset-asked",
            Self::ResetLinkMade => "reset-link-made",
            Self::PasswordReset => "password-reset",
            Self::EmailRestored => "email-restored",
            Self::InviteWithdrawn => "invite-withdrawn",
            Self::Invited => "invited",
        }
    }
}

/// A row to add.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// When.
    pub at: Timestamp,
    /// What.
    pub action: Action,
    /// By what kind of actor: "anonymous", "user", "administrator", "command-line", "setup-link",
    /// "mail-link".
    pub actor: &'a str,
    /// Which user did it, if a user did.
    pub actor_id: Option<UserId>,
    /// To whom, if the account is known.
    pub subject_id: Option<UserId>,
    /// The account's name at that moment.
    pub subject: Option<&'a str>,
    /// From which network address.
    pub address: Option<String>,
    /// With which client.
    pub user_agent: Option<&'a str>,
    /// What else there is to know, such as the reason that was given.
    pub detail: Option<&'a str>,
}

/// A row as it was written.
#[derive(Clone, Debug, Queryable)]
pub struct Row {
    /// The number of the row, rising.
    pub id: i64,
    /// Microseconds since 1970.
    pub at: i64,
    /// [`Action::as_str`].
    pub action: String,
    /// The kind of actor.
    pub actor: String,
    /// The acting user.
    pub actor_id: Option<i64>,
    /// The user it happened to.
    pub subject_id: Option<i64>,
    /// Their name at that moment.
    pub subject: Option<String>,
    /// From where.
    pub address: Option<String>,
    /// With what.
    pub user_agent: Option<String>,
    /// What else there is to know.
    pub detail: Option<String>,
}

/// Adds a row, in the transaction of the change it speaks of.
///
/// # Errors
/// If the database fails.
pub fn record(tx: &mut Tx<'_>, entry: &Entry<'_>) -> Result<(), StoreError> {
    diesel::insert_into(audit::table)
        .values((
            audit::at.eq(entry.at.micros()),
            audit::action.eq(entry.action.as_str()),
            audit::actor.eq(entry.actor),
            audit::actor_id.eq(entry.actor_id.map(UserId::get)),
            audit::subject_id.eq(entry.subject_id.map(UserId::get)),
            audit::subject.eq(entry.subject),
            audit::address.eq(entry.address.as_deref()),
            audit::user_agent.eq(entry.user_agent),
            audit::detail.eq(entry.detail),
        ))
        .execute(&mut **tx)?;
    Ok(())
}

/// The last `limit` rows about a user, newest first.
///
/// # Errors
/// If the database fails.
pub fn about(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<Row>, StoreError> {
    Ok(audit::table
        .filter(audit::subject_id.eq(user.get()))
        .order(audit::id.desc())
        .limit(limit)
        .load(conn)?)
}

/// The last `limit` rows about a user's email, newest first. The words are those of the index
/// `audit_emails`, so that it is used.
///
/// # Errors
/// If the database fails.
pub fn about_email(conn: &mut Conn, user: UserId, limit: i64) -> Result<Vec<Row>, StoreError> {
    let is_about_email = diesel::dsl::sql::<diesel::sql_types::Bool>(
        "action IN ('created', 'registered', 'email-changed', 'email-confirmed', 'email-unconfirmed', \
         'email-restored', 'confirmation-asked')",
    );
    Ok(audit::table
        .filter(audit::subject_id.eq(user.get()))
        .filter(is_about_email)
        .order(audit::id.desc())
        .limit(limit)
        .load(conn)?)
}

/// Takes the name, the network address and the client out of the rows about a user, and the latter
/// two out of those of what the user did to others: what happened stays, without a person.
///
/// # Errors
/// If the database fails.
pub fn anonymise(tx: &mut Tx<'_>, user: UserId) -> Result<(), StoreError> {
    let nowhere = || (audit::address.eq(None::<String>), audit::user_agent.eq(None::<String>));
    diesel::update(audit::table.filter(audit::subject_id.eq(user.get())))
        .set((audit::subject.eq(None::<String>), audit::detail.eq(None::<String>), nowhere()))
        .execute(&mut **tx)?;
    diesel::update(audit::table.filter(audit::actor_id.eq(user.get()))).set(nowhere()).execute(&mut **tx)?;
    Ok(())
}

#[derive(QueryableByName)]
struct Counted {
    #[diesel(sql_type = BigInt)]
    count: i64,
}

/// How many logins worked and failed from `from` until before `until`, those at the admin's door
/// among them. Counts along an index; a million take some tens of milliseconds.
///
/// # Errors
/// If the database fails.
pub fn logins(conn: &mut Conn, from: Timestamp, until: Timestamp) -> Result<(u64, u64), StoreError> {
    let mut count = |actions: &str| -> Result<u64, StoreError> {
        // The same list as in the index, or it is none for this.
        let query = format!(
            "SELECT count(*) AS count FROM audit WHERE action IN ({actions}) AND at >= $1 AND at < $2"
        );
        let query =
            diesel::sql_query(query).bind::<BigInt, _>(from.micros()).bind::<BigInt, _>(until.micros());
        Ok(u64::try_from(query.get_result::<Counted>(conn)?.count).unwrap_or(0))
    };
    Ok((count("'logged-in', 'signed-in'")?, count("'login-failed', 'admin-refused'")?))
}

/// When the oldest row was written, if there is any.
///
/// # Errors
/// If the database fails.
pub fn begins(conn: &mut Conn) -> Result<Option<Timestamp>, StoreError> {
    let first = audit::table.order(audit::id).select(audit::at).first::<i64>(conn).optional()?;
    Ok(first.map(Timestamp::from_micros))
}
