//! Characters that nobody sees and that come along when a text is copied: marks of direction, joiners, the
//! byte order mark. Used by the doors where a text is looked for or shown; what logs in is left as it is.

/// The text without white space and invisible characters at its ends, as it is looked for.
#[must_use]
pub(crate) fn sought(text: &str) -> &str {
    text.trim_matches(|c: char| c.is_whitespace() || is_invisible(c) || ('\u{1c}'..='\u{1f}').contains(&c))
}

/// The text as one line of what can be seen: nothing in it moves, hides or breaks what stands around it.
#[must_use]
pub(crate) fn plain(text: &str) -> String {
    let seen = text.chars().filter(|c| !is_invisible(*c));
    seen.map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c }).collect()
}

/// Whether it has no shape, but may change that of others: Unicode's format characters (Cf), but for the
/// signs that some scripts put before a number, which are seen.
#[must_use]
pub(crate) const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}'
        | '\u{e0001}' | '\u{e0020}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::types::trimmed;

    #[test]
    fn what_came_along_at_the_ends_is_not_looked_for() {
        assert_eq!(sought("\u{feff} \u{200e}alice\u{200e}\t\u{2060}"), "alice");
        assert_eq!(sought("al\u{200d}ice"), "al\u{200d}ice");
        assert_eq!(sought(" \u{200b} "), "");
    }

    #[test]
    fn whatever_is_trimmed_is_not_sought_either() {
        for c in '\0'..=char::MAX {
            let text = c.to_string();
            assert!(!trimmed(&text).is_empty() || sought(&text).is_empty(), "{c:?}");
        }
    }

    #[test]
    fn a_line_is_one_line_and_stays_in_its_order() {
        assert_eq!(plain("a\u{202e}b\nc\u{1b}[2J\u{2028}d\u{2069}"), "ab c [2J d");
        assert_eq!(plain("Zoë, אבג"), "Zoë, אבג");
    }
}
