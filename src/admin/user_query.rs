//! The address of a list of users: what is looked for, in which order, and from where on. All of it
//! is in the URL, so that it can be shared and come back to.

use super::query::{day, pair, said, with_fields};
use crate::html::Form;
use crate::store::user_list::{By, Fit, LastLogin, Order, Place, Term, Wanted};
use crate::types::trimmed;

/// The page of the list.
pub const LIST: &str = "/admin/users/";

/// What the URL says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserQuery {
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
    /// The order.
    pub order: Order,
    /// The page begins after this place.
    pub after: Option<Place>,
    /// The page ends before this place.
    pub until: Option<Place>,
}

impl UserQuery {
    /// Reads it; what makes no sense counts as not said.
    pub fn read(fields: &Form) -> Self {
        let text = |name: &str| trimmed(fields.get(name)).to_owned();
        let order = order_of(fields.get("sort")).unwrap_or_else(|| usual(fields.get("q")));
        let place = |name: &str| place_of(fields.get(name), order.by);
        Self {
            term: text("q"),
            confirmed: text("confirmed"),
            active: text("active"),
            admin: text("admin"),
            login: text("login"),
            since: text("since"),
            order,
            after: place("after"),
            until: place("until"),
        }
    }

    /// Whom that means.
    pub fn wanted(&self) -> Wanted {
        let choice = |text: &str| match text {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        };
        let last_login = match (self.login.as_str(), day(&self.since)) {
            ("never", _) => LastLogin::Never,
            ("before", Some(day)) => LastLogin::Before(day),
            _ => LastLogin::Any,
        };
        Wanted {
            term: Term::new(&self.term),
            confirmed: choice(&self.confirmed),
            active: choice(&self.active),
            admin: choice(&self.admin),
            last_login,
        }
    }

    /// What is said, as fields: for links and for hidden fields of forms. Without the place.
    pub fn fields(&self) -> Vec<(&'static str, String)> {
        let mut fields = said(&[
            ("q", &self.term),
            ("confirmed", &self.confirmed),
            ("active", &self.active),
            ("admin", &self.admin),
            ("login", &self.login),
            ("since", &self.since),
        ]);
        if self.order != usual(&self.term) {
            fields.push(("sort", sort_of(self.order)));
        }
        fields
    }

    /// The path of a page about the same users.
    pub fn path(&self, page: &str) -> String {
        with_fields(page, &self.fields())
    }

    /// The list from a place on.
    pub fn from(&self, place: &Place) -> String {
        self.at("after", place)
    }

    /// The list up to a place.
    pub fn up_to(&self, place: &Place) -> String {
        self.at("until", place)
    }

    /// The list, with everybody who is meant counted.
    pub fn counted(&self) -> String {
        let mut fields = self.fields();
        fields.push(("count", "all".to_owned()));
        with_fields(LIST, &fields)
    }

    fn at(&self, name: &'static str, place: &Place) -> String {
        let mut fields = self.fields();
        fields.push((
            name,
            match place {
                Place::Key(key) => key.clone(),
                Place::Moment(moment, id) => format!("{moment}.{id}"),
                Place::Fit(fit, key, id) => match fit {
                    Fit::Name => format!("name.{key}"),
                    Fit::Email => format!("email.{key}"),
                    Fit::Part => format!("part.{id}"),
                },
            },
        ));
        with_fields(LIST, &fields)
    }

    /// The list by another column, or by the same the other way round.
    pub fn sorted(&self, by: By) -> String {
        let order = match self.order.by == by {
            true => self.order.reversed(),
            // The latest are what one looks for among moments.
            false => Order { by, falling: matches!(by, By::Created | By::LastLogin) },
        };
        Self { order, ..self.clone() }.path(LIST)
    }
}

const COLUMNS: [(By, &str); 4] =
    [(By::Username, "username"), (By::Email, "email"), (By::Created, "added"), (By::LastLogin, "login")];

/// The order of whoever asks for none.
fn usual(term: &str) -> Order {
    let by = if Term::new(term).is_some() { By::Match } else { By::Username };
    Order { by, falling: false }
}

fn order_of(text: &str) -> Option<Order> {
    let (falling, column) = text.strip_prefix('-').map_or((false, text), |column| (true, column));
    COLUMNS.iter().find(|(_, name)| *name == column).map(|(by, _)| Order { by: *by, falling })
}

fn sort_of(order: Order) -> String {
    let column = COLUMNS.iter().find(|(by, _)| *by == order.by).map_or("", |(_, name)| name);
    format!("{}{column}", if order.falling { "-" } else { "" })
}

fn place_of(text: &str, by: By) -> Option<Place> {
    let place = match by {
        By::Username | By::Email => Place::Key(text.to_owned()),
        By::Created | By::LastLogin => {
            let (moment, id) = pair(text)?;
            Place::Moment(moment, id)
        }
        By::Match => match text.split_once('.')? {
            ("name", key) => Place::Fit(Fit::Name, key.to_owned(), 0),
            ("email", key) => Place::Fit(Fit::Email, key.to_owned(), 0),
            ("part", id) => Place::Fit(Fit::Part, String::new(), id.parse().ok()?),
            _ => return None,
        },
    };
    (!text.is_empty() && !text.contains('\0')).then_some(place)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::Timestamp;

    fn read(query: &str) -> UserQuery {
        UserQuery::read(&Form::of_query(query))
    }

    #[test]
    fn what_is_said_comes_back_in_the_url() {
        for query in ["q=a%26b&confirmed=no&sort=-login", "login=before&since=2026-01-31", "sort=email"] {
            assert_eq!(read(query).path(LIST), format!("{LIST}?{query}"));
        }
        assert_eq!(read("").path(LIST), LIST);
    }

    #[test]
    fn a_place_is_kept_and_one_of_another_order_is_passed_over() {
        let place = Place::Moment(12, 3);
        let query = read("sort=-added");
        let there = query.from(&place);
        assert_eq!(read(there.split_once('?').unwrap().1).after, Some(place));
        assert_eq!(read("sort=added&after=alice").after, None);
        for place in [Place::Fit(Fit::Email, "a.b@c".to_owned(), 0), Place::Fit(Fit::Part, String::new(), 7)]
        {
            let there = read("q=x").from(&place);
            assert_eq!(read(there.split_once('?').unwrap().1).after, Some(place));
        }
        assert_eq!(read("after=alice").after, Some(Place::Key("alice".to_owned())));
    }

    #[test]
    fn what_makes_no_sense_counts_as_not_said() {
        let wanted = read("confirmed=maybe&login=before&since=yesterday&sort=shoe-size").wanted();
        assert!(wanted.is_everybody());
        assert_eq!(
            read("login=before&since=1970-01-02").wanted().last_login,
            LastLogin::Before(Timestamp::from_seconds(86_400))
        );
    }

    #[test]
    fn a_second_click_on_a_column_turns_the_order_round() {
        assert_eq!(read("").sorted(By::Username), format!("{LIST}?sort=-username"));
        assert_eq!(read("sort=-added").sorted(By::Created), format!("{LIST}?sort=added"));
        assert_eq!(read("q=x").sorted(By::Created), format!("{LIST}?q=x&sort=-added"));
        assert_eq!(read("q=x").sorted(By::Username), format!("{LIST}?q=x&sort=username"));
    }
}
