//! Parses a pasted list of emails: one a line, or separated by commas, semicolons or blanks, with names or without
//! (`Name <a@b>`, RFC 5322 §3.4). `types::Email` decides which emails are valid.

use std::collections::HashSet;

use crate::types::{Email, EmailRule, trim_for_search};

/// A parsed list.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Addresses {
    /// Each email once, in the order of the list.
    pub emails: Vec<Email>,
    pub invalid: Vec<InvalidPart>,
    /// How many repetitions of an earlier email the list has.
    pub repeated: usize,
}

/// A part of the list that is no email.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct InvalidPart {
    /// The line, from 1.
    pub line: usize,
    pub text: String,
    /// The violated rules.
    pub rules: Vec<EmailRule>,
}

impl Addresses {
    pub(crate) fn parse(list: &str) -> Self {
        let (mut addresses, mut seen) = (Self::default(), HashSet::new());
        for (at, line) in list.lines().enumerate() {
            for part in parts(line) {
                match Email::parse(address_of(part)) {
                    Ok(email) if seen.insert(email.key()) => addresses.emails.push(email),
                    Ok(_) => addresses.repeated += 1,
                    Err(error) => {
                        let rules = error.rules().to_vec();
                        addresses.invalid.push(InvalidPart { line: at + 1, text: part.to_owned(), rules });
                    }
                }
            }
        }
        addresses
    }

    /// The first part of a list.
    pub(crate) fn first_part(list: &str) -> Option<&str> {
        list.lines().flat_map(parts).next()
    }

    /// How many parts the list has, valid or not.
    pub(crate) const fn len(&self) -> usize {
        self.emails.len() + self.invalid.len() + self.repeated
    }
}

/// Splits a line at separators outside quotes, and removes invisible characters around the parts.
fn parts(line: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    let parts = line.split_inclusive(move |c| {
        is_quoted ^= c == '"';
        !is_quoted && (is_separator(c) || c == '>')
    });
    parts
        .map(|part| trim_for_search(part.strip_suffix(is_separator).unwrap_or(part)))
        .flat_map(|part| {
            let (before, rest) = leading_addresses(part);
            words(before).chain(words(rest))
        })
        .filter(|part| !part.is_empty())
}

/// Splits the addresses off that stand before a name and its address in angle brackets.
fn leading_addresses(part: &str) -> (&str, &str) {
    let Some(name) = part.rfind('<').filter(|_| !part.contains('"')).map(|end| &part[..end]) else {
        return ("", part);
    };
    let is_address = |word: &&str| word.contains('@');
    let Some(last) = name.split_whitespace().rev().find(is_address) else { return ("", part) };
    let end = name.rfind(last).map_or(0, |at| at + last.len());
    part.split_at(end)
}

const fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';' | '\t')
}

/// The words of a part if two of them have an `@`, so that each is checked; else the part, whose blanks belong to a
/// name.
fn words(part: &str) -> impl Iterator<Item = &str> {
    let addresses = part.split_whitespace().filter(|word| word.contains('@')).count();
    let is_list = addresses > 1 && !part.contains(['"', '<']);
    let (list, whole) = if is_list { (part, None) } else { ("", Some(part)) };
    list.split_whitespace().map(trim_for_search).chain(whole)
}

/// The email of a part: the text in angle brackets, if there are some, without `mailto:`.
fn address_of(part: &str) -> &str {
    let address = match part.rsplit_once('<') {
        Some((_, address)) => address.strip_suffix('>').unwrap_or(part),
        None => part,
    };
    without_scheme(trim_for_search(address))
}

/// The email of a `mailto:` URL, without the URL's parameters (RFC 6068 §2).
fn without_scheme(address: &str) -> &str {
    const SCHEME: &str = "mailto:";
    match address.split_at_checked(SCHEME.len()) {
        Some((scheme, to)) if scheme.eq_ignore_ascii_case(SCHEME) => to.split('?').next().unwrap_or(to),
        _ => address,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn emails(list: &str) -> Vec<String> {
        Addresses::parse(list).emails.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn emails_are_parsed_in_every_usual_notation() {
        for list in [
            "a@x.example\nb@x.example",
            "a@x.example, b@x.example",
            " a@x.example ;b@x.example;\r\n\r\n",
            "A <a@x.example>, \"B, the second\" <b@x.example>",
            "<a@x.example>\tb@x.example",
            "a@x.example b@x.example",
            "a@x.example\u{a0} \u{200b}b@x.example, ",
            "A <a@x.example> \"B > all\" <b@x.example>",
            "a@x.example B <b@x.example>",
            "a@x.example  <b@x.example>",
            "mailto:a@x.example <MailTo:b@x.example?subject=Hi>",
            "\u{feff}a@x.example\u{200e}\n<\u{2060}b@x.example\u{200b}>\u{200f}",
        ] {
            let parsed = Addresses::parse(list);
            assert_eq!(emails(list), ["a@x.example", "b@x.example"], "{list}");
            assert!(parsed.invalid.is_empty() && parsed.repeated == 0, "{list}");
        }
        assert_eq!(Addresses::parse(" \n,;\n"), Addresses::default());
    }

    #[test]
    fn a_repeated_email_counts_once_in_any_letter_case() {
        let parsed = Addresses::parse("Ada@x.example\nada@X.example, ADA <ada@x.example>");
        assert_eq!((parsed.emails.len(), parsed.repeated, parsed.len()), (1, 2, 3));
        assert_eq!(parsed.emails[0].as_str(), "Ada@x.example");
    }

    #[test]
    fn an_invalid_part_is_reported_with_its_line() {
        let parsed =
            Addresses::parse("a@x.example\n\nDoe, Jane <jane@x.example>\n<b@x.example\nJim jim@x.example");
        assert_eq!(parsed.emails.len(), 2);
        let invalid: Vec<_> = parsed.invalid.iter().map(|part| (part.line, part.text.as_str())).collect();
        assert_eq!(invalid, [(3, "Doe"), (4, "<b@x.example"), (5, "Jim jim@x.example")]);
        assert_eq!(parsed.invalid[0].rules, [EmailRule::Invalid]);
        let parsed = Addresses::parse("a@x.example b@x.example nobody");
        assert_eq!((parsed.emails.len(), parsed.invalid[0].text.as_str()), (2, "nobody"));
    }

    proptest! {
        #[test]
        fn every_parsed_email_is_unique_and_parses_again(list in "[a-c@.<>\",; \n]{0,80}") {
            let parsed = Addresses::parse(&list);
            let keys: HashSet<_> = parsed.emails.iter().map(Email::key).collect();
            prop_assert_eq!(keys.len(), parsed.emails.len());
            let line_count = list.lines().count();
            prop_assert!(parsed.invalid.iter().all(|part| part.line >= 1 && part.line <= line_count));
            let joined = emails(&list).join("\n");
            prop_assert_eq!(emails(&joined), emails(&list));
        }
    }
}
