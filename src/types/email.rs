//! `Email`: an address that Django accepts, and the key by which it is matched and unique. Whether it is free
//! or can receive mail is not checked here.

use std::fmt;
use std::net::IpAddr;

use serde::Serialize;
use stringprep::tables;
use unicode_normalization::UnicodeNormalization;

use super::fold::{fold, fold_fully, fold_part, lower_case, unquoted};
use super::text::trimmed;

/// An address as it is stored: as typed, except that the domain of a new account's address is in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct Email(String);

impl Email {
    /// The maximum length in characters (`django/db/models/fields/__init__.py`,
    /// `EmailField`).
    pub const MAX_CHARS: usize = 254;

    /// Reads the address of a new account as DRF's `EmailField` does: trims it, and puts the domain into lower
    /// case (`django/contrib/auth/base_user.py`,
    /// `normalize_email`).
    ///
    /// # Errors
    /// Every rule that the address breaks, in DRF's order.
    pub fn parse(typed: &str) -> Result<Self, EmailError> {
        let Self(address) = Self::as_typed(typed)?;
        Ok(match address.rsplit_once('@') {
            Some((user, domain)) => Self(format!("{user}@{}", domain.to_lowercase())),
            None => Self(address),
        })
    }

    /// Reads the new address of an existing account. The reference server leaves its domain as typed.
    pub fn as_typed(typed: &str) -> Result<Self, EmailError> {
        let address = trimmed(typed);
        let broken = broken_rules(address);
        if broken.is_empty() { Ok(Self(address.to_owned())) } else { Err(EmailError(broken)) }
    }

    /// Takes an address from the database without checking it.
    pub fn from_stored(address: String) -> Self {
        Self(address)
    }

    /// The address as stored.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether there is no address: of a user that was imported without one. No mail goes there, and no login or
    /// look-up matches it.
    pub fn is_blank(&self) -> bool {
        trimmed(&self.0).is_empty()
    }

    /// `r…@example.com`: its owner recognises it. For readers who need not be the owner.
    pub(crate) fn masked(&self) -> String {
        match self.0.rsplit_once('@') {
            Some((user, domain)) => format!("{}…@{domain}", user.chars().take(1).collect::<String>()),
            None => "…".to_owned(),
        }
    }

    /// [`Self::masked`] beside another address; whole, if that looks the same masked.
    pub(crate) fn masked_beside(&self, other: &Self) -> String {
        if self.masked() == other.masked() { self.0.clone() } else { self.masked() }
    }

    /// Whether both surely are one mailbox: they differ at most in the case of ASCII letters and in needless
    /// quotes before the `@`, and in the spelling of one domain. Two addresses with the same key may be two
    /// mailboxes: only the key takes `K` (U+212A) for a `k`.
    pub fn is_same_mailbox(&self, other: &Self) -> bool {
        let user = |email: &Self| {
            email.0.rsplit_once('@').map_or(email.0.clone(), |(user, _)| unquoted(user).into_owned())
        };
        user(self).eq_ignore_ascii_case(&user(other)) && self.key() == other.key()
    }

    /// The key, by which a login is matched. No two users have the same, unless it is blank.
    pub fn key(&self) -> EmailKey {
        EmailKey::of(&self.0)
    }

    /// The keys that a user with this address may have: [`EmailKey::of_stored`].
    pub fn keys(&self) -> Vec<EmailKey> {
        EmailKey::of_stored(&self.0)
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An address as it is compared: without letter case, and its domain in one spelling (`types::fold`).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EmailKey(String);

impl EmailKey {
    /// The key of any text, address or not.
    pub fn of(text: &str) -> Self {
        Self(fold(text))
    }

    /// What the keys of all addresses with this part contain. The part may be a domain.
    pub fn of_part(text: &str) -> Self {
        Self(fold_part(text))
    }

    /// The keys that a stored address may have: before its own the one of an earlier version, which an address
    /// keeps whose own key another user has (`store::tables::stale_keys`). Mostly they are the same. No keys for a
    /// blank text, which is the address of any number of users.
    pub fn of_stored(text: &str) -> Vec<Self> {
        let key = Self::of(text);
        if key.0.is_empty() {
            return Vec::new();
        }
        let earlier = Self(if text.is_ascii() {
            text.to_ascii_lowercase()
        } else {
            lower_case(text.chars()).collect()
        });
        if earlier == key || earlier.0.contains('\0') { vec![key] } else { vec![earlier, key] }
    }

    /// The key for the database.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The rules that an address breaks, at least one, in DRF's order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EmailError(Vec<EmailRule>);

impl EmailError {
    /// The broken rules. Their `Display` is DRF's text.
    pub fn rules(&self) -> &[EmailRule] {
        &self.0
    }

    /// DRF's texts, as in the list under the field's name.
    pub fn messages(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }
}

impl fmt::Display for EmailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.messages().join(" "))
    }
}

