//! The text of a search field, by the same rules on every page: words in any order, all of which have to match;
//! `#42` is the user with this id; of `Anna Rossi <anna@example.com>` only the address counts.

use crate::store::queries::user_list;
use crate::store::queries::user_list::{SearchTerm, UserFilter};
use crate::store::{Conn, StoreError};
use crate::types::{UserId, UsernameKey, trim_for_search, unaccented};

/// How many words are looked for one by one. The rest counts as one word, which no name has: a search that ignored
/// it would match more than was typed.
const MAX_WORDS: usize = 8;

/// The most users that [`count_users`] counts.
const MAX_COUNTED: usize = 1_000;

/// The words of a search.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct SearchTerms {
    /// The id of `#42`.
    pub id: Option<UserId>,
    /// The words, as they were typed.
    pub words: Vec<String>,
}

impl SearchTerms {
    /// Reads the text of a search field.
    pub(crate) fn parse(typed: &str) -> Self {
        let typed = address_in(typed).unwrap_or(typed);
        let mut terms = Self::default();
        let mut words = typed.split_whitespace().map(word).filter(|word| !word.is_empty());
        for word in words.by_ref() {
            match id(word) {
                Some(id) if terms.id.is_none() => terms.id = Some(id),
                _ => terms.words.push(word.to_owned()),
            }
            if terms.words.len() == MAX_WORDS - 1 {
                break;
            }
        }
        let rest: Vec<&str> = words.collect();
        if !rest.is_empty() {
            terms.words.push(rest.join(" "));
        }
        terms
    }

    /// Whether nothing is searched for.
    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The filter of the users that match.
    pub(crate) fn user_filter(&self) -> UserFilter {
        let terms = self.words.iter().filter_map(|word| SearchTerm::new(word)).collect();
        UserFilter { terms, id: self.id, ..UserFilter::default() }
    }

    /// Whether every word is in the text, in any letter case, with or without accents.
    pub(crate) fn are_in(&self, text: &str) -> bool {
        let plain = |text: &str| unaccented(UsernameKey::of(text).as_str());
        let text = plain(text);
        self.id.is_none() && !self.is_empty() && self.words.iter().all(|word| text.contains(&plain(word)))
    }
}

/// How many users match, up to one more than a thousand.
pub(crate) fn count_users(conn: &mut Conn, typed: &str) -> Result<usize, StoreError> {
    let terms = SearchTerms::parse(typed);
    if terms.is_empty() {
        return Ok(0);
    }
    let filter = user_list::resolve(conn, terms.user_filter())?;
    Ok(user_list::totals(conn, &filter, MAX_COUNTED)?.all)
}

/// The address in `Name <address>`, as mail programs copy it.
fn address_in(typed: &str) -> Option<&str> {
    let (_, rest) = typed.rsplit_once('<')?;
    let (address, _) = rest.split_once('>')?;
    address.contains('@').then_some(address)
}

/// A word without quotes, and without what surrounds an address in a list of addresses.
fn word(typed: &str) -> &str {
    let word = trim_for_search(typed).trim_matches(['"', '“', '”', '„', '«', '»']);
    if !word.contains('@') {
        return word;
    }
    word.trim_start_matches("mailto:").trim_matches([',', ';', '<', '>', '"', '(', ')'])
}

fn id(word: &str) -> Option<UserId> {
    word.strip_prefix('#')?.parse().ok().filter(|id| *id > 0).map(UserId::new)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(typed: &str) -> Vec<String> {
        SearchTerms::parse(typed).words
    }

    #[test]
    fn a_search_is_its_words() {
        assert_eq!(words(" rossi\u{a0} anna\t\u{200e}x"), ["rossi", "anna", "x"]);
        assert!(SearchTerms::parse(" \u{200b} ").is_empty());
        let terms = SearchTerms::parse("#42 anna");
        assert_eq!((terms.id, terms.words), (Some(UserId::new(42)), vec!["anna".to_owned()]));
        assert_eq!(words("42 #x #0"), ["42", "#x", "#0"]);
    }

    #[test]
    fn a_pasted_address_is_taken_out_of_what_surrounds_it() {
        for typed in [
            "Anna Rossi <anna.rossi@example.com>",
            "\"Rossi, Anna\" <anna.rossi@example.com>,",
            "mailto:anna.rossi@example.com",
            "anna.rossi@example.com;",
            "<anna.rossi@example.com>",
        ] {
            assert_eq!(words(typed), ["anna.rossi@example.com"], "{typed}");
        }
        assert_eq!(words("a <b> c"), ["a", "<b>", "c"]);
    }

    #[test]
    fn no_word_of_a_long_search_is_ignored() {
        let typed = "a b c d e f g h i";
        assert_eq!(words(typed), ["a", "b", "c", "d", "e", "f", "g", "h i"]);
    }

    #[test]
    fn words_are_looked_for_in_any_text() {
        let terms = SearchTerms::parse("mail MÜLL");
        assert!(terms.are_in("A muller’s Mail") && !terms.are_in("mail"));
        assert!(!SearchTerms::parse("#1 mail").are_in("mail") && !SearchTerms::parse("").are_in("mail"));
    }
}
