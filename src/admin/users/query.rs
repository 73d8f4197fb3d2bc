//! The address of a list of users: what is looked for, in which order, and from where on. All of it
//! is in the URL, so that it can be shared and come back to.

use std::time::Duration;

use crate::store::queries::statistics;
use crate::store::queries::user_list::{
    LastLogin, MatchRank, SearchTerm, SortKey, SortOrder, UserCursor, UserFilter,
};
use crate::types::{Timestamp, trim_for_search};
use crate::web::PageForm;
use crate::web::filters::{FilterError, FilterErrors, day, pair, said, with_fields};

/// The page of the list.
pub(crate) const LIST: &str = "/admin/users/";

/// Those whom the overview counts as new.
pub(crate) const NEW: &str = "/admin/users/?added=week&sort=-added";

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The spans within which an account may have been made.
pub(crate) const SPANS: [(&str, Duration); 4] = [
    ("day", DAY),
    ("week", statistics::NEW),
    ("month", DAY.saturating_mul(30)),
    ("year", DAY.saturating_mul(365)),
];

/// What the URL says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct UserQuery {
    /// The text that was typed.
    pub term: String,
    /// The three yes-or-no filters, as in the URL: "yes", "no" or nothing.
    pub confirmed: String,
    pub active: String,
    pub admin: String,
    /// "never", "before" or nothing.
    pub login: String,
    /// The day of "before".
    pub since: String,
    /// Within which span the account was made: a word of [`SPANS`] or nothing.
    pub added: String,
    /// The order.
    pub order: SortOrder,
    /// The page begins after this place.
    pub after: Option<UserCursor>,
    /// The page ends before this place.
    pub until: Option<UserCursor>,
}

impl UserQuery {
    /// Reads it. An order or a place that makes no sense counts as not said.
    pub(crate) fn read(fields: &PageForm) -> Self {
        let text = |name: &str| trim_for_search(fields.get(name)).to_owned();
        let order = order_of(fields.get("sort")).unwrap_or_else(|| usual(trim_for_search(fields.get("q"))));
        let place = |name: &str| place_of(fields.get(name), order.by);
        Self {
            term: text("q"),
            confirmed: text("confirmed"),
            active: text("active"),
            admin: text("admin"),
            login: text("login"),
            since: text("since"),
            added: text("added"),
            order,
            after: place("after"),
            until: place("until"),
        }
    }

    /// Whom that means at the moment `now`.
    ///
    /// # Errors
    /// If a filter cannot be meant.
    pub(crate) fn wanted(&self, now: Timestamp) -> Result<UserFilter, FilterErrors> {
        const YES_OR_NO: [(&str, bool); 2] = [("yes", true), ("no", false)];
        let mut wrong = FilterErrors::default();
        let wanted = UserFilter {
            term: SearchTerm::new(&self.term),
            confirmed: wrong.choice("confirmed", &self.confirmed, &YES_OR_NO),
            active: wrong.choice("active", &self.active, &YES_OR_NO),
            admin: wrong.choice("admin", &self.admin, &YES_OR_NO),
            last_login: self.last_login(&mut wrong),
            added_after: wrong.choice("added", &self.added, &SPANS).map(|span| now.minus(span)),
        };
        wrong.or(wanted)
    }

    fn last_login(&self, wrong: &mut FilterErrors) -> LastLogin {
        let is_never = wrong.choice("login", &self.login, &[("never", true), ("before", false)]);
        let day = wrong.day("since", &self.since, day);
        match (is_never, day) {
            (Some(true), _) => LastLogin::Never,
            (Some(false), Some(day)) => LastLogin::Before(day),
            (Some(false), None) if self.since.is_empty() => {
                wrong.add("since", FilterError::DayMissing);
                LastLogin::Any
            }
            (None, Some(_)) if self.login.is_empty() => {
                wrong.add("login", FilterError::DayAlone);
                LastLogin::Any
            }
            _ => LastLogin::Any,
        }
    }

    /// What is said, as fields: for links and for hidden fields of forms. Without the place.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = said(&[
            ("q", &self.term),
            ("confirmed", &self.confirmed),
            ("active", &self.active),
            ("admin", &self.admin),
            ("login", &self.login),
            ("since", &self.since),
            ("added", &self.added),
        ]);
        fields.extend(self.sort().map(|sort| ("sort", sort)));
        fields
    }

    /// The order, where it is not the usual one.
    pub(crate) fn sort(&self) -> Option<String> {
        (self.order != usual(&self.term)).then(|| sort_of(self.order))
    }

    /// The path of a page about the same users.
    pub(crate) fn path(&self, page: &str) -> String {
        with_fields(page, &self.fields())
    }

    /// The same with the place.
    pub(crate) fn fields_here(&self) -> Vec<(&'static str, String)> {
        let mut fields = self.fields();
        fields.extend(self.after.as_ref().map(|place| ("after", text_of(place))));
        fields.extend(self.until.as_ref().map(|place| ("until", text_of(place))));
        fields
    }

    /// Whether it is a later page than the first.
    pub(crate) const fn has_place(&self) -> bool {
        self.after.is_some() || self.until.is_some()
    }

    /// The list as it is said here.
    pub(crate) fn list(&self) -> String {
        with_fields(LIST, &self.fields_here())
    }

    /// The list from a place on.
    pub(crate) fn from(&self, place: UserCursor) -> String {
        Self { after: Some(place), until: None, ..self.clone() }.list()
    }

    /// The list up to a place.
    pub(crate) fn up_to(&self, place: UserCursor) -> String {
        Self { after: None, until: Some(place), ..self.clone() }.list()
    }

    /// The list, with everybody who is meant counted.
    pub(crate) fn counted(&self) -> String {
        let mut fields = self.fields();
        fields.push(("count", "all".to_owned()));
        with_fields(LIST, &fields)
    }

    /// The list by another column, or by the same the other way round.
    pub(crate) fn sorted(&self, by: SortKey) -> String {
        let order = match self.order.by == by {
            true => self.order.reversed(),
            // The latest are what one looks for among moments.
            false => SortOrder { by, descending: matches!(by, SortKey::Created | SortKey::LastLogin) },
        };
        Self { order, ..self.clone() }.path(LIST)
    }
}

