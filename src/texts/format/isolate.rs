//! Values inside a sentence: a right-to-left name, or a directional character in it, must not reorder the
//! sentence (Unicode Standard Annex #9, "Unicode Bidirectional Algorithm"). The macro of the catalogue passes
//! every value through here.

use crate::types::single_line;

/// FIRST STRONG ISOLATE, and POP DIRECTIONAL ISOLATE that ends it.
const ISOLATE: [char; 2] = ['\u{2068}', '\u{2069}'];

/// The value for use in a sentence. One that could reorder the text around it loses its own directional
/// characters and is isolated; any other is unchanged.
pub(crate) fn isolated(value: String) -> String {
    if !value.chars().any(turns) {
        return value;
    }
    let [begin, end] = ISOLATE;
    format!("{begin}{}{end}", single_line(&value))
}

/// Whether a character is written from right to left, or controls direction.
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
        assert_eq!(t.finding_reason(evil), "Reason: \u{2068}lostphone\u{2069}");
    }
}
