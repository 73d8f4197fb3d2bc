//! The words of a mail: a subject and a body with placeholders, of which both parts of the mail are made. They have
//! no conditions and no loops, so that an administrator can edit them safely.

use std::collections::BTreeMap;
use std::fmt;

use minijinja::Value;

use crate::mail::text_parts::without_controls;
use crate::types::{MailText, MailTextSource};

/// The longest subject and the longest body, in characters.
const MAX_SUBJECT: usize = 200;
const MAX_BODY: usize = 5_000;

/// The length of a line in the plain text, in characters (RFC 5322 §2.1.1 recommends up to 78).
const LINE_LENGTH: usize = 72;

/// The name of the placeholder for the link.
const LINK: &str = "link";

/// What placeholders stand for.
pub type Values = BTreeMap<&'static str, String>;

/// A part of a line.
#[derive(Debug, PartialEq, Eq)]
enum Piece {
    Text(String),
    Placeholder(&'static str),
}

type Line = Vec<Piece>;

#[derive(Debug, PartialEq, Eq)]
enum Part {
    Paragraph(Vec<Line>),
    /// The link, with its label.
    Button(Line),
}

/// Words that were parsed.
#[derive(Debug, PartialEq, Eq)]
pub struct MailWords {
    subject: Line,
    parts: Vec<Part>,
}

/// What is wrong with words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WordsProblem {
    /// The subject is empty.
    NoSubject,
    /// The subject or the body is longer than this, in characters.
    TooLong(usize),
    /// `{{` without `}}`.
    Unclosed,
    /// `{%` or `{#`: conditions and comments of Jinja.
    Statement,
    /// A placeholder that this text does not have.
    UnknownPlaceholder(String),
    /// The link is in the subject.
    LinkInSubject,
    /// The link is missing.
    NoLink,
}

/// An error in words, and where it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WordsError {
    /// Whether it is in the subject.
    pub is_in_subject: bool,
    /// The line of the body, from 1; `None` for the subject and for the body as a whole.
    pub line: Option<usize>,
    /// What is wrong.
    pub problem: WordsProblem,
}

impl fmt::Display for WordsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(line) = self.line {
            write!(f, "line {line}: ")?;
        }
        match &self.problem {
            WordsProblem::NoSubject => f.write_str("the subject is empty"),
            WordsProblem::TooLong(most) => write!(f, "longer than {most} characters"),
            WordsProblem::Unclosed => f.write_str("{{ without }}"),
            WordsProblem::Statement => f.write_str("{% and {# are not supported here"),
            WordsProblem::UnknownPlaceholder(name) => write!(f, "unknown placeholder {{{{ {name} }}}}"),
            WordsProblem::LinkInSubject => f.write_str("the subject has the link"),
            WordsProblem::NoLink => f.write_str("{{ link }} is missing"),
        }
    }
}

impl MailWords {
    /// Parses the words of a text.
    ///
    /// # Errors
    /// All errors, in the order of the words.
    pub fn parse(text: MailText, source: &MailTextSource) -> Result<Self, Vec<WordsError>> {
        let mut parser = Parser { text, errors: Vec::new(), is_in_subject: true, has_link: false };
        let subject = parser.subject(&source.subject);
        let parts = parser.body(&source.body);
        if parser.errors.is_empty() { Ok(Self { subject, parts }) } else { Err(parser.errors) }
    }

    /// The subject.
    pub fn subject(&self, values: &Values) -> String {
        without_controls(&filled(&self.subject, values)).trim().to_owned()
    }

    /// The plain text.
    pub fn text(&self, values: &Values) -> String {
        let part = |part: &Part| match part {
            Part::Paragraph(lines) => {
                lines.iter().map(|line| wrapped(&filled(line, values))).collect::<Vec<_>>().join("\n")
            }
            Part::Button(label) => {
                format!("{}:\n{}", filled(label, values), values.get(LINK).map_or("", String::as_str))
            }
        };
        self.parts.iter().map(part).collect::<Vec<_>>().join("\n\n")
    }

