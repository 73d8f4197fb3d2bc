//! The form in which names and email addresses are compared: what people read as the same is the same text.
//! A key in the database is such a text.

use std::borrow::Cow;

use unicode_normalization::{IsNormalized, UnicodeNormalization, is_nfkc_quick};

use super::text::trimmed;

/// The bytes of the longest text that is folded: more than the key of any stored name or email can have. The
/// longest name, 150 characters of four bytes, grows at most elevenfold by NFKC and by half in lower case.
/// Folding megabytes would take a second, and searching for them longer.
const LONGEST_KEY: usize = 10_000;

/// The folded form of what is no name and no address.
const NOBODYS: &str = "\u{fffd}";

/// A longer domain is compared letter by letter: punycode takes a time that grows with the square.
const MAX_DOMAIN_BYTES: usize = 2000;

/// What an encoded label of an internationalised domain begins with (RFC 5890 §2.3.2.1).
const PUNYCODE: &str = "xn--";

/// The folded form of a name or an address: without white space at the ends, in Unicode form NFKC, without
/// letter case (`ß` is `ss`), and the domain behind the last `@` as [`fold_domain`] has it.
///
/// It never contains a NUL, which PostgreSQL refuses in a text; U+FFFD, which is in no name and no address,
/// takes its place, and that of a text which is too long for any name or address. Folding a folded text changes
/// nothing.
pub(super) fn fold(text: &str) -> String {
    let text = trimmed(text);
    if text.len() > LONGEST_KEY {
        return NOBODYS.to_owned();
    }
    if is_plain(text) {
        let folded = text.to_ascii_lowercase();
        return without_nul(match folded.rsplit_once('@') {
            Some((user, domain)) if user.starts_with('"') => format!("{}@{domain}", unquoted(user)),
            _ => folded,
        });
    }
    let text = nfkc(text);
    let folded = match trimmed(&text).rsplit_once('@') {
        Some((user, domain)) => format!("{}@{}", unquoted(&fold_text(user)), fold_domain(domain)),
        None => fold_text(trimmed(&text)),
    };
    without_nul(folded)
}

/// The part of an address before the `@` as all of its spellings are: without quotes and backslashes that it does
/// not need (RFC 5321 §4.1.2). What is no quoted string stays as it is.
pub(super) fn unquoted(user: &str) -> Cow<'_, str> {
    let Some(content) = quoted_content(user) else { return Cow::Borrowed(user) };
    let is_atom_char = |c: char| c.is_alphanumeric() || "-!#$%&'*+/=?^_`{|}~".contains(c);
    if content.split('.').all(|atom| !atom.is_empty() && atom.chars().all(is_atom_char)) {
        return Cow::Owned(content);
    }
    let escaped =
        content.chars().flat_map(|c| matches!(c, '"' | '\\').then_some('\\').into_iter().chain([c]));
    Cow::Owned(format!("\"{}\"", escaped.collect::<String>()))
}

/// What a quoted string means.
fn quoted_content(user: &str) -> Option<String> {
    let inside = user.strip_prefix('"')?.strip_suffix('"')?;
    let (mut content, mut chars) = (String::with_capacity(inside.len()), inside.chars());
    while let Some(c) = chars.next() {
        match c {
            '"' => return None,
            '\\' => content.push(chars.next()?),
            c => content.push(c),
        }
    }
    Some(content)
}

/// [`fold`] of a part of an address, in which a domain may stand without its `@`.
pub(super) fn fold_part(text: &str) -> String {
    match text.contains(['@', '＠', '﹫']) || is_plain(text) || text.len() > LONGEST_KEY {
        true => fold(text),
        false => without_nul(fold_domain(&nfkc(trimmed(text)))),
    }
}

/// A domain in Unicode, in the form that all of its spellings have in common (UTS 46, non-transitional, as
/// browsers do it): `BÜCHER.de` and `xn--bcher-kva.de` are `bücher.de`, and `straße.de` is not `strasse.de`.
/// Text that is no domain loses its letter case only.
///
/// Lower case comes first, because the domain of a stored address is in lower case; and so does the common sigma,
/// because lower case makes one or the other of `Σ`.
fn fold_domain(domain: &str) -> String {
    if is_plain(domain) {
        return domain.to_ascii_lowercase();
    }
    let domain = &lower_case(domain.chars()).collect::<String>();
    let ascii = (domain.len() <= MAX_DOMAIN_BYTES).then(|| idna::domain_to_ascii(domain).ok()).flatten();
    let unicode = ascii.map(|ascii| idna::domain_to_unicode(&ascii));
    match unicode {
        Some((unicode, Ok(()))) => lower_case(unicode.chars()).collect(),
        Some(_) | None => {
            let folded = fold_text(domain);
            // Folding may have removed what made it no domain.
            if folded == *domain { folded } else { fold_domain(&folded) }
        }
    }
}

