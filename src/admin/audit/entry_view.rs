//! An entry of the audit log, ready to be shown: in the log, and on the page of a user.

use std::collections::HashMap;

use crate::admin::audit::query::{AuditQuery, LOG};
use crate::admin::users::current_user_form;
use crate::http;
use crate::store::queries::user_list;
use crate::store::tables::audit::{Action, AuditRow};
use crate::store::{Conn, StoreError};
use crate::types::UserId;
use crate::web::When;
use crate::web::layout::Layout;
use crate::web::truncate;

/// An entry.
pub(crate) struct AuditEntryView {
    pub when: When,
    pub is_bad: bool,
    /// Whether they did it to themselves.
    pub is_own: bool,
    pub who: Party,
    /// Whom it happened to, if that was somebody else.
    pub whom: Option<Party>,
    /// The client and its system.
    pub client: Option<String>,
    /// What the client calls itself.
    pub agent: Option<String>,
    pub detail: Option<String>,
    pub row: AuditRow,
}

/// Somebody in an entry.
pub(crate) struct Party {
    pub name: String,
    pub path: Option<String>,
    /// What they are, where the name does not say it.
    pub detail: Option<&'static str>,
}

/// The users in some entries who are there, by number.
pub(crate) struct Names(HashMap<i64, String>);

impl Names {
    /// Looks them up.
    pub(crate) fn of<'a>(
        conn: &mut Conn,
        rows: impl Iterator<Item = &'a AuditRow>,
    ) -> Result<Self, StoreError> {
        let mut ids: Vec<i64> = rows.flat_map(|row| [row.actor_id, row.subject_id]).flatten().collect();
        ids.sort_unstable();
        ids.dedup();
        let ids: Vec<UserId> = ids.into_iter().map(UserId::new).collect();
        let users = user_list::by_ids(conn, &ids)?;
        Ok(Self(users.into_iter().map(|user| (user.id().get(), user.username)).collect()))
    }
}

impl AuditEntryView {
    /// Puts a row into words.
    pub(crate) fn new(row: AuditRow, names: &Names, shell: &Layout) -> Self {
        let t = shell.t;
        // Whoever did it to themselves is named once.
        let is_own = row.actor_id.is_some() && row.actor_id == row.subject_id;
        let who = match row.actor_id {
            Some(id) => {
                let name = row.subject.as_deref().filter(|_| is_own);
                let who = party(id, name, names, shell);
                // Whoever is named needs no word for being a user.
                let kind = (row.actor == "administrator").then(|| t.by_administrator());
                Party { detail: who.detail.or(kind), ..who }
            }
            None => Party { name: t.actor(&row.actor).to_owned(), path: None, detail: None },
        };
        Self {
            when: shell.when(row.at()),
            client: row.user_agent.as_deref().map(|agent| truncate::name(&http::client_in_words(agent))),
            agent: row.user_agent.as_deref().map(truncate::agent),
            detail: row.detail.as_deref().map(truncate::detail),
            is_bad: Action::named(&row.action).is_some_and(Action::is_refusal),
            is_own,
            who,
            whom: row
                .subject_id
                .filter(|_| !is_own)
                .map(|id| party(id, row.subject.as_deref(), names, shell)),
            row,
        }
    }
}

/// The user, by the name of that moment; one who is gone leads to what else is known of them.
fn party(id: i64, name: Option<&str>, names: &Names, shell: &Layout) -> Party {
    let user = UserId::new(id);
    match (names.0.get(&id), name) {
        (Some(present), name) => Party {
            name: truncate::name(name.unwrap_or(present)),
            path: Some(current_user_form::page_of(user)),
            detail: None,
        },
        (None, name) => Party {
            name: name.map_or_else(|| shell.t.audit_number(id), truncate::name),
            path: Some(AuditQuery::about(user).path(LOG)),
            detail: Some(shell.t.audit_deleted()),
        },
    }
}
