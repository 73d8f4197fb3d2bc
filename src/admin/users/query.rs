//! The URL of a list of users: search, filters, sort order, columns, the position of the page and the ticked users.
//! All of it is in the URL, so that a list can be shared and bookmarked, and is the same on the way back.

use std::time::Duration;

use crate::admin::users::list::columns::ListColumns;
use crate::admin::users::list::position::ListPosition;
use crate::admin::users::list::position::ListStart;
use crate::store::queries::statistics;
use crate::store::queries::user_list::{LastLogin, SortKey, SortOrder, UserFilter};
use crate::texts::Lang;
use crate::types::{Timestamp, trim_for_search};
use crate::web::PageForm;
use crate::web::filters::{FilterError, FilterErrors, day, filled, with_query};
use crate::web::lists::{SearchTerms, Selection};
use crate::web::paging::PageSize;

/// The path of the list.
pub(crate) const LIST: &str = "/admin/users/";

/// The list of the users that the overview counts as new.
pub(crate) const NEW_USERS: &str = "/admin/users/?added=week&sort=-added";

/// The list of the users of the last 24 hours: where spam is looked for.
pub(crate) const NEW_TODAY: &str = "/admin/users/?added=day&sort=-added";

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
    /// The search, as it was typed.
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
    /// The number of a group or empty.
    pub group: String,
    /// The sort order.
    pub order: SortOrder,
    pub size: PageSize,
    pub columns: ListColumns,
    pub position: ListPosition,
    pub selection: Selection,
}

impl UserQuery {
    /// Reads the parameters. An invalid sort order or position is ignored.
    pub(crate) fn read(fields: &PageForm) -> Self {
        let text = |name: &str| trim_for_search(fields.get(name)).to_owned();
        let order =
            order_of(fields.get("sort")).unwrap_or_else(|| default_order(trim_for_search(fields.get("q"))));
        let login = text("login");
        // In the form the day is displayed with "before" only. A URL without the field `login` is not of the form.
        let has_day = login == "before" || !fields.has("login");
        Self {
            term: text("q"),
            confirmed: text("confirmed"),
            active: text("active"),
            admin: text("admin"),
            deletion: text("deletion"),
            since: if has_day { text("since") } else { String::new() },
            login,
            added: text("added"),
            group: text("group"),
            order,
            size: PageSize::read(fields.get("size")),
            columns: ListColumns::read(fields),
            position: ListPosition::read(fields, order.by),
            selection: Selection::read(fields),
        }
    }

    /// The filter of the list at the moment `now`.
    pub(crate) fn filter(&self, now: Timestamp) -> Result<UserFilter, FilterErrors> {
        const YES_OR_NO: [(&str, bool); 2] = [("yes", true), ("no", false)];
        let mut errors = FilterErrors::default();
        let filter = UserFilter {
            confirmed: errors.choice("confirmed", &self.confirmed, &YES_OR_NO),
            active: errors.choice("active", &self.active, &YES_OR_NO),
            admin: errors.choice("admin", &self.admin, &YES_OR_NO),
            to_be_deleted: errors.choice("deletion", &self.deletion, &YES_OR_NO),
            last_login: self.last_login(&mut errors),
            added_after: errors.choice("added", &self.added, &ADDED_WITHIN).map(|span| now.minus(span)),
            group: self.group_number(&mut errors),
            ..SearchTerms::parse(&self.term).user_filter()
        };
        errors.none_or(filter)
    }

