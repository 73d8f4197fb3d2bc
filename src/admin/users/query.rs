//! The URL of a list of users: search term, filters, sort order and the position of the page. All of it is in the
//! URL, so that a list can be shared and bookmarked.

use std::time::Duration;

use crate::store::queries::statistics;
use crate::store::queries::user_list::{
    LastLogin, MatchRank, SearchTerm, SortKey, SortOrder, UserCursor, UserFilter,
};
use crate::types::{Timestamp, trim_for_search};
use crate::web::PageForm;
use crate::web::filters::{FilterError, FilterErrors, day, filled, position, with_query};

/// The path of the list.
pub(crate) const LIST: &str = "/admin/users/";

/// The list of the users that the overview counts as new.
pub(crate) const NEW_USERS: &str = "/admin/users/?added=week&sort=-added";

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The choices of the filter by creation: accounts created within this time.
pub(crate) const ADDED_WITHIN: [(&str, Duration); 4] = [
    ("day", DAY),
    ("week", statistics::NEW),
    ("month", DAY.saturating_mul(30)),
    ("year", DAY.saturating_mul(365)),
];

/// The parameters of the URL.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct UserQuery {
    /// The search term, as it was typed.
    pub term: String,
    /// The filters with the choices "yes", "no" or empty.
    pub confirmed: String,
    pub active: String,
    pub admin: String,
    pub deletion: String,
    /// The filter by the last login: "never", "before" or empty.
    pub login: String,
    /// The day of "before".
    pub since: String,
    /// The filter by creation: a word of [`ADDED_WITHIN`] or empty.
    pub added: String,
    /// The sort order.
    pub order: SortOrder,
    /// The page begins after this user.
    pub after: Option<UserCursor>,
    /// The page ends before this user.
    pub until: Option<UserCursor>,
}

impl UserQuery {
    /// Reads the parameters. An invalid sort order or position is ignored.
    pub(crate) fn read(fields: &PageForm) -> Self {
        let text = |name: &str| trim_for_search(fields.get(name)).to_owned();
        let order =
            order_of(fields.get("sort")).unwrap_or_else(|| default_order(trim_for_search(fields.get("q"))));
        let cursor = |name: &str| cursor_of(fields.get(name), order.by);
        Self {
            term: text("q"),
            confirmed: text("confirmed"),
            active: text("active"),
            admin: text("admin"),
            deletion: text("deletion"),
            login: text("login"),
            since: text("since"),
            added: text("added"),
            order,
            after: cursor("after"),
            until: cursor("until"),
        }
    }

    /// The filter of the list at the moment `now`.
    pub(crate) fn filter(&self, now: Timestamp) -> Result<UserFilter, FilterErrors> {
        const YES_OR_NO: [(&str, bool); 2] = [("yes", true), ("no", false)];
        let mut errors = FilterErrors::default();
        let filter = UserFilter {
            term: SearchTerm::new(&self.term),
            confirmed: errors.choice("confirmed", &self.confirmed, &YES_OR_NO),
            active: errors.choice("active", &self.active, &YES_OR_NO),
            admin: errors.choice("admin", &self.admin, &YES_OR_NO),
            to_be_deleted: errors.choice("deletion", &self.deletion, &YES_OR_NO),
            last_login: self.last_login(&mut errors),
            added_after: errors.choice("added", &self.added, &ADDED_WITHIN).map(|span| now.minus(span)),
        };
        errors.none_or(filter)
    }

    fn last_login(&self, errors: &mut FilterErrors) -> LastLogin {
        let is_never = errors.choice("login", &self.login, &[("never", true), ("before", false)]);
        let day = errors.day("since", &self.since, day);
        match (is_never, day) {
            (Some(true), _) => LastLogin::Never,
            (Some(false), Some(day)) => LastLogin::Before(day),
            (Some(false), None) if self.since.is_empty() => {
                errors.add("since", FilterError::DayMissing);
                LastLogin::Any
            }
            (None, Some(_)) if self.login.is_empty() => {
                errors.add("login", FilterError::DayAlone);
                LastLogin::Any
            }
            _ => LastLogin::Any,
        }
    }

