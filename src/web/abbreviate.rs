//! Cuts texts that users and clients send, so that no page grows with them: a list stays under 50 KB. The page
//! of a user or a mail, and the exports, have the whole text.

/// The most of a field's value that an erroneous form displays again, in bytes of the page. No field accepts
/// more.
pub(crate) const MAX_TYPED: usize = 4_000;

/// A username in a list.
pub(crate) fn name(name: &str) -> String {
    abbreviate(name, 50)
}

/// An email in a list.
pub(crate) fn email(email: &str) -> String {
    abbreviate(email, 90)
}

/// A client's `User-Agent`.
pub(crate) fn user_agent(user_agent: &str) -> String {
    abbreviate(user_agent, 200)
}

/// The detail of an audit entry, or the reply of a mail server.
pub(crate) fn detail(text: &str) -> String {
    abbreviate(text, 200)
}

/// The beginning of `text` that takes at most `max` bytes in a page, with "…" if `text` is longer.
#[must_use]
pub(crate) fn abbreviate(text: &str, max: usize) -> String {
    let cut = beginning(text, max);
    let dots = if cut.len() < text.len() { "…" } else { "" };
    format!("{cut}{dots}")
}

/// The beginning of `text` that takes at most `max` bytes in a page.
#[must_use]
pub(crate) fn beginning(text: &str, max: usize) -> &str {
    let mut total = 0;
    let is_over = |c: char| {
        total += size_of(c);
        total > max
    };
    text.split(is_over).next().unwrap_or(text)
}

/// How many bytes `text` takes in a page, escaped.
#[must_use]
pub(crate) fn size_in_page(text: &str) -> usize {
    text.chars().map(size_of).sum()
}

const fn size_of(c: char) -> usize {
    if matches!(c, '<' | '>' | '&' | '"' | '\'') { "&#38;".len() } else { c.len_utf8() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_by_its_size_in_the_page() {
        assert_eq!(abbreviate("alice", 5), "alice");
        assert_eq!(abbreviate("alice", 4), "alic…");
        assert_eq!(abbreviate("äöü", 4), "äö…");
        assert_eq!(abbreviate("<<<", 10), "<<…");
        assert_eq!(abbreviate("", 0), "");
        assert_eq!((beginning("<ä", 6), size_in_page("<ä")), ("<", 7));
    }
}
