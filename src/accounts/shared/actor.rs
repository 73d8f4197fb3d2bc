//! The actor of a use case, and the audit entry that it leaves.

use std::borrow::Cow;
use std::net::IpAddr;

use crate::store::tables::audit;
use crate::store::tables::audit::{API_KEY, Action, NewAuditEntry};
use crate::store::tables::sessions::SessionClient;
use crate::store::{StoreError, Tx};
use crate::types::{ApiKeyId, BulkId, Lang, MailCause, Timestamp, User, UserId};

/// Length limit of a stored `User-Agent`, in characters.
const MAX_USER_AGENT: usize = 200;

/// The kind of an actor, with the id where it is a user's.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// A client without authentication.
    Anonymous,
    /// A user, authenticated by a token or a password.
    User(UserId),
    /// An administrator, by a session in the admin.
    Administrator(UserId),
    /// The operator, on the command line of the machine.
    CommandLine,
    /// A client with the one-time link of the first start.
    SetupLink,
    /// A client with a one-time link from a mail.
    MailLink,
    /// The server itself, by a background job.
    Server,
    /// A machine, authenticated by an API key.
    ApiKey(ApiKeyId),
}

/// The actor of a use case, and its client.
#[derive(Clone, Debug)]
pub struct Actor {
    /// Its kind.
    pub kind: ActorKind,
    /// The client's address; unknown for the command line.
    pub address: Option<IpAddr>,
    /// The client's `User-Agent`, shortened.
    pub user_agent: Option<String>,
    /// The bulk action that the use case is a part of.
    pub bulk: Option<BulkId>,
    /// The language that the client asked for.
    pub language: Option<Lang>,
}

/// The user that an audit entry is about, by the name that the user has at that moment.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AuditSubject<'a> {
    id: UserId,
    username: &'a str,
}

impl<'a> AuditSubject<'a> {
    /// A user whose row is not at hand.
    pub(crate) const fn new(id: UserId, username: &'a str) -> Self {
        Self { id, username }
    }
}

impl<'a> From<&'a User> for AuditSubject<'a> {
    fn from(user: &'a User) -> Self {
        Self::new(user.id, user.username.as_str())
    }
}

impl<'a> From<&'a User> for Option<AuditSubject<'a>> {
    fn from(user: &'a User) -> Self {
        Some(user.into())
    }
}

impl Actor {
    /// The operator on the command line.
    #[must_use]
    pub const fn command_line() -> Self {
        Self { kind: ActorKind::CommandLine, address: None, user_agent: None, language: None, bulk: None }
    }

    /// The server itself.
    pub(crate) const fn server() -> Self {
        Self { kind: ActorKind::Server, address: None, user_agent: None, language: None, bulk: None }
    }

    /// A client on the network.
    #[must_use]
    pub fn remote(kind: ActorKind, address: Option<IpAddr>, user_agent: Option<&str>) -> Self {
        let user_agent = user_agent.map(|text| text.chars().take(MAX_USER_AGENT).collect());
        Self { kind, address, user_agent, language: None, bulk: None }
    }

    /// This client, which asks for a language.
    pub(crate) fn with_language(self, language: Option<Lang>) -> Self {
        Self { language, ..self }
    }

    /// What a mail names as its cause.
    pub(crate) const fn mail_cause(&self) -> MailCause {
        match self.kind {
            ActorKind::Administrator(_) | ActorKind::CommandLine | ActorKind::ApiKey(_) => {
                MailCause::Administrator
            }
            ActorKind::Anonymous
            | ActorKind::User(_)
            | ActorKind::SetupLink
            | ActorKind::MailLink
            | ActorKind::Server => MailCause::Owner,
        }
    }

    /// This client with another kind of actor.
    pub(crate) fn with_kind(&self, kind: ActorKind) -> Self {
        Self { kind, ..self.clone() }
    }

    /// The client, for a session that it begins.
    pub(crate) fn client(&self) -> SessionClient<'_> {
        SessionClient { address: self.address, user_agent: self.user_agent.as_deref() }
    }

    /// Writes the audit entry of a change in the transaction of that change. `detail` must contain no secret.
    pub(crate) fn record<'a>(
        &self,
        tx: &mut Tx<'_>,
        action: Action,
        subject: impl Into<Option<AuditSubject<'a>>>,
        detail: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        audit::record(tx, &self.entry(action, subject.into(), detail, at))
    }

    /// [`Self::record`] for the same change of many users.
    pub(crate) fn record_all(
        &self,
        tx: &mut Tx<'_>,
        action: Action,
        subjects: &[AuditSubject<'_>],
        detail: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let entries = subjects.iter().map(|subject| self.entry(action, Some(*subject), detail, at));
        audit::record_all(tx, &entries.collect::<Vec<_>>())
    }

    fn entry<'a>(
        &'a self,
        action: Action,
        subject: Option<AuditSubject<'a>>,
        detail: Option<&'a str>,
        at: Timestamp,
    ) -> NewAuditEntry<'a> {
        let (actor, actor_id) = match self.kind {
            ActorKind::ApiKey(id) => (Cow::Owned(format!("{API_KEY}{id}")), None),
            ActorKind::Anonymous => (Cow::Borrowed("anonymous"), None),
            ActorKind::User(id) => (Cow::Borrowed("user"), Some(id)),
            ActorKind::Administrator(id) => (Cow::Borrowed("administrator"), Some(id)),
            ActorKind::CommandLine => (Cow::Borrowed("command-line"), None),
            ActorKind::SetupLink => (Cow::Borrowed("setup-link"), None),
            ActorKind::MailLink => (Cow::Borrowed("mail-link"), None),
            ActorKind::Server => (Cow::Borrowed("server"), None),
        };
        NewAuditEntry {
            at,
            action,
            actor,
            actor_id,
            subject_id: subject.map(|subject| subject.id),
            subject: subject.map(|subject| subject.username),
            address: self.address.map(|address| address.to_string()),
            user_agent: self.user_agent.as_deref(),
            detail,
            bulk_id: self.bulk.map(BulkId::get),
        }
    }
}
