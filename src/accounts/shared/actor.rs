//! ActorKind does something, and from where: what every verb is told, for its audit row.

use std::net::IpAddr;

use crate::store::tables::audit;
use crate::store::tables::audit::{Action, NewAuditEntry};
use crate::store::tables::sessions::SessionClient;
use crate::store::{StoreError, Tx};
use crate::types::{Timestamp, UserId};

/// The longest part of a `User-Agent` that is kept, in characters.
const USER_AGENT: usize = 200;

/// ActorKind acts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ActorKind {
    /// Somebody who has not shown who they are.
    Anonymous,
    /// A user, by token or session.
    User(UserId),
    /// An administrator, in the admin.
    Administrator(UserId),
    /// The operator, who has the machine.
    CommandLine,
    /// Whoever was given the one-time link of the first start.
    SetupLink,
    /// Whoever was sent the one-time link in a mail.
    MailLink,
}

/// ActorKind acts, from which address, with which client.
#[derive(Clone, Debug)]
pub struct Actor {
    /// ActorKind.
    pub who: ActorKind,
    /// From where; unknown for the command line.
    pub address: Option<IpAddr>,
    /// The client's own name for itself, shortened.
    pub user_agent: Option<String>,
}

impl Actor {
    /// The operator at the machine.
    #[must_use]
    pub const fn command_line() -> Self {
        Self { who: ActorKind::CommandLine, address: None, user_agent: None }
    }

    /// Somebody on the network.
    #[must_use]
    pub fn remote(who: ActorKind, address: Option<IpAddr>, user_agent: Option<&str>) -> Self {
        let user_agent = user_agent.map(|text| text.chars().take(USER_AGENT).collect());
        Self { who, address, user_agent }
    }

    /// Where a session begins that they begin.
    pub(crate) fn origin(&self) -> SessionClient<'_> {
        SessionClient { address: self.address, user_agent: self.user_agent.as_deref() }
    }

    /// Writes the audit row of a change that is being made in `tx`.
    pub(crate) fn record(
        &self,
        tx: &mut Tx<'_>,
        action: Action,
        subject: Option<(UserId, &str)>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        self.record_with(tx, action, subject, None, at)
    }

    /// The same, with a word more, which must hold no secret.
    pub(crate) fn record_with(
        &self,
        tx: &mut Tx<'_>,
        action: Action,
        subject: Option<(UserId, &str)>,
        detail: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError> {
        let (actor, actor_id) = match self.who {
            ActorKind::Anonymous => ("anonymous", None),
            ActorKind::User(id) => ("user", Some(id)),
            ActorKind::Administrator(id) => ("administrator", Some(id)),
            ActorKind::CommandLine => ("command-line", None),
            ActorKind::SetupLink => ("setup-link", None),
            ActorKind::MailLink => ("mail-link", None),
        };
        let entry = NewAuditEntry {
            at,
            action,
            actor,
            actor_id,
            subject_id: subject.map(|(id, _)| id),
            subject: subject.map(|(_, name)| name),
            address: self.address.map(|address| address.to_string()),
            user_agent: self.user_agent.as_deref(),
            detail,
        };
        audit::record(tx, &entry)
    }
}
