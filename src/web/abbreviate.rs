//! Texts of strangers in lists: cut, so that no page grows by what somebody sends. The whole is on the
//! page of the thing.

/// How much of what was typed into a field comes back with what is wrong, in bytes. No field takes more.
pub(crate) const TYPED: usize = 4_000;

/// The beginning of `text` that takes no more than `most` bytes in a page, with "…" if that is not all.
#[must_use]
pub(crate) fn abbreviate(text: &str, most: usize) -> String {
    let cut = beginning(text, most);
    let dots = if cut.len() < text.len() { "…" } else { "" };
    format!("{cut}{dots}")
}

/// The same without dots.
#[must_use]
pub(crate) fn beginning(text: &str, most: usize) -> &str {
    let mut total = 0;
    let is_over = |c: char| {
        total += size_of(c);
        total > most
    };
    text.split(is_over).next().unwrap_or(text)
}

/// How many bytes `text` takes in a page.
#[must_use]
pub(crate) fn size(text: &str) -> usize {
    text.chars().map(size_of).sum()
}

/// The same of a character: some are escaped.
const fn size_of(c: char) -> usize {
    if matches!(c, '<' | '>' | '&' | '"' | '\'') { "&#38;".len() } else { c.len_utf8() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_left_alone_and_the_rest_is_cut_by_its_size_in_a_page() {
        assert_eq!(abbreviate("alice", 5), "alice");
        assert_eq!(abbreviate("alice", 4), "alic…");
        assert_eq!(abbreviate("äöü", 4), "äö…");
        assert_eq!(abbreviate("<<<", 10), "<<…");
        assert_eq!(abbreviate("", 0), "");
        assert_eq!((beginning("<ä", 6), size("<ä")), ("<", 7));
    }
}
