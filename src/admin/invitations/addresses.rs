//! A pasted list of email addresses: one a line, or with commas, semicolons or blanks between them, with
//! names or without (`Name <a@b>`, RFC 5322 §3.4). Pure; the addresses judge themselves.

use std::collections::HashSet;

use crate::types::{Email, EmailRule, trim_for_search};

/// What a list says.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Addresses {
    /// Each once, in the order of the list.
    pub emails: Vec<Email>,
    /// What is none.
    pub bad: Vec<Bad>,
    /// How many stood there again.
    pub repeated: usize,
}

/// A part of the list that is no address.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Bad {
    /// In which line, from 1.
    pub line: usize,
    pub text: String,
    pub why: Vec<EmailRule>,
}

impl Addresses {
    /// Reads a list.
    pub(crate) fn read(list: &str) -> Self {
        let (mut addresses, mut seen) = (Self::default(), HashSet::new());
        for (at, line) in list.lines().enumerate() {
            for part in parts(line) {
                match Email::parse(address_of(part)) {
                    Ok(email) if seen.insert(email.key()) => addresses.emails.push(email),
                    Ok(_) => addresses.repeated += 1,
                    Err(error) => {
                        let why = error.rules().to_vec();
                        addresses.bad.push(Bad { line: at + 1, text: part.to_owned(), why });
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

    /// How many parts the list has.
    pub(crate) const fn len(&self) -> usize {
        self.emails.len() + self.bad.len() + self.repeated
    }
}

/// Splits a line where no quotes are open, and passes over nothing but what cannot be seen.
fn parts(line: &str) -> impl Iterator<Item = &str> {
    let mut is_quoted = false;
    let parts = line.split_inclusive(move |c| {
        is_quoted ^= c == '"';
        !is_quoted && (is_separator(c) || c == '>')
    });
    parts.map(|part| trim_for_search(part.strip_suffix(is_separator).unwrap_or(part))).flat_map(words)
}

const fn is_separator(c: char) -> bool {
    matches!(c, ',' | ';' | '\t')
}

/// The words of a part, if each looks like an address; else the part, whose blanks belong to a name.
fn words(part: &str) -> impl Iterator<Item = &str> {
    let is_list = part.split_whitespace().all(|word| word.contains('@') && !word.contains('"'));
    let (list, whole) = if is_list { (part, None) } else { ("", Some(part)) };
    list.split_whitespace().map(trim_for_search).chain(whole)
}

/// What stands between angle brackets, if anything does, without what a link or a copy brought along.
fn address_of(part: &str) -> &str {
    let address = match part.rsplit_once('<') {
        Some((_, address)) => address.strip_suffix('>').unwrap_or(part),
        None => part,
    };
    without_scheme(trim_for_search(address))
}

/// The address of a `mailto:` link, without what it says of the mail (RFC 6068 §2).
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
        Addresses::read(list).emails.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn addresses_are_found_however_they_are_written() {
        for list in [
            "a@x.example\nb@x.example",
            "a@x.example, b@x.example",
            " a@x.example ;b@x.example;\r\n\r\n",
            "A <a@x.example>, \"B, the second\" <b@x.example>",
            "<a@x.example>\tb@x.example",
            "a@x.example b@x.example",
            "a@x.example\u{a0} \u{200b}b@x.example, ",
            "A <a@x.example> \"B > all\" <b@x.example>",
            "mailto:a@x.example <MailTo:b@x.example?subject=Hi>",
            "\u{feff}a@x.example\u{200e}\n<\u{2060}b@x.example\u{200b}>\u{200f}",
        ] {
            let read = Addresses::read(list);
            assert_eq!(emails(list), ["a@x.example", "b@x.example"], "{list}");
            assert!(read.bad.is_empty() && read.repeated == 0, "{list}");
        }
        assert_eq!(Addresses::read(" \n,;\n"), Addresses::default());
    }

    #[test]
    fn who_stands_there_again_counts_once_in_any_letter_case() {
        let read = Addresses::read("Ada@x.example\nada@X.example, ADA <ada@x.example>");
        assert_eq!((read.emails.len(), read.repeated, read.len()), (1, 2, 3));
        assert_eq!(read.emails[0].as_str(), "Ada@x.example");
    }

    #[test]
    fn what_is_no_address_is_told_with_its_line() {
        let read =
            Addresses::read("a@x.example\n\nDoe, Jane <jane@x.example>\n<b@x.example\nJim jim@x.example");
        assert_eq!(read.emails.len(), 2);
        let bad: Vec<_> = read.bad.iter().map(|bad| (bad.line, bad.text.as_str())).collect();
        assert_eq!(bad, [(3, "Doe"), (4, "<b@x.example"), (5, "Jim jim@x.example")]);
        assert_eq!(read.bad[0].why, [EmailRule::Invalid]);
    }

    proptest! {
        #[test]
        fn every_address_of_a_list_is_one_and_there_once(list in "[a-c@.<>\",; \n]{0,80}") {
            let read = Addresses::read(&list);
            let keys: HashSet<_> = read.emails.iter().map(Email::key).collect();
            prop_assert_eq!(keys.len(), read.emails.len());
            let line_count = list.lines().count();
            prop_assert!(read.bad.iter().all(|bad| bad.line >= 1 && bad.line <= line_count));
            let joined = emails(&list).join("\n");
            prop_assert_eq!(emails(&joined), emails(&list));
        }
    }
}
