//! The URL of a list of audit entries: its filters and the position of the page. All of it is in the URL, so that
//! a list can be shared and bookmarked.

use crate::admin::audit::parties::{MatchingUsers, find_users};
use crate::store::queries::audit_list::{AuditCursor, AuditFilter};
use crate::store::tables::audit;
use crate::store::tables::audit::{API_KEY, Action, ActionKind};
use crate::store::{Conn, StoreError};
use crate::types::{ApiKeyId, BulkId, Email, TimeZone, Timestamp, UserId, trim_for_search};
use crate::web::PageForm;
use crate::web::filters::{FilterError, FilterErrors, filled, position, with_query};

/// The path of the list.
pub(crate) const LOG: &str = "/admin/audit";

/// The path of the number of new entries.
pub(crate) const NEW: &str = "/admin/audit/new";

/// The kinds of actions, and their words in the URL.
pub(crate) const KINDS: [(&str, ActionKind); 3] =
    [("changes", ActionKind::Change), ("sign-ins", ActionKind::SignIn), ("failures", ActionKind::Failure)];

/// The periods that end now: their words in the URL, and how many days they have, today included.
pub(crate) const PERIODS: [(&str, i64); 3] = [("today", 1), ("7-days", 7), ("30-days", 30)];

/// The parameters of the URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct AuditQuery {
    /// The actor or the subject, as it was typed.
    pub user: String,
    /// The actor, as it was typed; or the word for an API key as entries have it.
    pub by: String,
    /// The subject, as it was typed.
    pub about: String,
    /// The word of a kind of actions, or empty.
    pub kind: String,
    /// The word of an action, or empty.
    pub action: String,
    /// An IP address, or its beginning.
    pub address: String,
    /// The word of a period, or empty. Days replace it.
    pub period: String,
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
        let (from, to) = (text("from"), text("to"));
        let has_days = !from.is_empty() || !to.is_empty();
        Self {
            user: text("who"),
            by: text("by"),
            about: text("about"),
            kind: text("kind"),
            action: text("action"),
            address: text("address"),
            bulk: text("bulk"),
            period: if has_days { String::new() } else { text("period") },
            from,
            to,
            after: cursor("after"),
            until: cursor("until"),
        }
    }

    /// All entries about one user, by id.
    pub(crate) fn about(user: UserId) -> Self {
        Self { user: format!("#{user}"), ..Self::default() }
    }

    /// The URL of all entries of what an API key did.
    pub(crate) fn by_api_key(key: ApiKeyId) -> String {
        Self { by: format!("{API_KEY}{key}"), ..Self::default() }.path(LOG)
    }

    /// The URL of all entries of a bulk action.
    pub(crate) fn of_bulk(bulk: BulkId) -> String {
        Self { bulk: bulk.to_string(), ..Self::default() }.path(LOG)
    }

    /// The filter of the list, with days on the clocks of `zone`.
    pub(crate) fn filter(
        &self,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Result<UnresolvedAuditFilter, FilterErrors> {
        let mut errors = FilterErrors::default();
        let actions: Vec<_> = Action::ALL.iter().map(|action| (action.as_str(), *action)).collect();
        let period = errors.choice("period", &self.period, &PERIODS);
        let beginning = period.and_then(|days| zone.beginning_of(&zone.day_of(now), 1 - days));
        let from = errors.day("from", &self.from, |day| zone.beginning_of(day, 0));
        let until = errors.day("to", &self.to, |day| zone.beginning_of(day, 1));
        if from.zip(until).is_some_and(|(from, until)| from >= until) {
            errors.add("to", FilterError::DaysReversed);
        }
        let filter = AuditFilter {
            kind: errors.choice("kind", &self.kind, &KINDS),
            action: errors.choice("action", &self.action, &actions),
            // PostgreSQL refuses a NUL in a text.
            address: Some(self.address.replace('\0', "\u{fffd}")).filter(|address| !address.is_empty()),
            // No bulk action has the number 0.
            bulk: (!self.bulk.is_empty()).then(|| BulkId::new(self.bulk.parse().unwrap_or(0))),
            from: from.or(beginning),
            until,
            ..AuditFilter::default()
        };
        let names = [&self.user, &self.by, &self.about].map(Clone::clone);
        errors.none_or(UnresolvedAuditFilter { names, filter })
    }

    /// Whether the list has no filter.
    pub(crate) fn is_everything(&self) -> bool {
        self.fields().is_empty()
    }

    /// Whether the list has a filter that the chips do not show.
    pub(crate) fn has_details(&self) -> bool {
        let details = [&self.by, &self.about, &self.address, &self.from, &self.to];
        details.iter().any(|text| !text.is_empty())
    }

    /// The filters as fields, without the position.
    fn fields(&self) -> Vec<(&'static str, String)> {
        filled(&[
            ("who", &self.user),
            ("by", &self.by),
            ("about", &self.about),
            ("kind", &self.kind),
            ("action", &self.action),
            ("address", &self.address),
            ("bulk", &self.bulk),
            ("period", &self.period),
            ("from", &self.from),
            ("to", &self.to),
        ])
    }

    /// The URL of a page about the same entries.
    pub(crate) fn path(&self, page: &str) -> String {
        with_query(page, &self.fields())
    }

    /// The URL of the list with entries of this kind.
    pub(crate) fn of_kind(&self, kind: &str) -> String {
        let action = Action::named(&self.action).filter(|action| {
            let expected = KINDS.iter().find(|(word, _)| *word == kind);
            expected.is_none_or(|(_, expected)| action.kind() == *expected)
        });
        let action = action.map_or_else(String::new, |action| action.as_str().to_owned());
        Self { kind: kind.to_owned(), action, ..self.clone() }.path(LOG)
    }

    /// The URL of the list with entries of this period.
    pub(crate) fn in_period(&self, period: &str) -> String {
        let period = period.to_owned();
        Self { period, from: String::new(), to: String::new(), ..self.clone() }.path(LOG)
    }

    /// The URL of the list with entries of this action alone.
    pub(crate) fn with_action(&self, action: &str) -> String {
        Self { action: action.to_owned(), ..self.clone() }.path(LOG)
    }

    /// The URL of the list about one user in place of what was typed in a field.
    pub(crate) fn with_user(&self, field: &str, user: UserId) -> String {
        let mut query = self.clone();
        let typed = match field {
            "by" => &mut query.by,
            "about" => &mut query.about,
            _ => &mut query.user,
        };
        *typed = format!("#{user}");
        query.path(LOG)
    }

    /// The name of a file with these entries: the filters, and the day on which it was made.
    pub(crate) fn file_name(&self, today: &str) -> String {
        let fields = self.fields();
        let parts = fields.iter().map(|(name, value)| match *name {
            "kind" | "action" | "period" => slug(value),
            name => format!("{name}-{}", slug(value)),
        });
        let parts: Vec<String> = parts.collect();
        let filters: String = parts.join("-").chars().take(MAX_FILE_NAME).collect();
        let parts = ["audit", filters.trim_matches('-'), today];
        parts.iter().filter(|part| !part.is_empty()).copied().collect::<Vec<_>>().join("-")
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

/// The longest part of a file's name that tells the filters, in characters.
const MAX_FILE_NAME: usize = 80;

/// A text as a part of a file's name: letters and digits of ASCII, and hyphens.
fn slug(text: &str) -> String {
    let text = text.to_ascii_lowercase();
    let words = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-")
}

/// A filter whose users have not been looked up yet.
pub(crate) struct UnresolvedAuditFilter {
    /// Actor or subject, actor, subject.
    names: [String; 3],
    filter: AuditFilter,
}

/// A filter, and the users that match what was typed.
pub(crate) struct ResolvedAuditFilter {
    /// `None` if no user matches a field.
    pub filter: Option<AuditFilter>,
    /// The field, and its users, for each field with a part of names.
    pub matching: Vec<(&'static str, MatchingUsers)>,
}

impl UnresolvedAuditFilter {
    /// The filter for the users with the typed names, emails, ids or parts of them, or for invitations to the
    /// typed email.
    pub(crate) fn resolve(self, conn: &mut Conn) -> Result<ResolvedAuditFilter, StoreError> {
        let Self { names, mut filter } = self;
        let (mut matching, mut is_unknown) = (Vec::new(), false);
        for (field, typed) in ["who", "by", "about"].into_iter().zip(&names) {
            if typed.is_empty() {
                continue;
            }
            if field == "by"
                && let Some(key) = audit::api_key_of(typed)
            {
                filter.api_key = Some(key);
                continue;
            }
            let users = find_users(conn, typed)?;
            let ids = users.ids();
            if field == "who" {
                filter.invited = Email::as_typed(typed).map(|email| email.keys()).unwrap_or_default();
                is_unknown |= ids.is_empty() && filter.invited.is_empty();
            } else {
                is_unknown |= ids.is_empty();
            }
            match field {
                "by" => filter.actors = ids,
                "about" => filter.subjects = ids,
                _ => filter.persons = ids,
            }
            if users.is_part {
                matching.push((field, users));
            }
        }
        Ok(ResolvedAuditFilter { filter: (!is_unknown).then_some(filter), matching })
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
        for query in [
            "who=%237&action=deleted",
            "by=root&about=alice&kind=changes&period=7-days",
            "address=10.0.0.&from=2026-01-31&to=2026-02-01",
            "who=a%26b",
        ] {
            assert_eq!(read(query).path(LOG), format!("{LOG}?{query}"));
        }
        assert!(read("who=+%E2%80%8B&after=x").is_everything());
        assert_eq!(AuditQuery::about(UserId::new(7)).path(LOG), format!("{LOG}?who=%237"));
    }

    #[test]
    fn a_chip_keeps_the_other_filters_and_days_replace_a_period() {
        let query = read("who=alice&action=deleted&from=2026-01-31");
        assert_eq!(query.in_period("today"), format!("{LOG}?who=alice&action=deleted&period=today"));
        assert_eq!(
            query.of_kind("changes"),
            format!("{LOG}?who=alice&kind=changes&action=deleted&from=2026-01-31")
        );
        assert_eq!(query.of_kind("failures"), format!("{LOG}?who=alice&kind=failures&from=2026-01-31"));
        assert_eq!(read("period=today&to=2026-01-31").period, "");
        assert_eq!(
            read("action=deleted&period=7-days&after=5.6").with_action("deactivated"),
            format!("{LOG}?action=deactivated&period=7-days")
        );
    }

    #[test]
    fn a_period_ends_now_and_begins_at_midnight() {
        let (zone, now) = (TimeZone::parse("Europe/Berlin").unwrap(), Timestamp::from_seconds(1_790_000_000));
        let from = |query: &str| read(query).filter(&zone, now).ok().unwrap().filter.from;
        assert_eq!(from("period=today"), zone.beginning_of("2026-09-21", 0));
        assert_eq!(from("period=7-days"), zone.beginning_of("2026-09-15", 0));
        assert!(read("period=year").filter(&zone, now).is_err());
        assert!(read("from=2026-01-02&to=2026-01-01").filter(&zone, now).is_err(), "reversed");
        assert!(read("from=2026-01-01&to=2026-01-01").filter(&zone, now).is_ok());
    }

    #[test]
    fn a_file_is_named_after_its_filters_and_the_day() {
        let name = |query: &str| read(query).file_name("2026-11-30");
        assert_eq!(name(""), "audit-2026-11-30");
        assert_eq!(name("kind=changes&period=7-days"), "audit-changes-7-days-2026-11-30");
        assert_eq!(name("who=%E2%80%AEa%22%0A%2F..%2Fb"), "audit-who-a-b-2026-11-30");
        assert!(name(&format!("by={}", "x".repeat(500))).len() < 110);
    }

    #[test]
    fn the_position_comes_back_in_the_url() {
        let cursor = AuditCursor { at: -12, id: 3 };
        let there = read("action=deleted").after(cursor);
        assert_eq!(read(there.split_once('?').unwrap().1).after, Some(cursor));
        assert_eq!(read("after=12").after, None);
    }
}