    /// The filters and the sort order as fields, for links and hidden fields; without the position.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = filled(&[
            ("q", &self.term),
            ("confirmed", &self.confirmed),
            ("active", &self.active),
            ("admin", &self.admin),
            ("deletion", &self.deletion),
            ("login", &self.login),
            ("since", &self.since),
            ("added", &self.added),
        ]);
        fields.extend(self.sort().map(|sort| ("sort", sort)));
        fields
    }

    /// The parameter of the sort order; `None` for the default one.
    pub(crate) fn sort(&self) -> Option<String> {
        (self.order != default_order(&self.term)).then(|| sort_of(self.order))
    }

    /// The URL of a page about the same users.
    pub(crate) fn path(&self, page: &str) -> String {
        with_query(page, &self.fields())
    }

    /// The fields with the position.
    pub(crate) fn fields_with_position(&self) -> Vec<(&'static str, String)> {
        let mut fields = self.fields();
        fields.extend(self.after.as_ref().map(|cursor| ("after", text_of(cursor))));
        fields.extend(self.until.as_ref().map(|cursor| ("until", text_of(cursor))));
        fields
    }

    /// Whether it is another page than the first.
    pub(crate) const fn has_position(&self) -> bool {
        self.after.is_some() || self.until.is_some()
    }

    /// The URL of this page of the list.
    pub(crate) fn list(&self) -> String {
        with_query(LIST, &self.fields_with_position())
    }

    /// The URL of the list after a user.
    pub(crate) fn after(&self, cursor: UserCursor) -> String {
        Self { after: Some(cursor), until: None, ..self.clone() }.list()
    }

    /// The URL of the list up to a user.
    pub(crate) fn until(&self, cursor: UserCursor) -> String {
        Self { after: None, until: Some(cursor), ..self.clone() }.list()
    }

    /// The URL of the list with an exact count.
    pub(crate) fn counted(&self) -> String {
        let mut fields = self.fields();
        fields.push(("count", "all".to_owned()));
        with_query(LIST, &fields)
    }

    /// The URL of the list sorted by a column; by the current one, in reverse order.
    pub(crate) fn sorted(&self, by: SortKey) -> String {
        let order = match self.order.by == by {
            true => self.order.reversed(),
            // Columns of dates begin with the latest one.
            false => SortOrder { by, descending: matches!(by, SortKey::Created | SortKey::LastLogin) },
        };
        Self { order, ..self.clone() }.path(LIST)
    }
}

/// A position as the value of a parameter.
fn text_of(cursor: &UserCursor) -> String {
    match cursor {
        UserCursor::Key(key) => key.clone(),
        UserCursor::Moment(moment, id) => format!("{moment}.{id}"),
        UserCursor::Match(rank, key, id) => match rank {
            MatchRank::Name => format!("name.{key}"),
            MatchRank::Email => format!("email.{key}"),
            MatchRank::Part => format!("part.{id}"),
        },
    }
}

const COLUMNS: [(SortKey, &str); 4] = [
    (SortKey::Username, "username"),
    (SortKey::Email, "email"),
    (SortKey::Created, "added"),
    (SortKey::LastLogin, "login"),
];

/// The sort order of a URL without one.
fn default_order(term: &str) -> SortOrder {
    let by = if SearchTerm::new(term).is_some() { SortKey::Match } else { SortKey::Username };
    SortOrder { by, descending: false }
}

fn order_of(text: &str) -> Option<SortOrder> {
    let (descending, column) = text.strip_prefix('-').map_or((false, text), |column| (true, column));
    COLUMNS.iter().find(|(_, name)| *name == column).map(|(by, _)| SortOrder { by: *by, descending })
}

fn sort_of(order: SortOrder) -> String {
    let column = COLUMNS.iter().find(|(by, _)| *by == order.by).map_or("", |(_, name)| name);
    format!("{}{column}", if order.descending { "-" } else { "" })
}