/// Whether folding changes no more than ASCII's letter case.
fn is_plain(text: &str) -> bool {
    let has_label =
        || text.as_bytes().windows(PUNYCODE.len()).any(|w| w.eq_ignore_ascii_case(PUNYCODE.as_bytes()));
    text.is_ascii() && !has_label()
}

/// Full case folding and NFKC, twice, because each can make work for the other (Unicode §3.13, D145 to D146).
fn fold_text(text: &str) -> String {
    let once: String = fold_fully(text.chars()).nfkc().collect();
    fold_fully(once.chars()).nfkc().collect()
}

/// A folded text without accents, for search only: `ø` is `o`, `ü` is `u`, `ł` is `l`. Marks of scripts other than
/// Latin, Greek and Cyrillic, such as Devanagari's vowels, stay: they are letters.
pub(crate) fn unaccented(folded: &str) -> String {
    if folded.is_ascii() {
        return folded.to_owned();
    }
    let without_marks = folded.nfd().filter(|c| !('\u{300}'..='\u{36f}').contains(c)).nfc();
    let mut text = String::with_capacity(folded.len());
    for c in without_marks {
        // Letters that Unicode does not decompose.
        match c {
            'ø' => text.push('o'),
            'ł' => text.push('l'),
            'đ' | 'ð' => text.push('d'),
            'ħ' => text.push('h'),
            'ı' => text.push('i'),
            'ŧ' => text.push('t'),
            'æ' => text.push_str("ae"),
            'œ' => text.push_str("oe"),
            'þ' => text.push_str("th"),
            'ß' => text.push_str("ss"),
            other => text.push(other),
        }
    }
    text
}

/// What the column `search_key` has for a user: both keys without accents, a line each; `None` if they have none.
pub(crate) fn search_key(username_key: &str, email_key: &str) -> Option<String> {
    let key = format!("{}\n{}", unaccented(username_key), unaccented(email_key));
    (key != format!("{username_key}\n{email_key}")).then_some(key)
}

fn without_nul(text: String) -> String {
    if text.contains('\0') { text.replace('\0', NOBODYS) } else { text }
}

/// Unicode form NFKC. Most text has it already, and checking is much cheaper than converting.
pub(super) fn nfkc(text: &str) -> Cow<'_, str> {
    match is_nfkc_quick(text.chars()) {
        IsNormalized::Yes => Cow::Borrowed(text),
        IsNormalized::No | IsNormalized::Maybe => Cow::Owned(text.nfkc().collect()),
    }
}

/// Case folding, by way of the upper case: `ß` becomes `ss`. The dotless `ı`, whose upper case is that of `i`,
/// stays.
pub(super) fn fold_fully(text: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    let upper = |c: char| match c {
        'ı' => 'ı'.to_string(),
        _ => c.to_uppercase().collect(),
    };
    lower_case(text.flat_map(move |c| upper(c).chars().collect::<Vec<_>>()))
}

