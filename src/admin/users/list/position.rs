//! Where a page of the list of users begins.

use crate::store::queries::user_list::{MatchRank, SortKey, UserCursor};
use crate::web::PageForm;
use crate::web::filters::position;

/// The users of a page, read forwards or backwards from a user (keyset pagination).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum ListStart {
    /// The first users.
    #[default]
    First,
    /// The users after this one.
    After(UserCursor),
    /// The users up to this one.
    Until(UserCursor),
    /// The last users.
    Last,
}

/// The position of a page.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ListPosition {
    pub start: ListStart,
    /// How many users are before the page, as far as the way to it tells. Counting them would read them all.
    pub at: Option<usize>,
}

impl ListPosition {
    /// The last page.
    pub(crate) const LAST: Self = Self { start: ListStart::Last, at: None };

    /// Reads the parameters. A position of another order than `by` is ignored.
    pub(crate) fn read(fields: &PageForm, by: SortKey) -> Self {
        let cursor = |name: &str| cursor_of(fields.get(name), by);
        let start = match (cursor("until"), cursor("after")) {
            (Some(cursor), _) => ListStart::Until(cursor),
            (None, Some(cursor)) => ListStart::After(cursor),
            (None, None) if fields.get("page") == "last" => ListStart::Last,
            (None, None) => ListStart::First,
        };
        let is_inside = matches!(start, ListStart::After(_) | ListStart::Until(_));
        Self { start, at: fields.get("at").parse().ok().filter(|_| is_inside) }
    }

    /// Reads `AT:CURSOR`, the value of a button.
    pub(crate) fn of_button(
        text: &str,
        by: SortKey,
        start: impl FnOnce(UserCursor) -> ListStart,
    ) -> Option<Self> {
        let (at, cursor) = text.split_once(':')?;
        Some(Self { start: start(cursor_of(cursor, by)?), at: at.parse().ok() })
    }

    /// The value of a button that leads to `cursor`, with `at` users before that page.
    pub(crate) fn button(cursor: &UserCursor, at: Option<usize>) -> String {
        format!("{}:{}", at.map(|at| at.to_string()).unwrap_or_default(), text_of(cursor))
    }

    /// Whether it is another page than the first.
    pub(crate) fn is_inside(&self) -> bool {
        self.start != ListStart::First
    }

    /// How many users are before the page.
    pub(crate) fn before(&self) -> Option<usize> {
        if self.is_inside() { self.at } else { Some(0) }
    }

    /// The parameters.
    pub(crate) fn fields(&self) -> Vec<(&'static str, String)> {
        let start = match &self.start {
            ListStart::First => None,
            ListStart::After(cursor) => Some(("after", text_of(cursor))),
            ListStart::Until(cursor) => Some(("until", text_of(cursor))),
            ListStart::Last => Some(("page", "last".to_owned())),
        };
        start.into_iter().chain(self.at.map(|at| ("at", at.to_string()))).collect()
    }
}

/// A cursor as the value of a parameter.
fn text_of(cursor: &UserCursor) -> String {
    match cursor {
        UserCursor::Key(key) => key.clone(),
        UserCursor::Email(key, id) => format!("{id}.{key}"),
        UserCursor::Moment(moment, id) => format!("{moment}.{id}"),
        UserCursor::Match(rank, key, id) => match rank {
            MatchRank::Id => format!("id.{id}"),
            MatchRank::Name => format!("name.{key}"),
            MatchRank::Email => format!("email.{key}"),
            MatchRank::Unaccented => format!("plain.{key}"),
            MatchRank::Part => format!("part.{id}"),
        },
    }
}

fn cursor_of(text: &str, by: SortKey) -> Option<UserCursor> {
    let cursor = match by {
        SortKey::Username => UserCursor::Key(text.to_owned()),
        SortKey::Email => {
            let (id, key) = text.split_once('.')?;
            UserCursor::Email(key.to_owned(), id.parse().ok()?)
        }
        SortKey::Created | SortKey::LastLogin => {
            let (moment, id) = position(text)?;
            UserCursor::Moment(moment, id)
        }
        SortKey::Match => match text.split_once('.')? {
            ("id", id) => UserCursor::Match(MatchRank::Id, String::new(), id.parse().ok()?),
            ("name", key) => UserCursor::Match(MatchRank::Name, key.to_owned(), 0),
            ("email", key) => UserCursor::Match(MatchRank::Email, key.to_owned(), 0),
            ("plain", key) => UserCursor::Match(MatchRank::Unaccented, key.to_owned(), 0),
            ("part", id) => UserCursor::Match(MatchRank::Part, String::new(), id.parse().ok()?),
            _ => return None,
        },
    };
    (!text.is_empty() && !text.contains('\0')).then_some(cursor)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str, by: SortKey) -> ListPosition {
        ListPosition::read(&PageForm::of_query(query), by)
    }

    #[test]
    fn the_position_comes_back_in_the_url_and_one_of_another_order_is_ignored() {
        let matching = |rank, key: &str, id| UserCursor::Match(rank, key.to_owned(), id);
        for (cursor, by) in [
            (UserCursor::Key("name.x".to_owned()), SortKey::Username),
            (UserCursor::Key("bob\u{1f}Bob".to_owned()), SortKey::Username),
            (UserCursor::Email("x.y@z.de".to_owned(), 0), SortKey::Email),
            (UserCursor::Email(String::new(), 7), SortKey::Email),
            (UserCursor::Moment(-12, 3), SortKey::Created),
            (matching(MatchRank::Id, "", 7), SortKey::Match),
            (matching(MatchRank::Name, "a.b", 0), SortKey::Match),
            (matching(MatchRank::Email, "a.b@c", 0), SortKey::Match),
            (matching(MatchRank::Unaccented, "o\no@x", 0), SortKey::Match),
            (matching(MatchRank::Part, "", 7), SortKey::Match),
        ] {
            let position = ListPosition { start: ListStart::After(cursor.clone()), at: Some(50) };
            let query = crate::web::filters::with_query("", &position.fields());
            assert_eq!(read(&query[1..], by), position);
            let button = ListPosition::button(&cursor, Some(50));
            assert_eq!(ListPosition::of_button(&button, by, ListStart::After), Some(position));
        }
        assert_eq!(read("after=alice", SortKey::Created), ListPosition::default());
        assert_eq!(read("page=last&at=7", SortKey::Email), ListPosition::LAST);
        assert_eq!(ListPosition::LAST.fields(), [("page", "last".to_owned())]);
    }
}
