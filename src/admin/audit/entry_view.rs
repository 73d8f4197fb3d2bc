//! An audit entry for display: in the audit log, and on the page of a user.

use std::collections::HashMap;

use crate::admin::api_keys::LIST as API_KEYS;
use crate::admin::audit::query::{AuditQuery, LOG};
use crate::admin::settings::list::change;
use crate::admin::users::user_path::path_of;
use crate::http;
use crate::store::queries::user_list;
use crate::store::tables::api_keys;
use crate::store::tables::audit::{Action, AuditRow, detail};
use crate::store::{Conn, StoreError};
use crate::texts::Lang;
use crate::types::UserId;
use crate::web::When;
use crate::web::abbreviate;
use crate::web::layout::Layout;

/// An entry for display.
pub(crate) struct AuditEntryView {
    pub when: When,
    pub is_bad: bool,
    /// The same moment as a date with its hour.
    pub dated: When,
    /// Whether actor and subject are the same user.
    pub is_own: bool,
    pub actor: Party,
    /// The subject, who may be the actor.
    pub subject: Option<Party>,
    /// The browser and its operating system, in words.
    pub client: Option<String>,
    pub user_agent: Option<String>,
    pub detail: Option<String>,
    pub row: AuditRow,
}

/// The actor or the subject of an entry.
pub(crate) struct Party {
    pub name: String,
    pub path: Option<String>,
    /// A note behind the name, such as "deleted".
    pub detail: Option<&'static str>,
}

/// The usernames of the users in some entries, by id, and the names of the API keys. Deleted users are not in it.
pub(crate) struct Names {
    users: HashMap<i64, String>,
    api_keys: HashMap<String, String>,
}

impl Names {
    pub(crate) fn load<'a>(
        conn: &mut Conn,
        rows: impl Iterator<Item = &'a AuditRow> + Clone,
    ) -> Result<Self, StoreError> {
        let mut keys: Vec<String> = rows.clone().filter_map(AuditRow::api_key).map(str::to_owned).collect();
        keys.sort_unstable();
        keys.dedup();
        let mut ids: Vec<i64> = rows.flat_map(|row| [row.actor_id, row.subject_id]).flatten().collect();
        ids.sort_unstable();
        ids.dedup();
        let ids: Vec<UserId> = ids.into_iter().map(UserId::new).collect();
        let users = user_list::by_ids(conn, &ids)?;
        Ok(Self {
            users: users.into_iter().map(|user| (user.id().get(), user.username)).collect(),
            api_keys: api_keys::names(conn, &keys)?.into_iter().collect(),
        })
    }
}

impl Names {
    /// The username of a user; `None` for a deleted one.
    pub(crate) fn of(&self, id: i64) -> Option<&str> {
        self.users.get(&id).map(String::as_str)
    }
}

impl AuditEntryView {
    pub(crate) fn new(row: AuditRow, names: &Names, layout: &Layout) -> Self {
        let t = layout.t;
        let is_own = row.actor_id.is_some() && row.actor_id == row.subject_id;
        let actor = match row.actor_id {
            Some(id) => {
                let name = row.subject.as_deref().filter(|_| is_own);
                let actor = party(id, name, names, layout);
                let kind = (row.actor == "administrator").then(|| t.by_administrator());
                Party { detail: actor.detail.or(kind), ..actor }
            }
            None => match row.api_key() {
                Some(id) => Party {
                    name: abbreviate::name(names.api_keys.get(id).map_or(id, String::as_str)),
                    path: Some(format!("{API_KEYS}#{id}")),
                    detail: Some(t.by_api_key()),
                },
                None => Party { name: t.actor(&row.actor).to_owned(), path: None, detail: None },
            },
        };
        Self {
            when: layout.when(row.at()),
            dated: layout.dated(row.at()),
            client: row.user_agent.as_deref().map(|agent| abbreviate::name(&http::client_in_words(t, agent))),
            user_agent: row.user_agent.as_deref().map(abbreviate::user_agent),
            detail: row
                .detail
                .as_deref()
                .map(|detail| abbreviate::detail(&detail_in_words(t, &row.action, detail))),
            is_bad: Action::named(&row.action).is_some_and(Action::is_refusal),
            is_own,
            actor,
            subject: row.subject_id.map(|id| party(id, row.subject.as_deref(), names, layout)),
            row,
        }
    }
}

/// The detail of an entry; what is of the program in the language of the page.
fn detail_in_words(t: Lang, action: &str, detail: &str) -> String {
    match Action::named(action) {
        Some(Action::SettingChanged) => change(t, detail),
        Some(Action::Exported) if detail == detail::PERSONAL_DATA => t.audit_personal_data().to_owned(),
        Some(Action::DeletionRequested) => match detail::deletion_without_mail(detail) {
            Some(due) => t.audit_without_mail(due),
            None => detail.to_owned(),
        },
        _ if detail == detail::ONE_OF_MANY => t.audit_one_of_many().to_owned(),
        _ => match detail::count_of_repeated(detail) {
            Some(count) => t.audit_repeated(count),
            None => detail.to_owned(),
        },
    }
}

/// A user, by the name in the entry. A deleted user's name links to the other entries about that user.
fn party(id: i64, name: Option<&str>, names: &Names, layout: &Layout) -> Party {
    let user = UserId::new(id);
    match (names.users.get(&id), name) {
        (Some(current), name) => {
            Party { name: abbreviate::name(name.unwrap_or(current)), path: Some(path_of(user)), detail: None }
        }
        (None, name) => Party {
            name: name.map_or_else(|| layout.t.audit_number(id), abbreviate::name),
            path: Some(AuditQuery::about(user).path(LOG)),
            detail: Some(layout.t.audit_deleted()),
        },
    }
}
