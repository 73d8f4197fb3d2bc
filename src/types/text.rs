//! White space at the ends of what a person typed. Used by the doors; knows no field and no rule.

/// The text without white space at its ends, as Python's `str.strip` takes it off and so every
/// `CharField` of the reference server (`rest_framework/fields.py`, `trim_whitespace`): Unicode's
/// white space and the four separators U+001C to U+001F, which Unicode does not count.
#[must_use]
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every character of which Python 3.11 says `isspace()`.
    const PYTHON: [char; 29] = [
        '\u{9}', '\u{a}', '\u{b}', '\u{c}', '\u{d}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{1f}', '\u{20}',
        '\u{85}', '\u{a0}', '\u{1680}', '\u{2000}', '\u{2001}', '\u{2002}', '\u{2003}', '\u{2004}',
        '\u{2005}', '\u{2006}', '\u{2007}', '\u{2008}', '\u{2009}', '\u{200a}', '\u{2028}', '\u{2029}',
        '\u{202f}', '\u{205f}', '\u{3000}',
    ];

    #[test]
    fn exactly_what_python_calls_white_space_is_taken_off() {
        for c in '\0'..=char::MAX {
            let is_taken_off = trimmed(c.encode_utf8(&mut [0; 4])).is_empty();
            assert_eq!(is_taken_off, PYTHON.contains(&c), "{c:?}");
        }
    }

    #[test]
    fn it_goes_at_both_ends_and_stays_inside() {
        assert_eq!(trimmed("\u{a0} \tcorrect horse\u{1f}\n"), "correct horse");
    }
}
