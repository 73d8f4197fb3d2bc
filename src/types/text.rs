//! White space and invisible characters in text that was typed or copied. What a user logs in with is
//! trimmed as Python trims it, and not changed otherwise.

/// The text without white space at its ends, as Python's `str.strip` and so every `CharField` of the
/// reference server removes it (`rest_framework/fields.py`, `trim_whitespace`): Unicode's white space and
/// the four separators U+001C to U+001F, which Unicode does not count.
#[must_use]
pub(crate) fn trimmed(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c))
}

/// A search term without white space and invisible characters at its ends. Invisible ones come along when
/// a text is copied: direction marks, joiners, the byte order mark.
#[must_use]
pub(crate) fn trim_for_search(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c) || ('\u{1c}'..='\u{1f}').contains(&c))
}

/// The text as one line of visible characters, for display: no character reorders, hides or breaks the
/// text around it.
#[must_use]
pub(crate) fn single_line(text: &str) -> String {
    let visible = text.chars().filter(|c| !is_invisible(*c));
    visible.map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}

/// Whether the character has no shape of its own, but may change how others look: Unicode's format
/// characters (Cf), except the visible signs that some scripts put before a number.
#[must_use]
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
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
    fn exactly_the_white_space_of_python_is_trimmed() {
        for c in '\0'..=char::MAX {
            let is_trimmed = trimmed(c.encode_utf8(&mut [0; 4])).is_empty();
            assert_eq!(is_trimmed, PYTHON.contains(&c), "{c:?}");
        }
    }

    #[test]
    fn white_space_inside_stays() {
        assert_eq!(trimmed("\u{a0} \tcorrect horse\u{1f}\n"), "correct horse");
    }

    #[test]
    fn a_search_term_has_no_invisible_characters_at_its_ends() {
        assert_eq!(trim_for_search("\u{feff} \u{200e}alice\u{200e}\t\u{2060}"), "alice");
        assert_eq!(trim_for_search("al\u{200d}ice"), "al\u{200d}ice");
        assert_eq!(trim_for_search(" \u{200b} "), "");
    }

    #[test]
    fn a_search_term_loses_all_that_a_text_loses() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            assert!(!trimmed(&text).is_empty() || trim_for_search(&text).is_empty(), "{c:?}");
        }
    }

    #[test]
    fn a_single_line_keeps_its_order() {
        assert_eq!(single_line("a\u{202e}b\nc\u{1b}[2J\u{2028}d\u{2069}"), "ab c [2J d");
        assert_eq!(single_line("Zoë, אבג"), "Zoë, אבג");
    }
}
