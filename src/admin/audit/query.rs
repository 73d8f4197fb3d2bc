//! The URL of a list of audit entries: its filters and the position of the page. All of it is in the URL, so that
//! a list can be shared and bookmarked.

use crate::store::queries::audit_list::{AuditCursor, AuditFilter};
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::store::{Conn, StoreError};
use crate::types::{BulkId, Email, UserId, trim_for_search};
use crate::web::PageForm;
use crate::web::filters::{FilterErrors, day, day_after, filled, position, with_query};

/// The path of the list.
pub(crate) const LOG: &str = "/admin/audit";

/// The parameters of the URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuditQuery {
    /// The actor or the subject, as it was typed.
    pub user: String,
    /// The word of an action, or empty.
    pub action: String,
    /// An IP address, or its beginning.
    pub address: String,
    /// The number of a bulk action, or empty.
    pub bulk: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The page begins after this entry.
    pub after: Option<AuditCursor>,
    /// The page ends before this entry.
    pub until: Option<AuditCursor>,
}

impl AuditQuery {
    /// Reads the parameters. An invalid position is ignored.
    pub(crate) fn read(fields: &PageForm) -> Self {
        let text = |name: &str| trim_for_search(fields.get(name)).to_owned();
        let cursor = |name: &str| position(fields.get(name)).map(|(at, id)| AuditCursor { at, id });
        Self {
            user: text("who"),
            action: text("action"),
            address: text("address"),
            bulk: text("bulk"),
            from: text("from"),
            to: text("to"),
            after: cursor("after"),
            until: cursor("until"),
        }
    }

    /// All entries about one user, by id.
    pub(crate) fn about(user: UserId) -> Self {
        Self { user: format!("#{user}"), ..Self::default() }
    }

    /// The URL of all entries of a bulk action.
    pub(crate) fn of_bulk(bulk: BulkId) -> String {
        Self { bulk: bulk.to_string(), ..Self::default() }.path(LOG)
    }

    /// The filter of the list.
    pub(crate) fn filter(&self) -> Result<UnresolvedAuditFilter, FilterErrors> {
        let mut errors = FilterErrors::default();
        let actions: Vec<_> = Action::ALL.iter().map(|action| (action.as_str(), *action)).collect();
        let filter = AuditFilter {
            person: None,
            invited: Vec::new(),
            action: errors.choice("action", &self.action, &actions),
            // PostgreSQL refuses a NUL in a text.
            address: Some(self.address.replace('\0', "\u{fffd}")).filter(|address| !address.is_empty()),
            // No bulk action has the number 0.
            bulk: (!self.bulk.is_empty()).then(|| BulkId::new(self.bulk.parse().unwrap_or(0))),
            from: errors.day("from", &self.from, day),
            until: errors.day("to", &self.to, day_after),
        };
        errors.none_or(UnresolvedAuditFilter { user: self.user.clone(), filter })
    }

    /// Whether the list has no filter.
    pub(crate) fn is_everything(&self) -> bool {
        self.fields().is_empty()
    }

    /// The filters as fields, without the position.
    fn fields(&self) -> Vec<(&'static str, String)> {
        filled(&[
            ("who", &self.user),
            ("action", &self.action),
            ("address", &self.address),
            ("bulk", &self.bulk),
            ("from", &self.from),
            ("to", &self.to),
        ])
    }

    /// The URL of a page about the same entries.
    pub(crate) fn path(&self, page: &str) -> String {
        with_query(page, &self.fields())
    }

    /// The URL of the list after an entry.
    pub(crate) fn after(&self, cursor: AuditCursor) -> String {
        self.at("after", cursor)
    }

    /// The URL of the list up to an entry.
    pub(crate) fn until(&self, cursor: AuditCursor) -> String {
        self.at("until", cursor)
    }

    fn at(&self, name: &'static str, cursor: AuditCursor) -> String {
        let mut fields = self.fields();
        fields.push((name, format!("{}.{}", cursor.at, cursor.id)));
        with_query(LOG, &fields)
    }
}

/// A filter whose actor or subject has not been looked up yet.
pub(crate) struct UnresolvedAuditFilter {
    user: String,
    filter: AuditFilter,
}

impl UnresolvedAuditFilter {
    /// The filter for the user with the typed name, email or id, or for invitations to the typed email; `None` if
    /// there is neither.
    pub(crate) fn resolve(self, conn: &mut Conn) -> Result<Option<AuditFilter>, StoreError> {
        if self.user.is_empty() {
            return Ok(Some(self.filter));
        }
        let person = users::resolve(conn, &self.user)?;
        let invited = Email::as_typed(&self.user).map(|email| email.keys()).unwrap_or_default();
        let is_unknown = person.is_none() && invited.is_empty();
        Ok((!is_unknown).then_some(AuditFilter { person, invited, ..self.filter }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> AuditQuery {
        AuditQuery::read(&PageForm::of_query(query))
    }

    #[test]
    fn the_filters_come_back_in_the_url() {
        for query in ["who=%237&action=deleted", "address=10.0.0.&from=2026-01-31&to=2026-02-01", "who=a%26b"]
        {
            assert_eq!(read(query).path(LOG), format!("{LOG}?{query}"));
        }
        assert!(read("who=+%E2%80%8B&after=x").is_everything());
        assert_eq!(AuditQuery::about(UserId::new(7)).path(LOG), format!("{LOG}?who=%237"));
    }

    #[test]
    fn the_position_comes_back_in_the_url() {
        let cursor = AuditCursor { at: -12, id: 3 };
        let there = read("action=deleted").after(cursor);
        assert_eq!(read(there.split_once('?').unwrap().1).after, Some(cursor));
        assert_eq!(read("after=12").after, None);
    }
}
