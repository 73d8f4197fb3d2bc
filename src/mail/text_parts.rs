//! Texts as headers and templates need them.

/// A text with spaces in place of line ends and other control characters: a username cannot begin a new line
/// or header.
pub(crate) fn without_controls(text: &str) -> String {
    text.chars().map(|c| if c.is_control() || c == '\u{2028}' || c == '\u{2029}' { ' ' } else { c }).collect()
}

/// Splits the first line, `Subject: …`, from the text.
pub(crate) fn split_subject(text: &str) -> Option<(String, String)> {
    let (first, rest) = text.split_once('\n')?;
    let subject = without_controls(first.strip_prefix("Subject:")?).trim().to_owned();
    let rest = format!("{}\n", rest.trim_matches('\n'));
    (!subject.is_empty()).then_some((subject, rest))
}