/// Lower case for comparison, letter by letter. Greek's final sigma becomes the common one: `Σ` becomes one or
/// the other depending on its neighbours, and a key must not.
pub(super) fn lower_case(text: impl Iterator<Item = char>) -> impl Iterator<Item = char> {
    text.flat_map(char::to_lowercase).map(|c| if c == 'ς' { 'σ' } else { c })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_folded_text_has_no_letter_case_and_no_unicode_form() {
        for (one, two) in [
            ("BOB", "bob"),
            (" bob\u{a0}", "bob"),
            ("É", "e\u{301}"),
            ("ﬁsh", "FISH"),
            ("Ｋａｎａ", "kana"),
            ("ΟΔΟΣ", "οδος"),
            ("straße", "STRASSE"),
            ("STRAẞE", "strasse"),
            ("\u{212a}im", "kim"),
        ] {
            assert_eq!(fold(one), fold(two), "{one} {two}");
        }
        assert_ne!(fold("ı"), fold("i"));
    }

    #[test]
    fn a_text_has_a_key_of_its_own_up_to_the_longest_key() {
        let longest = "B".repeat(LONGEST_KEY);
        assert_eq!(fold(&longest), longest.to_lowercase());
        assert_eq!(fold(&format!("{longest}b")), NOBODYS);
    }

    #[test]
    fn a_quoted_local_part_is_the_mailbox_that_it_means() {
        for (one, two) in [
            (r#""jk"@example.com"#, "jk@example.com"),
            (r#""J.K"@example.com"#, "j.k@EXAMPLE.com"),
            (r#""j\k"@example.com"#, "jk@example.com"),
            (r#""jk"@bücher.example"#, "jk@xn--bcher-kva.example"),
            (r#""a@b"@example.com"#, r#""a\@b"@example.com"#),
            (r#""\"x\\"@example.com"#, r#""\"\x\\"@example.com"#),
        ] {
            assert_eq!(fold(one), fold(two), "{one} {two}");
        }
        for quoted in
            [r#""a@b"@example.com"#, r#""a..b"@example.com"#, r#""a."@example.com"#, r#"""@example.com"#]
        {
            assert_eq!(fold(quoted), quoted, "it needs its quotes");
        }
        for no_string in [r#""a"b"@example.com"#, r#""a\"@example.com"#, r#""@example.com"#] {
            assert_eq!(fold(no_string), no_string);
        }
    }

    #[test]
    fn all_spellings_of_a_domain_are_one() {
        for (one, two) in [
            ("x@bücher.de", "x@xn--bcher-kva.de"),
            ("X@BÜCHER.DE", "x@XN--bcher-KVA.de"),
            ("x@bu\u{308}cher.de", "x@bücher.de"),
            ("x@straße.de", "x@xn--strae-oqa.de"),
            ("x＠例え。jp", "x@xn--r8jz45g.jp"),
            ("x@sub.ｂücher.de", "x@sub.xn--bcher-kva.de"),
            ("x@ΣΑΣ.gr", "x@σας.gr"),
            ("x@STRAẞE.de", "x@straße.de"),
            ("x@faß\u{ad}.de", "x@xn--fa-hia.de"),
        ] {
            assert_eq!(fold(one), fold(two), "{one} {two}");
        }
        assert_eq!(fold("x@xn--bcher-kva.de"), "x@bücher.de");
        assert_ne!(fold("x@straße.de"), fold("x@strasse.de"));
        assert_eq!(fold("x@XN--A.de"), "x@xn--a.de");
        assert_eq!(fold("xn--bcher-kva.de"), "xn--bcher-kva.de");
    }

    #[test]
    fn a_part_of_an_address_may_be_a_domain() {
        for part in ["XN--bcher-kva.de", "@xn--bcher-kva.de", "x@xn--bcher-kva.de", "Bücher", "straße.de"] {
            let whole = fold(&format!("x@{}", part.trim_start_matches("x@").trim_start_matches('@')));
            assert!(whole.contains(&fold_part(part)), "{part}");
        }
    }

    #[test]
    fn accents_do_not_matter_for_search_and_other_signs_do() {
        for (typed, plain) in [
            ("Øyvind", "oyvind"),
            ("MÜLLER", "muller"),
            ("Żółw", "zolw"),
            ("Đặng", "dang"),
            ("Straße", "strasse"),
            ("Ægir Þór", "aegir thor"),
            ("Ёлка", "елка"),
            ("Άννα", "αννα"),
            ("한국", "한국"),
            ("ガ", "ガ"),
            ("हिन्दी", "हिन्दी"),
        ] {
            assert_eq!(unaccented(&fold(typed)), plain, "{typed}");
        }
        assert_eq!(search_key("anna", "anna@example.com"), None);
        assert_eq!(search_key("øyvind", "oy@example.no").unwrap(), "oyvind\noy@example.no");
    }

    #[test]
    fn a_folded_text_has_no_nul() {
        assert_eq!(fold("A\0b"), "a\u{fffd}b");
        assert_eq!(fold("é\0@b\0"), "é\u{fffd}@b\u{fffd}");
        assert_eq!(fold_part("é\0"), "é\u{fffd}");
    }

    #[test]
    fn a_text_of_any_length_is_folded_at_once() {
        let domain = format!("X@{}", "é".repeat(4000));
        assert_eq!(fold(&domain), domain.to_lowercase());
        let longest = "\u{fdfa}".repeat(150);
        assert!(fold(&longest).len() <= LONGEST_KEY);
        let text = "\u{fdfa}".repeat(1_000_000);
        assert_eq!([fold(&text), fold_part(&text)], [NOBODYS, NOBODYS]);
    }

    #[test]
    fn every_single_character_has_a_stable_form_that_its_lower_case_shares() {
        for c in '\0'..=char::MAX {
            for text in [c.to_string(), format!("a{c}a"), format!("a@b{c}.de")] {
                let key = fold(&text);
                assert_eq!(fold(&key), key, "{text:?}");
                assert_eq!(fold(&text.to_lowercase()), key, "{text:?}");
            }
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(text in prop_oneof![
            any::<String>(), "\\PC{0,9}@\\PC{0,9}", "[a-z]{1,3}@(xn--)?[a-zßöς.-]{1,9}[.。][a-z]{2}",
        ]) {
            let key = fold(&text);
            prop_assert_eq!(fold(&key), key);
        }
    }
}