    /// The parts for `_text.html`, which escapes them: each has `label` or `lines`.
    pub(crate) fn html_parts(&self, values: &Values) -> Value {
        let part = |part: &Part| match part {
            Part::Paragraph(lines) => {
                let lines: Vec<_> = lines.iter().map(|line| filled(line, values)).collect();
                Value::from(BTreeMap::from([("lines", Value::from(lines)), ("label", Value::from(""))]))
            }
            Part::Button(label) => Value::from(BTreeMap::from([("label", filled(label, values))])),
        };
        Value::from(self.parts.iter().map(part).collect::<Vec<_>>())
    }
}

fn filled(line: &Line, values: &Values) -> String {
    let piece = |piece: &Piece| match piece {
        Piece::Text(text) => text.clone(),
        Piece::Placeholder(name) => values.get(name).cloned().unwrap_or_default(),
    };
    line.iter().map(piece).collect()
}

/// The line in lines of [`LINE_LENGTH`] characters. A longer word, such as a link, is not broken.
fn wrapped(line: &str) -> String {
    let (mut text, mut length) = (String::new(), 0);
    for word in line.split(' ') {
        let word_length = word.chars().count();
        if length > 0 && length + 1 + word_length > LINE_LENGTH {
            text.push('\n');
            length = 0;
        } else if !text.is_empty() {
            text.push(' ');
            length += 1;
        }
        text.push_str(word);
        length += word_length;
    }
    text
}

struct Parser {
    text: MailText,
    errors: Vec<WordsError>,
    is_in_subject: bool,
    has_link: bool,
}

impl Parser {
    fn subject(&mut self, source: &str) -> Line {
        let source = source.trim();
        if without_controls(source).trim().is_empty() {
            self.error(None, WordsProblem::NoSubject);
        }
        self.limit(source, MAX_SUBJECT);
        let line = self.line(source, None);
        if line.contains(&Piece::Placeholder(LINK)) {
            self.error(None, WordsProblem::LinkInSubject);
        }
        (self.has_link, self.is_in_subject) = (false, false);
        line
    }

    fn body(&mut self, source: &str) -> Vec<Part> {
        self.limit(source, MAX_BODY);
        let (mut parts, mut paragraph) = (Vec::new(), Vec::new());
        for (index, line) in source.lines().enumerate() {
            let (line, number) = (line.trim(), Some(index + 1));
            let button = button_label(line).filter(|_| self.text.needs_link());
            if line.is_empty() || button.is_some() {
                end_paragraph(&mut paragraph, &mut parts);
            }
            match button {
                Some(label) => {
                    self.has_link = true;
                    parts.push(Part::Button(self.line(label, number)));
                }
                None if line.is_empty() => {}
                None => paragraph.push(self.line(line, number)),
            }
        }
        end_paragraph(&mut paragraph, &mut parts);
        if self.text.needs_link() && !self.has_link {
            self.error(None, WordsProblem::NoLink);
        }
        parts
    }

    fn line(&mut self, source: &str, number: Option<usize>) -> Line {
        let mut line = Line::new();
        let mut rest = source;
        while let Some((before, after)) = rest.split_once("{{") {
            push_text(&mut line, before);
            let Some((name, after)) = after.split_once("}}") else {
                self.error(number, WordsProblem::Unclosed);
                return line;
            };
            let name = name.trim();
            match self.text.placeholders().find(|known| *known == name) {
                Some(known) => {
                    self.has_link |= known == LINK;
                    line.push(Piece::Placeholder(known));
                }
                None => self.error(number, WordsProblem::UnknownPlaceholder(name.chars().take(50).collect())),
            }
            rest = after;
        }
        push_text(&mut line, rest);
        if source.contains("{%") || source.contains("{#") {
            self.error(number, WordsProblem::Statement);
        }
        line
    }

