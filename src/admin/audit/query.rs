//! The address of a list of the audit log: what is looked for, and from where on. All of it is in
//! the URL, so that it can be shared and come back to.

use crate::store::queries::audit_list::{AuditCursor, AuditFilter};
use crate::store::tables::audit::Action;
use crate::store::tables::users;
use crate::store::{Conn, StoreError};
use crate::types::{Email, UserId, trim_for_search};
use crate::web::PageForm;
use crate::web::filters::{FilterErrors, day, day_after, pair, said, with_fields};

/// The page of the log.
pub(crate) const LOG: &str = "/admin/audit";

/// What the URL says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuditQuery {
    /// Who did it or whom it happened to, as it was typed.
    pub who: String,
    /// The word of an action, or nothing.
    pub action: String,
    /// An address, or how it begins.
    pub address: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// The page begins after this place.
    pub after: Option<AuditCursor>,
    /// The page ends before this place.
    pub until: Option<AuditCursor>,
}

impl AuditQuery {
    /// Reads it. A place that makes no sense counts as not said.
    pub(crate) fn read(fields: &PageForm) -> Self {
        let text = |name: &str| trim_for_search(fields.get(name)).to_owned();
        let place = |name: &str| pair(fields.get(name)).map(|(at, id)| AuditCursor { at, id });
        Self {
            who: text("who"),
            action: text("action"),
            address: text("address"),
            from: text("from"),
            to: text("to"),
            after: place("after"),
            until: place("until"),
        }
    }

    /// All about one user, whatever anybody is called.
    pub(crate) fn about(user: UserId) -> Self {
        Self { who: format!("#{user}"), ..Self::default() }
    }

    /// What that means.
    ///
    /// # Errors
    /// If a filter cannot be meant.
    pub(crate) fn asked(&self) -> Result<UnresolvedAuditFilter, FilterErrors> {
        let mut wrong = FilterErrors::default();
        let actions: Vec<_> = Action::ALL.iter().map(|action| (action.as_str(), *action)).collect();
        let wanted = AuditFilter {
            person: None,
            invited: None,
            action: wrong.choice("action", &self.action, &actions),
            // No query may hold a NUL.
            address: Some(self.address.replace('\0', "\u{fffd}")).filter(|address| !address.is_empty()),
            from: wrong.day("from", &self.from, day),
            until: wrong.day("to", &self.to, day_after),
        };
        wrong.or(UnresolvedAuditFilter { who: self.who.clone(), wanted })
    }

    /// Whether anything is looked for.
    pub(crate) fn is_everything(&self) -> bool {
        self.fields().is_empty()
    }

    /// What is said, as fields, without the place.
    fn fields(&self) -> Vec<(&'static str, String)> {
        said(&[
            ("who", &self.who),
            ("action", &self.action),
            ("address", &self.address),
            ("from", &self.from),
            ("to", &self.to),
        ])
    }

    /// The path of a page about the same entries.
    pub(crate) fn path(&self, page: &str) -> String {
        with_fields(page, &self.fields())
    }

    /// The list after a place.
    pub(crate) fn from(&self, place: AuditCursor) -> String {
        self.at("after", place)
    }

    /// The list up to a place.
    pub(crate) fn up_to(&self, place: AuditCursor) -> String {
        self.at("until", place)
    }

    fn at(&self, name: &'static str, place: AuditCursor) -> String {
        let mut fields = self.fields();
        fields.push((name, format!("{}.{}", place.at, place.id)));
        with_fields(LOG, &fields)
    }
}

/// What is looked for, while nobody has looked up who is meant.
pub(crate) struct UnresolvedAuditFilter {
    who: String,
    wanted: AuditFilter,
}

impl UnresolvedAuditFilter {
    /// With whoever is called so, or the invitations of this address; `None` if nobody is, and nothing fits.
    pub(crate) fn wanted(self, conn: &mut Conn) -> Result<Option<AuditFilter>, StoreError> {
        if self.who.is_empty() {
            return Ok(Some(self.wanted));
        }
        let person = users::resolve(conn, &self.who)?;
        let invited = Email::as_typed(&self.who).ok().map(|email| email.key());
        let is_nobody = person.is_none() && invited.is_none();
        Ok((!is_nobody).then_some(AuditFilter { person, invited, ..self.wanted }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> AuditQuery {
        AuditQuery::read(&PageForm::of_query(query))
    }

    #[test]
    fn what_is_said_comes_back_in_the_url() {
        for query in ["who=%237&action=deleted", "address=10.0.0.&from=2026-01-31&to=2026-02-01", "who=a%26b"]
        {
            assert_eq!(read(query).path(LOG), format!("{LOG}?{query}"));
        }
        assert!(read("who=+%E2%80%8B&after=x").is_everything());
        assert_eq!(AuditQuery::about(UserId::new(7)).path(LOG), format!("{LOG}?who=%237"));
    }

    #[test]
    fn a_place_is_kept() {
        let place = AuditCursor { at: -12, id: 3 };
        let there = read("action=deleted").from(place);
        assert_eq!(read(there.split_once('?').unwrap().1).after, Some(place));
        assert_eq!(read("after=12").after, None);
    }
}
