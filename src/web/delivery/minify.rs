//! The style sheet without what a browser does not need: comments, indentation, line ends.

/// The style sheet in fewer bytes, with the same meaning. It may not have comments or blanks that matter in
/// strings; ours has none.
pub(super) fn minified(css: &str) -> String {
    let mut small = String::with_capacity(css.len());
    let mut rest = css;
    while let Some((before, comment)) = rest.split_once("/*") {
        append(&mut small, before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    append(&mut small, rest);
    small
}

/// Appends a part without comments. One blank is left where blanks were, and none beside a character that ends
/// a token anyway. A blank before `:` and before `(` has a meaning in selectors and conditions.
fn append(small: &mut String, part: &str) {
    for character in part.chars() {
        let last = small.chars().next_back().unwrap_or('{');
        if character.is_whitespace() {
            if !matches!(last, ' ' | '{' | '}' | ';' | ',' | ':') {
                small.push(' ');
            }
            continue;
        }
        if matches!(character, '{' | '}' | ';' | ',') && last == ' ' {
            small.pop();
        }
        if character == '}' && small.ends_with(';') {
            small.pop();
        }
        small.push(character);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_blanks_go_and_the_meaning_stays() {
        let css = "/* a */\n.a .b,\n.c:hover :is(b) {\n  margin: 0 1px; /* b */\n  --x: calc(1px + 2px);\n}\n\n\
                   @media (min-width: 1rem) and (max-width: 2rem) {\n  a > b { color: red; }\n}\n";
        let small = ".a .b,.c:hover :is(b){margin:0 1px;--x:calc(1px + 2px)}\
                     @media (min-width:1rem) and (max-width:2rem){a > b{color:red}}";
        assert_eq!(minified(css), small);
    }

    /// A condition that is not closed would apply to every rule after it.
    #[test]
    fn conditions_of_the_style_sheet_are_closed_before_the_next_begins() {
        let mut open = 0_i32;
        for line in include_str!("../../../static/doorward.css").lines() {
            if line.starts_with("@media") {
                assert_eq!(open, 0, "what is before {line} is not closed");
            }
            open += line.matches('{').count() as i32 - line.matches('}').count() as i32;
        }
        assert_eq!(open, 0);
    }

    #[test]
    fn a_comment_without_an_end_takes_the_rest() {
        assert_eq!(minified("a{} /* b{}"), "a{}");
    }
}
