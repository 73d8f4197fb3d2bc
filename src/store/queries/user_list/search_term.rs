//! A word of a search, in the forms in which names and addresses have it.

use crate::store::queries::user_list::listed_user::ListedUser;
use crate::types::{EmailKey, UserId, UsernameKey, unaccented};

/// The index is over trigrams, so a shorter word has no place in it.
const TRIGRAM: usize = 3;

/// A part of a name or an email, in any letter case, with or without accents; or the id of a user.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SearchTerm {
    /// The word as folded names, folded emails and names without accents have it; mostly one form.
    pub(super) forms: Vec<String>,
    /// The word as an id: a number, or the number of the user who has the word as id (`resolve`).
    pub(super) id: Option<UserId>,
    /// The word as typed.
    pub(super) word: String,
}

impl SearchTerm {
    /// A word of a search; `None` if folding leaves nothing of it.
    #[must_use]
    pub(crate) fn new(word: &str) -> Option<Self> {
        let (name, email) = (UsernameKey::of(word), EmailKey::of_part(word));
        let mut forms = vec![name.as_str().to_owned(), email.as_str().to_owned(), unaccented(name.as_str())];
        forms.retain(|form| !form.is_empty());
        forms.sort();
        forms.dedup();
        let id = word.parse().ok().filter(|id| *id > 0).map(UserId::new);
        (!forms.is_empty()).then_some(Self { forms, id, word: word.to_owned() })
    }

    /// Whether the word is too short for trigrams.
    pub(super) fn is_short(&self) -> bool {
        self.trigram_forms().next().is_none()
    }

    /// The forms that have trigrams.
    pub(super) fn trigram_forms(&self) -> impl Iterator<Item = &str> {
        self.forms.iter().map(String::as_str).filter(|form| form.chars().count() >= TRIGRAM)
    }

    /// Whether a name or an email has the word: anywhere, or `at_start` only.
    pub(super) fn matches_text(&self, user: &ListedUser, at_start: bool) -> bool {
        let mut keys = [Some(&user.username_key), Some(&user.email_key), user.search_key.as_ref()];
        keys.iter_mut().flatten().any(|key| {
            self.forms.iter().any(|form| match at_start {
                true => key.starts_with(form.as_str()),
                false => key.contains(form.as_str()),
            })
        })
    }

    pub(super) fn matches_id(&self, user: &ListedUser) -> bool {
        self.id == Some(user.id())
    }
}
