//! What lists share: the words of a search, the ticked rows, and the way back to a list.

pub(crate) mod back;
pub(crate) mod search_terms;
pub(crate) mod selection;

pub(crate) use back::Back;
pub(crate) use search_terms::{SearchTerms, count_users};
pub(crate) use selection::Selection;