    fn group_number(&self, errors: &mut FilterErrors) -> Option<i64> {
        let number = self.group.parse().ok();
        if number.is_none() && !self.group.is_empty() {
            errors.add("group", FilterError::UnknownChoice);
        }
        number
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

    /// The search and the filters as fields.
    pub(crate) fn filters(&self) -> Vec<(&'static str, String)> {
        filled(&[
            ("q", &self.term),
            ("confirmed", &self.confirmed),
            ("active", &self.active),
            ("admin", &self.admin),
            ("deletion", &self.deletion),
            ("login", &self.login),
            ("since", &self.since),
            ("added", &self.added),
            ("group", &self.group),
        ])
    }

    /// The same list without one of the filters, from its beginning.
    pub(crate) fn without(&self, filter: &str) -> Self {
        let mut query = self.at_beginning();
        let emptied: &mut [&mut String] = match filter {
            "q" => &mut [&mut query.term],
            "confirmed" => &mut [&mut query.confirmed],
            "active" => &mut [&mut query.active],
            "admin" => &mut [&mut query.admin],
            "deletion" => &mut [&mut query.deletion],
            "login" | "since" => &mut [&mut query.login, &mut query.since],
            "added" => &mut [&mut query.added],
            "group" => &mut [&mut query.group],
            _ => &mut [],
        };
        emptied.iter_mut().for_each(|text| text.clear());
        query
    }

    /// The same list from its beginning, without ticks.
    pub(crate) fn at_beginning(&self) -> Self {
        Self { position: ListPosition::default(), selection: Selection::default(), ..self.clone() }
    }

    /// The filters and the sort order as fields, for links and hidden fields.
    fn sorted_filters(&self) -> Vec<(&'static str, String)> {
        let mut fields = self.filters();
        fields.extend(self.sort().map(|sort| ("sort", sort)));
        fields
    }

    /// What the list looks like, as fields: the size of a page and the columns.
    pub(crate) fn look(&self) -> Vec<(&'static str, String)> {
        self.size.field().into_iter().chain(self.columns.field()).collect()
    }

    /// Filters, sort order, size and columns as fields; without the position and the ticks.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = self.sorted_filters();
        fields.extend(self.look());
        fields
    }

    /// The parameter of the sort order; `None` for the default one.
    pub(crate) fn sort(&self) -> Option<String> {
        let is_default = self.order.by == SortKey::Match || self.order == default_order(&self.term);
        (!is_default).then(|| sort_of(self.order))
    }

    /// The URL of a page about the same users.
    pub(crate) fn path(&self, page: &str) -> String {
        with_query(page, &self.fields())
    }

    /// The URL of a file about the same users.
    pub(crate) fn file(&self, page: &str) -> String {
        with_query(page, &self.sorted_filters())
    }

    /// The fields with the position.
    pub(crate) fn fields_with_position(&self) -> Vec<(&'static str, String)> {
        let mut fields = self.fields();
        fields.extend(self.position.fields());
        fields
    }

    /// The URL of this page of the list, with the ticks.
    pub(crate) fn list(&self) -> String {
        let mut fields = self.fields_with_position();
        fields.extend(self.selection.field());
        with_query(LIST, &fields)
    }

    /// The URL of this page of the list, without ticks.
    pub(crate) fn list_without_ticks(&self) -> String {
        with_query(LIST, &self.fields_with_position())
    }

    /// The URL of the list with an exact count.
    pub(crate) fn counted(&self) -> String {
        let mut fields = self.fields();
        fields.push(("count", "all".to_owned()));
        with_query(LIST, &fields)
    }

    /// The list sorted by a column; by the current one, in reverse order.
    pub(crate) fn sorted(&self, by: SortKey) -> Self {
        let order = match self.order.by == by {
            true => self.order.reversed(),
            // Columns of dates begin with the latest one.
            false => SortOrder { by, descending: matches!(by, SortKey::Created | SortKey::LastLogin) },
        };
        Self { order, position: ListPosition::default(), ..self.clone() }
    }

    /// Where a button of the list leads: `button` is its value, and `rows` the ids of the page that it is on.
    pub(crate) fn after_button(mut self, button: &str, rows: &str) -> Self {
        let (word, value) = button.split_once(':').unwrap_or((button, ""));
        let by = self.order.by;
        match word {
            "sort" => {
                self.position = ListPosition::default();
                self.order = order_of(value).unwrap_or(self.order);
            }
            "first" => self.position = ListPosition::default(),
            "last" => self.position = ListPosition::LAST,
            "after" => self.go_to(ListPosition::of_button(value, by, ListStart::After)),
            "until" => self.go_to(ListPosition::of_button(value, by, ListStart::Until)),
            "page" => self.selection = std::mem::take(&mut self.selection).with(rows.split('.')),
            "all" => self.selection = Selection::All,
            "none" => self.selection = Selection::default(),
            _ => {}
        }
        self
    }

    fn go_to(&mut self, position: Option<ListPosition>) {
        self.position = position.unwrap_or_default();
    }
}

/// An order that a reader can choose.
pub(crate) struct Sorting {
    pub by: SortKey,
    /// The word in URLs.
    pub word: &'static str,
    /// The head of the column.
    pub label: fn(Lang) -> &'static str,
}

