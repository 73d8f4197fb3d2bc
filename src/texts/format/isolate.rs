//! What people wrote within a sentence of ours: a name from right to left, or a mark of direction in it,
//! must not put our own words into another order (Unicode Standard Annex #9, "Unicode Bidirectional
//! Algorithm"). The macro of the catalogue has every value go through here.

use crate::types::single_line;

/// FIRST STRONG ISOLATE, and POP DIRECTIONAL ISOLATE that ends it.
const ISOLATE: [char; 2] = ['\u{2068}', '\u{2069}'];

/// The value as it may stand in a sentence: one that could reorder what is around it loses its own marks
/// and is isolated, any other is as it was.
pub(crate) fn isolated(value: String) -> String {
    if !value.chars().any(turns) {
        return value;
    }
    let [begin, end] = ISOLATE;
    format!("{begin}{}{end}", single_line(&value))
}

/// Whether a character is written from right to left, or decides on direction.
const fn turns(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8ff}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2066}'..='\u{2069}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{fefe}'
        | '\u{10800}'..='\u{10fff}' | '\u{1e800}'..='\u{1efff}')
}

#[cfg(test)]
mod tests {
    use crate::texts::Lang;

    #[test]
    fn a_value_cannot_reorder_the_sentence_that_it_stands_in() {
        let t = Lang::English;
        assert_eq!(t.user_added("Zoë"), "Zoë was added.");
        assert_eq!(t.user_added("דנה"), "\u{2068}דנה\u{2069} was added.");
        let evil = "lost\u{202e}phone\u{2069}";
        assert_eq!(t.deactivated_because(evil), "Deactivated. Reason: \u{2068}lostphone\u{2069}");
    }
}