impl std::error::Error for EmailError {}

/// A rule for a new address, with the text of DRF or Django.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum EmailRule {
    /// `rest_framework/fields.py`, `CharField`.
    #[error("This field may not be blank.")]
    Blank,
    /// `django/core/validators.py`, `MaxLengthValidator`.
    #[error("Ensure this field has no more than {max} characters.", max = Email::MAX_CHARS)]
    TooLong,
    /// `django/core/validators.py`, `ProhibitNullCharactersValidator`.
    #[error("Null characters are not allowed.")]
    NullCharacter,
    /// `django/core/validators.py`, `EmailValidator`.
    #[error("Enter a valid email address.")]
    Invalid,
}

fn broken_rules(address: &str) -> Vec<EmailRule> {
    if address.is_empty() {
        return vec![EmailRule::Blank];
    }
    [
        (address.chars().count() > Email::MAX_CHARS, EmailRule::TooLong),
        (address.contains('\0'), EmailRule::NullCharacter),
        (!is_address(address), EmailRule::Invalid),
    ]
    .into_iter()
    .filter_map(|(broken, rule)| broken.then_some(rule))
    .collect()
}

/// `EmailValidator.__call__`, whose own limit of 320 characters is RFC 3696's.
fn is_address(address: &str) -> bool {
    let Some((user, domain)) = address.rsplit_once('@') else {
        return false;
    };
    address.chars().count() <= 320
        && (is_dot_atom(user) || is_quoted_string(user))
        && (domain == "localhost"
            || is_domain(domain)
            || to_ascii(domain).is_some_and(|domain| is_domain(&domain)))
}

fn is_dot_atom(user: &str) -> bool {
    let allowed = |c| is_letter_or_digit(c) || "-!#$%&'*+/=?^_`{}|~".contains(c);
    user.split('.').all(|atom| !atom.is_empty() && atom.chars().all(allowed))
}

fn is_quoted_string(user: &str) -> bool {
    let inside = user.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
    let Some(inside) = inside else { return false };
    let ascii = |c: char| c.is_ascii() && !matches!(c, '\0' | '\n' | '\r');
    let mut chars = inside.chars();
    while let Some(c) = chars.next() {
        let good = match c {
            '\\' => chars.next().is_some_and(|c| ascii(c) || is_letter_or_digit(c)),
            '"' | '\t' | ' ' => false,
            _ => ascii(c) || is_letter_or_digit(c),
        };
        if !good {
            return false;
        }
    }
    true
}

/// `[A-Z0-9]` as Python's `re.IGNORECASE` reads it: four letters beyond ASCII have an ASCII letter
/// as their other case.
fn is_letter_or_digit(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, 'İ' | 'ı' | 'ſ' | '\u{212a}')
}

/// `EmailValidator.validate_domain_part`: a host name of two labels or more, or an IP address in
/// brackets.
fn is_domain(domain: &str) -> bool {
    if let Some((hosts, top)) = domain.rsplit_once('.')
        && hosts.split('.').all(|label| is_label(label) && !label.starts_with('-'))
        && is_label(top)
        && top.chars().count() >= 2
    {
        return true;
    }
    domain
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .is_some_and(|literal| literal.parse::<IpAddr>().is_ok())
}

/// RFC 1034 §3.1: at most 63 characters, letters, digits and hyphens, no hyphen at the end.
fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.chars().count())
        && label.chars().all(|c| is_letter_or_digit(c) || c == '-')
        && !label.ends_with('-')
}

/// An internationalised domain in ASCII, by the rules of 2003 that Python's `idna` codec follows
/// (RFC 3490 §4.1, RFC 3491). `None`: it has no such form, or is ASCII already.
fn to_ascii(domain: &str) -> Option<String> {
    if domain.is_ascii() {
        return None;
    }
    let labels: Option<Vec<String>> = domain.split(['.', '。', '．', '｡']).map(label_to_ascii).collect();
    labels.map(|labels| labels.join("."))
}