    fn limit(&mut self, source: &str, most: usize) {
        if source.chars().count() > most {
            self.error(None, WordsProblem::TooLong(most));
        }
    }

    fn error(&mut self, line: Option<usize>, problem: WordsProblem) {
        self.errors.push(WordsError { is_in_subject: self.is_in_subject, line, problem });
    }
}

fn push_text(line: &mut Line, text: &str) {
    if !text.is_empty() {
        line.push(Piece::Text(without_controls(text)));
    }
}

fn end_paragraph(paragraph: &mut Vec<Line>, parts: &mut Vec<Part>) {
    if !paragraph.is_empty() {
        parts.push(Part::Paragraph(std::mem::take(paragraph)));
    }
}

/// The label of `[label]({{ link }})`.
fn button_label(line: &str) -> Option<&str> {
    let (label, target) = line.strip_prefix('[')?.strip_suffix(')')?.rsplit_once("](")?;
    let name = target.trim().strip_prefix("{{")?.strip_suffix("}}")?.trim();
    (name == LINK && !label.trim().is_empty()).then(|| label.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(subject: &str, body: &str) -> MailTextSource {
        MailTextSource { subject: subject.to_owned(), body: body.to_owned() }
    }

    fn errors(text: MailText, subject: &str, body: &str) -> Vec<String> {
        let errors = MailWords::parse(text, &source(subject, body)).err().unwrap_or_default();
        errors.iter().map(ToString::to_string).collect()
    }

    fn values() -> Values {
        let values = [("site", "A {{ link }}"), ("username", "<b>"), ("link", "https://x/k")];
        values.into_iter().map(|(name, value)| (name, value.to_owned())).collect()
    }

    #[test]
    fn paragraphs_lines_and_buttons_are_read_and_values_are_not_read_again() {
        let body =
            "Hello {{username}},\r\n\r\none\r\ntwo\r\n[ Go ]({{link}})\r\n\r\n\r\nThe team of {{ site }}";
        let words = MailWords::parse(MailText::ResetPassword, &source(" For {{ site }} ", body)).unwrap();
        assert_eq!(words.subject(&values()), "For A {{ link }}");
        let text = "Hello <b>,\n\none\ntwo\n\nGo:\nhttps://x/k\n\nThe team of A {{ link }}";
        assert_eq!(words.text(&values()), text);
    }

    #[test]
    fn errors_name_their_line_and_placeholder() {
        let reset = MailText::ResetPassword;
        assert_eq!(
            errors(reset, "", "Hi {{ usrname }}\n\n{{ link"),
            [
                "the subject is empty",
                "line 1: unknown placeholder {{ usrname }}",
                "line 3: {{ without }}",
                "{{ link }} is missing"
            ]
        );
        assert_eq!(
            errors(reset, "x", "{% if x %}\n{{ link }}"),
            ["line 1: {% and {# are not supported here"]
        );
        assert_eq!(errors(reset, "{{ link }}", "x"), ["the subject has the link", "{{ link }} is missing"]);
        assert_eq!(errors(MailText::Test, "x", "{{ link }}"), ["line 1: unknown placeholder {{ link }}"]);
        assert_eq!(errors(MailText::Test, &"x".repeat(201), ""), ["longer than 200 characters"]);
        assert_eq!(errors(MailText::Test, "x", &"x".repeat(5_001)), ["longer than 5000 characters"]);
    }

    #[test]
    fn a_long_line_is_wrapped_between_words_and_a_link_is_not_broken() {
        let line = format!("{} https://{}", "word ".repeat(20), "x".repeat(100));
        let text = wrapped(&line);
        assert!(
            text.lines().all(|line| line.chars().count() <= 72 || line.starts_with("https://")),
            "{text}"
        );
        assert_eq!(text.replace('\n', " "), line);
        assert_eq!(wrapped(""), "");
    }
}
