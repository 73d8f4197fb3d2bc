//! Texts of strangers in lists: cut, so that no page grows by what somebody sends. The whole is on the
//! page of the thing.

/// How much of what was typed into a field comes back with what is wrong, in bytes. No field takes more.
pub const TYPED: usize = 4_000;

/// The beginning of `text` that takes no more than `most` bytes in a page, with "…" if that is not all.
#[must_use]
pub fn short(text: &str, most: usize) -> String {
    let mut size = 0;
    let fits = |c: &char| {
        size += if matches!(c, '<' | '>' | '&' | '"' | '\'') { "&#38;".len() } else { c.len_utf8() };
        size <= most
    };
    let mut cut: String = text.chars().take_while(fits).collect();
    if cut.len() < text.len() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_is_left_alone_and_the_rest_is_cut_by_its_size_in_a_page() {
        assert_eq!(short("alice", 5), "alice");
        assert_eq!(short("alice", 4), "alic…");
        assert_eq!(short("äöü", 4), "äö…");
        assert_eq!(short("<<<", 10), "<<…");
        assert_eq!(short("", 0), "");
    }
}