fn label_to_ascii(label: &str) -> Option<String> {
    // An ASCII label needs no preparation, and punycode is slow for long text.
    if label.is_ascii() {
        return Some(label.to_owned());
    }
    let prepared = prepare_label(label)?;
    if prepared.is_ascii() {
        return Some(prepared);
    }
    if prepared.starts_with("xn--") {
        return None;
    }
    idna::punycode::encode_str(&prepared).map(|encoded| format!("xn--{encoded}"))
}

/// RFC 3491 (nameprep): case-folded (RFC 3454, tables B.2 and B.3), NFKC, no forbidden character, no mixed writing directions.
///
/// Exact for Unicode 3.2, the version of the RFC. Python does not change younger characters. Here they are
/// normalised, and the left-to-right ones count as such, so that a few contrived domains are refused that
/// Python accepts (a hyphen before U+1D2C, a Hebrew label with U+0234 in it).
fn prepare_label(label: &str) -> Option<String> {
    let visible = label.chars().filter(|&c| !tables::commonly_mapped_to_nothing(c));
    let folded: String = fold_fully(visible).nfkc().collect();
    let prepared: String = fold_fully(folded.chars()).nfkc().collect();
    let mixed = prepared.contains(is_right_to_left)
        && !(prepared.starts_with(is_right_to_left)
            && prepared.ends_with(is_right_to_left)
            && !prepared.contains(is_left_to_right));
    (!mixed && !prepared.contains(is_prohibited)).then_some(prepared)
}

/// RFC 3454, tables C.1.2 and C.2.2 to C.9. C.5, surrogates, are no `char`.
fn is_prohibited(c: char) -> bool {
    tables::non_ascii_space_character(c)
        || tables::non_ascii_control_character(c)
        || tables::private_use(c)
        || tables::non_character_code_point(c)
        || tables::inappropriate_for_plain_text(c)
        || tables::inappropriate_for_canonical_representation(c)
        || tables::change_display_properties_or_deprecated(c)
        || tables::tagging_character(c)
}

/// RFC 3454, table D.1: the letters of Hebrew, Arabic, Syriac and Thaana. The crate takes the direction
/// from today's Unicode; table A.1 leaves the characters of Unicode 3.2.
fn is_right_to_left(c: char) -> bool {
    tables::bidi_r_or_al(c) && !tables::unassigned_code_point(c)
}

