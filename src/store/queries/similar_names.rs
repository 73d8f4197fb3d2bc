//! Users and open invitations whose name or address is nearly what was typed. A slip of the keyboard is in one
//! half of a name, so those who have the other half are compared, a bounded number of them.

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::queries::user_list::{self, SearchTerm, SortKey, SortOrder, UserFilter};
use crate::store::tables::one_time_keys;
use crate::types::{EmailKey, Timestamp, UsernameKey};

/// How many candidates each half brings.
const CANDIDATES: usize = 50;

/// How many names are proposed.
const PROPOSED: usize = 3;

/// How alike two names have to be, from 0 to 1: two wrong letters in eight pass.
const ALIKE: f64 = 0.75;

/// A half that is shorter, in characters, would be found at the beginning of names only ([`SearchTerm`]).
const SHORTEST_HALF: usize = 3;

/// What is similar, the most similar first.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct SimilarNames {
    /// Usernames.
    pub users: Vec<String>,
    /// Email addresses with an open invitation.
    pub invitations: Vec<String>,
}

/// Looks for names similar to `typed`.
pub(crate) fn find(conn: &mut Conn, typed: &str, now: Timestamp) -> Result<SimilarNames, StoreError> {
    let (name, email) = (UsernameKey::of(typed), EmailKey::of_part(typed));
    let order = SortOrder { by: SortKey::Match, descending: false };
    let mut users = Vec::new();
    let mut invitations = Vec::new();
    for half in halves(name.as_str()) {
        let filter =
            UserFilter { terms: SearchTerm::new(&half).into_iter().collect(), ..UserFilter::default() };
        for user in user_list::page(conn, &filter, order, None, CANDIDATES)? {
            let likeness = alike(name.as_str(), UsernameKey::of(&user.username).as_str())
                .max(alike(email.as_str(), EmailKey::of_part(&user.email).as_str()));
            users.push((likeness, user.username));
        }
        let limit = i64::try_from(CANDIDATES).unwrap_or(i64::MAX);
        for invitation in one_time_keys::invitations(conn, &EmailKey::of_part(&half), now, limit)? {
            let address = invitation.email.to_string();
            invitations.push((alike(email.as_str(), EmailKey::of_part(&address).as_str()), address));
        }
    }
    Ok(SimilarNames { users: best(users), invitations: best(invitations) })
}

/// The two halves of a name before its `@`, which a domain that many share follows.
fn halves(name: &str) -> Vec<String> {
    let own: Vec<char> = name.split('@').next().unwrap_or(name).chars().collect();
    let size = own.len().div_ceil(2).max(SHORTEST_HALF);
    if own.len() < SHORTEST_HALF {
        return Vec::new();
    }
    let (first, last) = (&own[..size.min(own.len())], &own[own.len().saturating_sub(size)..]);
    vec![first.iter().collect(), last.iter().collect()]
}

fn alike(typed: &str, known: &str) -> f64 {
    strsim::normalized_damerau_levenshtein(typed, known)
}

/// The names that are similar enough, each once.
fn best(mut names: Vec<(f64, String)>) -> Vec<String> {
    names.retain(|(likeness, _)| *likeness >= ALIKE);
    names.sort_by(|(one, name), (other, other_name)| other.total_cmp(one).then(name.cmp(other_name)));
    names.dedup_by(|(_, one), (_, other)| one == other);
    names.into_iter().map(|(_, name)| name).take(PROPOSED).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_has_two_halves_of_three_characters_at_least() {
        assert_eq!(halves("emil.kin@example.com"), ["emil", ".kin"]);
        assert_eq!(halves("anne"), ["ann", "nne"]);
        assert_eq!(halves("bob"), ["bob", "bob"]);
        assert!(halves("ab").is_empty() && halves("@example.com").is_empty());
    }

    #[test]
    fn the_most_similar_names_are_proposed_once() {
        let names = [(0.9, "emil"), (0.95, "emilk"), (0.9, "emil"), (0.5, "otto")];
        assert_eq!(best(names.map(|(likeness, name)| (likeness, name.to_owned())).into()), ["emilk", "emil"]);
    }
}
