//! The columns of the list of users, which its reader chooses.

use crate::web::PageForm;

/// The parameter with the chosen columns.
const COLUMNS: &str = "cols";

/// The value for no column but the username.
const NONE: &str = "none";

/// The columns besides the username.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ListColumns {
    pub id: bool,
    pub email: bool,
    pub created: bool,
    pub login: bool,
    pub state: bool,
}

impl Default for ListColumns {
    fn default() -> Self {
        Self { id: false, email: true, created: true, login: true, state: true }
    }
}

impl ListColumns {
    /// Reads the parameter, or the checkboxes of the form, which are fields called `col`.
    pub(crate) fn read(fields: &PageForm) -> Self {
        let words: Vec<&str> = match fields.has("col") {
            true => fields.all("col").chain([NONE]).collect(),
            false => fields.get(COLUMNS).split('.').collect(),
        };
        let has = |word: &str| words.contains(&word);
        let columns = Self {
            id: has("id"),
            email: has("email"),
            created: has("added"),
            login: has("login"),
            state: has("state"),
        };
        let is_chosen = has(NONE) || columns.words().next().is_some();
        if is_chosen { columns } else { Self::default() }
    }

    /// The parameter; `None` for the default columns.
    pub(crate) fn field(&self) -> Option<(&'static str, String)> {
        if *self == Self::default() {
            return None;
        }
        let words: Vec<&str> = self.words().collect();
        Some((COLUMNS, if words.is_empty() { NONE.to_owned() } else { words.join(".") }))
    }

    /// Whether a column that the list can be sorted by is displayed.
    pub(crate) fn has(&self, word: &str) -> bool {
        word == "username" || self.words().any(|one| one == word)
    }

    fn words(&self) -> impl Iterator<Item = &'static str> {
        let all = [
            (self.id, "id"),
            (self.email, "email"),
            (self.created, "added"),
            (self.login, "login"),
            (self.state, "state"),
        ];
        all.into_iter().filter(|(is_chosen, _)| *is_chosen).map(|(_, word)| word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(query: &str) -> ListColumns {
        ListColumns::read(&PageForm::of_query(query))
    }

    #[test]
    fn chosen_columns_come_back_in_the_url() {
        for (query, field) in [
            ("", None),
            ("cols=shoe-size", None),
            ("cols=id.email", Some("id.email")),
            ("cols=none", Some("none")),
            ("col=&col=state&col=id", Some("id.state")),
            ("col=", Some("none")),
            ("col=email&col=added&col=login&col=state", None),
        ] {
            assert_eq!(read(query).field().map(|(_, value)| value).as_deref(), field, "{query}");
        }
        assert!(
            read("cols=id").has("id") && !read("cols=id").has("email") && read("cols=id").has("username")
        );
    }
}