/// RFC 3454, table D.2: the letters, numbers and signs of the scripts written from left to right, as far
/// as they outlast [`prepare_label`]. A table of our own: `stringprep::tables::bidi_l` differs from the
/// RFC's for 265 of these characters, such as U+2800 (Braille), whose direction Unicode changed later.
fn is_left_to_right(c: char) -> bool {
    matches!(c, '\u{41}'..='\u{5a}' | '\u{61}'..='\u{7a}' | '\u{c0}'..='\u{d6}'
        | '\u{d8}'..='\u{f6}' | '\u{f8}'..='\u{2ad}' | '\u{2bb}'..='\u{2c1}'
        | '\u{2d0}'..='\u{2d1}' | '\u{2ee}' | '\u{386}'..='\u{3f3}' | '\u{400}'..='\u{482}'
        | '\u{48a}'..='\u{4ce}' | '\u{4d0}'..='\u{589}' | '\u{903}'..='\u{939}'
        | '\u{93d}'..='\u{940}' | '\u{949}'..='\u{94c}' | '\u{950}' | '\u{960}'..='\u{961}'
        | '\u{964}'..='\u{970}' | '\u{982}'..='\u{9b9}' | '\u{9be}'..='\u{9c0}'
        | '\u{9c7}'..='\u{9cc}' | '\u{9d7}'..='\u{9e1}' | '\u{9e6}'..='\u{9f1}'
        | '\u{9f4}'..='\u{9fa}' | '\u{a05}'..='\u{a39}' | '\u{a3e}'..='\u{a40}'
        | '\u{a5c}'..='\u{a6f}' | '\u{a72}'..='\u{a74}' | '\u{a83}'..='\u{ab9}'
        | '\u{abd}'..='\u{ac0}' | '\u{ac9}'..='\u{acc}' | '\u{ad0}'..='\u{aef}'
        | '\u{b02}'..='\u{b39}' | '\u{b3d}'..='\u{b3e}' | '\u{b40}' | '\u{b47}'..='\u{b4c}'
        | '\u{b57}'..='\u{b70}' | '\u{b83}'..='\u{bbf}' | '\u{bc1}'..='\u{bcc}'
        | '\u{bd7}'..='\u{c39}' | '\u{c41}'..='\u{c44}' | '\u{c60}'..='\u{cbe}'
        | '\u{cc0}'..='\u{cc4}' | '\u{cc7}'..='\u{ccb}' | '\u{cd5}'..='\u{d40}'
        | '\u{d46}'..='\u{d4c}' | '\u{d57}'..='\u{dc6}' | '\u{dcf}'..='\u{dd1}'
        | '\u{dd8}'..='\u{e30}' | '\u{e32}' | '\u{e40}'..='\u{e46}' | '\u{e4f}'..='\u{eb0}'
        | '\u{eb2}' | '\u{ebd}'..='\u{ec6}' | '\u{ed0}'..='\u{f17}' | '\u{f1a}'..='\u{f34}'
        | '\u{f36}' | '\u{f38}' | '\u{f3e}'..='\u{f6a}' | '\u{f7f}' | '\u{f85}'
        | '\u{f88}'..='\u{f8b}' | '\u{fbe}'..='\u{fc5}' | '\u{fc7}'..='\u{102c}' | '\u{1031}'
        | '\u{1038}' | '\u{1040}'..='\u{1057}' | '\u{10a0}'..='\u{13f5}'
        | '\u{1401}'..='\u{1676}' | '\u{1681}'..='\u{169a}'
        | '\u{16a0}'..='\u{1711}' | '\u{1720}'..='\u{1731}' | '\u{1735}'..='\u{1751}'
        | '\u{1760}'..='\u{1770}' | '\u{1780}'..='\u{17b6}' | '\u{17be}'..='\u{17c5}'
        | '\u{17c7}'..='\u{17c8}' | '\u{17d4}'..='\u{17da}' | '\u{17dc}'..='\u{17e9}'
        | '\u{1810}'..='\u{18a8}' | '\u{1e00}'..='\u{1ffc}' | '\u{2180}'..='\u{2183}'
        | '\u{2336}'..='\u{237a}' | '\u{2395}' | '\u{3005}'..='\u{3007}' | '\u{3021}'..='\u{3029}'
        | '\u{3031}'..='\u{3035}' | '\u{303b}'..='\u{303c}' | '\u{3041}'..='\u{3096}'
        | '\u{309d}'..='\u{309e}' | '\u{30a1}'..='\u{30fa}' | '\u{30fc}'..='\u{a48c}'
        | '\u{ac00}'..='\u{fa29}' | '\u{10300}'..='\u{1d166}' | '\u{1d16a}'..='\u{1d172}'
        | '\u{1d183}'..='\u{1d184}' | '\u{1d18c}'..='\u{1d1a9}' | '\u{1d1ae}'..='\u{2a6d6}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Recorded from Django 4.2.3 with DRF 3.14.
    const RECORDED: &str = include_str!("../../tests/vectors/django_identifiers.json");

    #[test]
    fn every_recorded_address_is_judged_as_by_django() {
        let recorded: serde_json::Value = serde_json::from_str(RECORDED).unwrap();
        for case in recorded["emails"].as_array().unwrap() {
            let typed = case["typed"].as_str().unwrap();
            let ours = match Email::parse(typed) {
                Ok(email) => serde_json::json!({"typed": typed, "stored": email}),
                Err(error) => serde_json::json!({"typed": typed, "errors": error.messages()}),
            };
            assert_eq!(&ours, case);
        }
    }

    #[test]
    fn the_domain_is_put_into_lower_case_and_the_user_is_not() {
        let email = Email::parse(" John.Doe@EXAMPLE.Com\n").unwrap();
        assert_eq!(email.to_string(), "John.Doe@example.com");
        assert_eq!(email.key().as_str(), "john.doe@example.com");
    }

    #[test]
    fn the_new_address_of_an_account_stays_as_typed() {
        let email = Email::as_typed(" John.Doe@EXAMPLE.Com\n").unwrap();
        assert_eq!(email.to_string(), "John.Doe@EXAMPLE.Com");
        assert_eq!(email.key(), Email::parse("john.doe@example.com").unwrap().key());
    }

    #[test]
    fn addresses_are_one_mailbox_if_only_their_ascii_case_differs() {
        let [plain, upper, kelvin] = ["kim@example.com", "KIM@Example.com", "\u{212a}im@example.com"]
            .map(|e| Email::parse(e).unwrap());
        assert!(plain.is_same_mailbox(&upper));
        assert_eq!(plain.key(), kelvin.key());
        assert!(!plain.is_same_mailbox(&kelvin));
    }

    #[test]
    fn all_broken_rules_are_listed_in_drfs_order() {
        let error = Email::parse(&format!("\0{}", "x".repeat(254))).unwrap_err();
        let expected = [EmailRule::TooLong, EmailRule::NullCharacter, EmailRule::Invalid];
        assert_eq!(error.rules(), expected);
        assert_eq!(
            error.to_string(),
            "Ensure this field has no more than 254 characters. \
             Null characters are not allowed. Enter a valid email address."
        );
    }

    #[test]
    fn takes_254_characters_and_no_more() {
        let of = |count: usize| format!("{}@example.com", "x".repeat(count - 12));
        assert!(Email::parse(&of(254)).is_ok());
        let error = Email::parse(&of(255)).unwrap_err();
        assert_eq!(error.rules(), [EmailRule::TooLong]);
    }

    #[test]
    fn the_spellings_of_a_domain_are_one_mailbox() {
        let [unicode, ascii, other] =
            ["x@bücher.de", "X@xn--bcher-kva.de", "x@bucher.de"].map(|e| Email::parse(e).unwrap());
        assert_eq!(unicode.key(), ascii.key());
        assert!(unicode.is_same_mailbox(&ascii));
        assert!(!unicode.is_same_mailbox(&other));
    }

    #[test]
    fn both_greek_sigmas_share_a_key() {
        assert_eq!(EmailKey::of("ΟΔΟΣ"), EmailKey::of("οδος"));
        assert_eq!(EmailKey::of("ΟΔΟΣ"), EmailKey::of("οδοσ"));
    }

    #[test]
    fn a_stored_address_is_not_checked() {
        assert_eq!(Email::from_stored("A@B".to_owned()).as_str(), "A@B");
    }

    #[test]
    fn an_email_is_a_string_in_json() {
        let email = Email::parse("a@b.co").unwrap();
        assert_eq!(serde_json::to_string(&email).unwrap(), "\"a@b.co\"");
    }

    fn address() -> impl Strategy<Value = String> {
        prop_oneof![
            any::<String>(),
            "[a-zA-Z0-9.+ſ]{1,8}@[a-zA-Z0-9é漢אßİ-]{1,8}[.。][a-zA-Z-]{2,5}",
            "\"\\PC{0,6}\"@(\\[[0-9a-f:.]{2,15}\\]|\\PC{1,9}\\.com)",
        ]
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_with_a_reason(text in address()) {
            match Email::parse(&text) {
                Ok(email) => prop_assert!(email.as_str().contains('@')),
                Err(error) => prop_assert!(!error.rules().is_empty()),
            }
        }

        #[test]
        fn the_key_of_a_key_is_itself(text in any::<String>()) {
            let key = EmailKey::of(&text);
            prop_assert_eq!(EmailKey::of(key.as_str()), key);
        }

        #[test]
        fn an_address_and_its_lower_case_share_a_key(text in address()) {
            if let (Ok(one), Ok(two)) = (Email::parse(&text), Email::parse(&text.to_lowercase())) {
                prop_assert_eq!(one.key(), two.key());
            }
        }

        #[test]
        fn an_ascii_address_and_its_upper_case_share_a_key(text in "[a-z.]{1,9}@[a-z]{2}[.][a-z]{2}") {
            if let (Ok(one), Ok(two)) = (Email::parse(&text), Email::parse(&text.to_uppercase())) {
                prop_assert_eq!(one.key(), two.key());
            }
        }
    }

    #[test]
    fn a_masked_address_has_one_character_and_its_domain() {
        let masked = |text| Email::parse(text).unwrap().masked();
        assert_eq!(masked("robert@example.com"), "r…@example.com");
        assert_eq!(masked("r@example.com"), "r…@example.com");
    }

    #[test]
    fn a_masked_address_beside_one_that_looks_the_same_is_whole() {
        let email = |text| Email::parse(text).unwrap();
        let beside = |other| email("robert2@example.com").masked_beside(&email(other));
        assert_eq!(beside("robert@example.com"), "robert2@example.com");
        assert_eq!(beside("robert@example.org"), "r…@example.com");
    }
}