fn cursor_of(text: &str, by: SortKey) -> Option<UserCursor> {
    let cursor = match by {
        SortKey::Username | SortKey::Email => UserCursor::Key(text.to_owned()),
        SortKey::Created | SortKey::LastLogin => {
            let (moment, id) = position(text)?;
            UserCursor::Moment(moment, id)
        }
        SortKey::Match => match text.split_once('.')? {
            ("name", key) => UserCursor::Match(MatchRank::Name, key.to_owned(), 0),
            ("email", key) => UserCursor::Match(MatchRank::Email, key.to_owned(), 0),
            ("part", id) => UserCursor::Match(MatchRank::Part, String::new(), id.parse().ok()?),
            _ => return None,
        },
    };
    (!text.is_empty() && !text.contains('\0')).then_some(cursor)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::texts::Lang;

    const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

    fn read(query: &str) -> UserQuery {
        UserQuery::read(&PageForm::of_query(query))
    }

    #[test]
    fn the_filters_come_back_in_the_url() {
        for query in
            ["q=a%26b&confirmed=no&sort=-login", "login=before&since=2026-01-31&added=day", "sort=email"]
        {
            assert_eq!(read(query).path(LIST), format!("{LIST}?{query}"));
        }
        assert_eq!(read("").path(LIST), LIST);
    }

    #[test]
    fn invisible_characters_around_a_term_are_removed() {
        let query = read("q=%E2%80%8E+alice+%E2%80%8E%EF%BB%BF");
        assert_eq!((query.path(LIST), query.order.by), (format!("{LIST}?q=alice"), SortKey::Match));
        assert_eq!(read("q=%E2%80%8E"), read(""));
    }

    #[test]
    fn the_position_comes_back_in_the_url_and_one_of_another_order_is_ignored() {
        let cursor = UserCursor::Moment(12, 3);
        let query = read("sort=-added");
        let there = query.after(cursor.clone());
        assert_eq!(read(there.split_once('?').unwrap().1).after, Some(cursor));
        assert_eq!(read("sort=added&after=alice").after, None);
        for cursor in [
            UserCursor::Match(MatchRank::Email, "a.b@c".to_owned(), 0),
            UserCursor::Match(MatchRank::Part, String::new(), 7),
        ] {
            let there = read("q=x").after(cursor.clone());
            assert_eq!(read(there.split_once('?').unwrap().1).after, Some(cursor));
        }
        assert_eq!(read("after=alice").after, Some(UserCursor::Key("alice".to_owned())));
    }

    #[test]
    fn an_invalid_filter_is_no_list_of_all_users() {
        for (query, field) in [
            ("confirmed=maybe", "confirmed"),
            ("active=YES", "active"),
            ("admin=1", "admin"),
            ("login=since", "login"),
            ("login=before", "since"),
            ("login=before&since=yesterday", "since"),
            ("since=2026-02-31", "since"),
            ("since=2026-02-28", "login"),
            ("added=hour", "added"),
            ("added=7", "added"),
        ] {
            let errors = read(query).filter(NOW).err().unwrap();
            let invalid = ["confirmed", "active", "admin", "login", "since", "added"]
                .into_iter()
                .filter(|name| errors.text(&Lang::English, name).is_some());
            assert_eq!(invalid.collect::<Vec<_>>(), [field], "{query}");
        }
        assert!(read("sort=shoe-size&after=x.y").filter(NOW).unwrap().is_empty());
        let last_login = |query: &str| read(query).filter(NOW).unwrap().last_login;
        let day = Timestamp::from_seconds(86_400);
        assert_eq!(last_login("login=before&since=1970-01-02"), LastLogin::Before(day));
        assert_eq!(last_login("login=never&since=1970-01-02"), LastLogin::Never);
    }

    #[test]
    fn the_filter_by_creation_counts_back_from_now() {
        let added = |query: &str| read(query).filter(NOW).unwrap().added_after;
        for (word, days) in [("day", 1), ("week", 7), ("month", 30), ("year", 365)] {
            let then = Timestamp::from_seconds(NOW.seconds() - days * 86_400);
            assert_eq!(added(&format!("added={word}")), Some(then), "{word}");
        }
        assert_eq!(added("added="), None);
        let new = read(NEW_USERS.split_once('?').unwrap().1);
        assert_eq!(new.path(LIST), NEW_USERS);
        assert_eq!(new.filter(NOW).unwrap().added_after, Some(NOW.minus(statistics::NEW)));
    }

    #[test]
    fn a_second_click_on_a_column_reverses_the_order() {
        assert_eq!(read("").sorted(SortKey::Username), format!("{LIST}?sort=-username"));
        assert_eq!(read("sort=-added").sorted(SortKey::Created), format!("{LIST}?sort=added"));
        assert_eq!(read("q=x").sorted(SortKey::Created), format!("{LIST}?q=x&sort=-added"));
        assert_eq!(read("q=x").sorted(SortKey::Username), format!("{LIST}?q=x&sort=username"));
    }
}