/// A place as the URL has it.
fn text_of(place: &UserCursor) -> String {
    match place {
        UserCursor::Key(key) => key.clone(),
        UserCursor::Moment(moment, id) => format!("{moment}.{id}"),
        UserCursor::Match(fit, key, id) => match fit {
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

/// The order of whoever asks for none.
fn usual(term: &str) -> SortOrder {
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

fn place_of(text: &str, by: SortKey) -> Option<UserCursor> {
    let place = match by {
        SortKey::Username | SortKey::Email => UserCursor::Key(text.to_owned()),
        SortKey::Created | SortKey::LastLogin => {
            let (moment, id) = pair(text)?;
            UserCursor::Moment(moment, id)
        }
        SortKey::Match => match text.split_once('.')? {
            ("name", key) => UserCursor::Match(MatchRank::Name, key.to_owned(), 0),
            ("email", key) => UserCursor::Match(MatchRank::Email, key.to_owned(), 0),
            ("part", id) => UserCursor::Match(MatchRank::Part, String::new(), id.parse().ok()?),
            _ => return None,
        },
    };
    (!text.is_empty() && !text.contains('\0')).then_some(place)
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
    fn what_is_said_comes_back_in_the_url() {
        for query in
            ["q=a%26b&confirmed=no&sort=-login", "login=before&since=2026-01-31&added=day", "sort=email"]
        {
            assert_eq!(read(query).path(LIST), format!("{LIST}?{query}"));
        }
        assert_eq!(read("").path(LIST), LIST);
    }

    #[test]
    fn what_cannot_be_seen_around_a_term_is_not_looked_for() {
        let query = read("q=%E2%80%8E+alice+%E2%80%8E%EF%BB%BF");
        assert_eq!((query.path(LIST), query.order.by), (format!("{LIST}?q=alice"), SortKey::Match));
        assert_eq!(read("q=%E2%80%8E"), read(""));
    }

    #[test]
    fn a_place_is_kept_and_one_of_another_order_is_passed_over() {
        let place = UserCursor::Moment(12, 3);
        let query = read("sort=-added");
        let there = query.from(place.clone());
        assert_eq!(read(there.split_once('?').unwrap().1).after, Some(place));
        assert_eq!(read("sort=added&after=alice").after, None);
        for place in [
            UserCursor::Match(MatchRank::Email, "a.b@c".to_owned(), 0),
            UserCursor::Match(MatchRank::Part, String::new(), 7),
        ] {
            let there = read("q=x").from(place.clone());
            assert_eq!(read(there.split_once('?').unwrap().1).after, Some(place));
        }
        assert_eq!(read("after=alice").after, Some(UserCursor::Key("alice".to_owned())));
    }

    #[test]
    fn a_filter_that_cannot_be_meant_is_no_list_of_everybody() {
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
            let wrong = read(query).wanted(NOW).err().unwrap();
            let marked = ["confirmed", "active", "admin", "login", "since", "added"]
                .into_iter()
                .filter(|name| wrong.of(&Lang::English, name).is_some());
            assert_eq!(marked.collect::<Vec<_>>(), [field], "{query}");
        }
        assert!(read("sort=shoe-size&after=x.y").wanted(NOW).unwrap().is_empty());
        let last_login = |query: &str| read(query).wanted(NOW).unwrap().last_login;
        let day = Timestamp::from_seconds(86_400);
        assert_eq!(last_login("login=before&since=1970-01-02"), LastLogin::Before(day));
        assert_eq!(last_login("login=never&since=1970-01-02"), LastLogin::Never);
    }

    #[test]
    fn an_account_is_as_old_as_the_span_says() {
        let added = |query: &str| read(query).wanted(NOW).unwrap().added_after;
        for (word, days) in [("day", 1), ("week", 7), ("month", 30), ("year", 365)] {
            let then = Timestamp::from_seconds(NOW.seconds() - days * 86_400);
            assert_eq!(added(&format!("added={word}")), Some(then), "{word}");
        }
        assert_eq!(added("added="), None);
        let new = read(NEW.split_once('?').unwrap().1);
        assert_eq!(new.path(LIST), NEW);
        assert_eq!(new.wanted(NOW).unwrap().added_after, Some(NOW.minus(statistics::NEW)));
    }

    #[test]
    fn a_second_click_on_a_column_turns_the_order_round() {
        assert_eq!(read("").sorted(SortKey::Username), format!("{LIST}?sort=-username"));
        assert_eq!(read("sort=-added").sorted(SortKey::Created), format!("{LIST}?sort=added"));
        assert_eq!(read("q=x").sorted(SortKey::Created), format!("{LIST}?q=x&sort=-added"));
        assert_eq!(read("q=x").sorted(SortKey::Username), format!("{LIST}?q=x&sort=username"));
    }
}
