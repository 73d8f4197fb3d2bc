//! What lists share: the words of a search.

pub(crate) mod search_terms;

pub(crate) use search_terms::{SearchTerms, count_users};
