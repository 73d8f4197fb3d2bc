//! The field with the groups of a user: their names with commas between them.

use crate::app::App;
use crate::store::StoreError;
use crate::store::tables::users::groups;
use crate::texts::Lang;
use crate::types::{GroupName, UserId, UsernameKey};
use crate::web::form_page::Field;

/// The name of the field.
pub(crate) const ID: &str = "groups";

/// How many groups the form knows, so that it finds a name that has a comma in it.
const MAX_KNOWN: i64 = 10_000;

/// How many groups the hint names.
const MAX_NAMED: usize = 20;

/// The groups that there are, and those of a user.
pub(crate) struct KnownGroups {
    all: Vec<String>,
    own: Vec<String>,
}

impl KnownGroups {
    /// Loads them.
    pub(crate) async fn load(app: &App, user: UserId) -> Result<Self, StoreError> {
        let read = move |conn: &mut _| {
            Ok(Self { all: groups::names(conn, MAX_KNOWN)?, own: groups::of_user(conn, user)? })
        };
        app.store.read(read).await
    }

    /// The groups of the user, as the field has them.
    pub(crate) fn own_text(&self) -> String {
        self.own.join(", ")
    }

    /// The field.
    pub(crate) fn field(&self, t: Lang, value: String, errors: Vec<String>) -> Field {
        let named = self.all.iter().take(MAX_NAMED).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = if self.all.len() > MAX_NAMED { ", …" } else { "" };
        let hint = match self.all.is_empty() {
            true => t.groups_hint().to_owned(),
            false => format!("{} {}", t.groups_hint(), t.groups_known(format!("{named}{more}"))),
        };
        Field {
            id: ID,
            label: t.groups(),
            hint: hint.into(),
            kind: "text",
            autocomplete: "off",
            value,
            is_optional: true,
            errors,
            ..Field::default()
        }
    }

    /// The exact names of the groups in the field: those of groups that exist, whatever their letter case, and new ones.
    ///
    /// # Errors
    /// A message about each name that no new group can have.
    pub(crate) fn read(&self, t: Lang, typed: &str) -> Result<Vec<String>, Vec<String>> {
        let parts: Vec<&str> = typed.split(',').collect();
        let (mut names, mut errors, mut rest) = (Vec::new(), Vec::new(), parts.as_slice());
        while !rest.is_empty() {
            // The longest known name first: one may have commas in it.
            let known = (1..=rest.len()).rev().find_map(|count| {
                let (head, tail) = rest.split_at_checked(count)?;
                Some((self.known(head.join(",").trim())?, tail))
            });
            if let Some((name, tail)) = known {
                names.push(name);
                rest = tail;
                continue;
            }
            let Some((part, tail)) = rest.split_first() else { break };
            rest = tail;
            match GroupName::parse(part) {
                Some(name) => names.push(name.as_str().to_owned()),
                None if part.trim().is_empty() => {}
                None => errors.push(t.group_name_bad(part.trim())),
            }
        }
        if errors.is_empty() { Ok(names) } else { Err(errors) }
    }

    /// The group of this name: exactly, else the only one that differs by letter case alone.
    fn known(&self, name: &str) -> Option<String> {
        if let Some(exact) = self.own.iter().chain(&self.all).find(|known| *known == name) {
            return Some(exact.clone());
        }
        let key = UsernameKey::of(name);
        let mut same = self.all.iter().filter(|known| UsernameKey::of(known) == key);
        same.next().filter(|_| same.next().is_none()).cloned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(typed: &str) -> Result<Vec<String>, Vec<String>> {
        let all = ["Editors", "Night shift", "Paris, France", "ops", "OPS"].map(str::to_owned).to_vec();
        let own = vec!["Paris, France".to_owned()];
        KnownGroups { all, own }.read(Lang::English, typed)
    }

    #[test]
    fn names_are_those_of_known_groups_in_any_letter_case_and_new_ones() {
        assert_eq!(read("editors ,Night shift, New one").unwrap(), ["Editors", "Night shift", "New one"]);
        assert_eq!(read("ops, Ops").unwrap(), ["ops", "Ops"]);
        assert_eq!(read("").unwrap(), Vec::<String>::new());
        assert_eq!(read(", ,").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_known_name_may_have_a_comma() {
        assert_eq!(read("Paris, France, editors").unwrap(), ["Paris, France", "Editors"]);
        assert_eq!(read("editors,paris, france").unwrap(), ["Editors", "Paris, France"]);
        assert_eq!(read("Paris").unwrap(), ["Paris"]);
    }

    #[test]
    fn a_name_that_cannot_be_is_named_in_the_error() {
        let errors = read(&format!("editors, a\tb, {}", "x".repeat(151))).unwrap_err();
        assert_eq!(errors.len(), 2);
        assert!(errors[0].contains("a\tb"), "{errors:?}");
    }
}