/// The orders that a reader can choose, in that of the columns.
pub(crate) const SORTINGS: [Sorting; 4] = [
    Sorting { by: SortKey::Username, word: "username", label: |t| t.column_username() },
    Sorting { by: SortKey::Email, word: "email", label: |t| t.column_email() },
    Sorting { by: SortKey::Created, word: "added", label: |t| t.column_created() },
    Sorting { by: SortKey::LastLogin, word: "login", label: |t| t.column_login() },
];

/// The sort order of a URL without one.
fn default_order(term: &str) -> SortOrder {
    let by = if SearchTerms::parse(term).words.is_empty() { SortKey::Username } else { SortKey::Match };
    SortOrder { by, descending: false }
}

fn order_of(text: &str) -> Option<SortOrder> {
    let (descending, column) = text.strip_prefix('-').map_or((false, text), |column| (true, column));
    let sorting = SORTINGS.iter().find(|sorting| sorting.word == column)?;
    Some(SortOrder { by: sorting.by, descending })
}

/// An order as the value of a parameter.
pub(crate) fn sort_of(order: SortOrder) -> String {
    let word = SORTINGS.iter().find(|sorting| sorting.by == order.by).map_or("", |sorting| sorting.word);
    format!("{}{word}", if order.descending { "-" } else { "" })
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
    fn the_list_comes_back_in_the_url() {
        for query in [
            "q=a%26b&confirmed=no&sort=-login",
            "login=before&since=2026-01-31&added=day&group=7",
            "sort=email&size=100&cols=id.email",
            "sort=-added&after=12.3&at=50&sel=7.9",
            "page=last&sel=all",
        ] {
            assert_eq!(read(query).list(), format!("{LIST}?{query}"));
        }
        assert_eq!(read("").list(), LIST);
        assert_eq!(read("q=&confirmed=&login=&since=2026-01-31&size=50&sel=").list(), LIST);
    }

    #[test]
    fn invisible_characters_around_a_term_are_removed() {
        let query = read("q=%E2%80%8E+alice+%E2%80%8E%EF%BB%BF");
        assert_eq!((query.path(LIST), query.order.by), (format!("{LIST}?q=alice"), SortKey::Match));
        assert_eq!(read("q=%E2%80%8E"), read(""));
    }

    #[test]
    fn a_button_of_the_list_keeps_filters_and_ticks() {
        let there = |query: &str, button: &str| read(query).after_button(button, "5.6").list();
        for (query, button, expected) in [
            ("q=a&id=7", "sort:-email", "q=a&sort=-email&sel=7"),
            ("sort=email&id=7&sel=3", "after:50:0.bob", "sort=email&after=0.bob&at=50&sel=3.7"),
            ("after=x&at=100&active=no", "until:50:bob", "active=no&until=bob&at=50"),
            ("after=x&at=100&id=1", "first", "sel=1"),
            ("id=1", "last", "page=last&sel=1"),
            ("id=5&size=100", "page", "size=100&sel=5.6"),
            ("id=5", "all", "sel=all"),
            ("id=5&sel=all", "none", ""),
            ("q=a&after=name.b", "after:50:nonsense", "q=a"),
            ("id=5", "unknown:1", "sel=5"),
        ] {
            let expected = if expected.is_empty() { LIST.to_owned() } else { format!("{LIST}?{expected}") };
            assert_eq!(there(query, button), expected, "{query} {button}");
        }
    }

    #[test]
    fn a_filter_is_taken_away_alone() {
        let query = read("q=a&login=before&since=2026-01-31&active=no&sel=1&size=100");
        assert_eq!(query.without("login").list(), format!("{LIST}?q=a&active=no&size=100"));
        assert_eq!(
            query.without("q").list(),
            format!("{LIST}?active=no&login=before&since=2026-01-31&size=100")
        );
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
            ("group=editors", "group"),
        ] {
            let errors = read(query).filter(NOW).err().unwrap();
            let invalid = ["confirmed", "active", "admin", "login", "since", "added", "group"]
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
        let sorted = |query: &str, by| read(query).sorted(by).path(LIST);
        assert_eq!(sorted("", SortKey::Username), format!("{LIST}?sort=-username"));
        assert_eq!(sorted("sort=-added", SortKey::Created), format!("{LIST}?sort=added"));
        assert_eq!(sorted("q=x", SortKey::Created), format!("{LIST}?q=x&sort=-added"));
        assert_eq!(sorted("q=x", SortKey::Username), format!("{LIST}?q=x&sort=username"));
    }
}
