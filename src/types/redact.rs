//! Redacts values for display: hides a password inside a URL and escapes control characters.
//!
//! Settings marked `secret` are never displayed; this is for URLs that may contain a password. If a text is
//! ambiguous, too much is hidden rather than too little.

use std::ops::Range;

const HIDDEN: &str = "***";

/// `value` without the passwords in it, and with control characters escaped.
pub(crate) fn redacted(value: &str) -> String {
    let part = |range: Range<usize>| value.get(range).unwrap_or("");
    let end = value.len();
    let safe = match (userinfo(value), parameter(value)) {
        (None, None) => value.to_owned(),
        (None, Some(from)) => format!("{}{HIDDEN}", part(0..from)),
        (Some(password), None) => {
            format!("{}{HIDDEN}{}", part(0..password.start), part(password.end..end))
        }
        (Some(password), Some(from)) if password.end < from => {
            let (user, host) = (part(0..password.start), part(password.end..from));
            format!("{user}{HIDDEN}{host}{HIDDEN}")
        }
        // One may be inside the other; which one is not known.
        (Some(password), Some(from)) => format!("{}{HIDDEN}", part(0..password.start.min(from))),
    };
    let escape = |c: char| match c.is_control() {
        true => c.escape_default().collect(),
        false => c.to_string(),
    };
    safe.chars().map(escape).collect()
}

/// `message`, which is about the URL `value`, unless it may contain a part of its password.
///
/// A password with a raw `@`, `/`, `?`, `#` or `%` is split by a parser that follows the standard, so that a
/// piece of it may be in the message, for example as a host name.
pub(crate) fn message(message: String, value: &str) -> String {
    let text = |range: Range<usize>| value.get(range).unwrap_or("");
    let secrets = [userinfo(value).map(text), parameter(value).map(|from| text(from..value.len()))];
    let tells = secrets.into_iter().flatten().any(|secret| {
        let first = secret.split('&').next().unwrap_or(secret);
        let is_ambiguous = first.contains(['@', '/', '?', '#']) || has_raw_percent(first);
        is_ambiguous || (!first.is_empty() && message.contains(first) && message.contains("URI"))
    });
    if tells {
        return "(the reason is withheld, because it may show a part of the password in the URL: write its \
                special characters percent-encoded, such as %40 for @)"
            .to_owned();
    }
    message
}

/// Whether a percent sign stands for itself.
fn has_raw_percent(text: &str) -> bool {
    text.match_indices('%').any(|(at, _)| {
        let code = text.get(at + 1..at + 3);
        !code.is_some_and(|code| code.bytes().all(|byte| byte.is_ascii_hexdigit()))
    })
}

/// The range of the password of `scheme://user:password@host`. It may contain an `@`, `/` or `?` that is not
/// percent-encoded, so it reaches to the last `@`.
fn userinfo(value: &str) -> Option<Range<usize>> {
    let is_scheme = |start: &&str| start.chars().all(|c| c.is_ascii_alphanumeric());
    let scheme = value.split_once("://").map(|(scheme, _)| scheme);
    let authority = scheme.filter(is_scheme).map_or(0, |scheme| scheme.len() + "://".len());
    let (userinfo, _) = value.get(authority..)?.rsplit_once('@')?;
    let start = authority + userinfo.find(':')? + 1;
    Some(start..authority + userinfo.len())
}

/// The start of the value of `…?password=…` or `password=…` (libpq accepts both: PostgreSQL documentation,
/// "Connection Strings"). The value is taken to reach to the end of the text.
fn parameter(value: &str) -> Option<usize> {
    let lower = value.to_ascii_lowercase();
    let named = lower.find("pass").into_iter();
    // Any letter of the name may be percent-encoded.
    let encoded = lower.find('?').and_then(|query| Some(query + lower.get(query..)?.find('%')?));
    named.chain(encoded).filter_map(|at| Some(at + lower.get(at..)?.find('=')? + 1)).min()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_password_in_a_url_is_hidden_and_the_rest_stays() {
        assert_eq!(redacted("postgres://u:pw@db:5432/x?a=b"), "postgres://u:***@db:5432/x?a=b");
        assert_eq!(redacted("postgres://u@db/x"), "postgres://u@db/x");
        assert_eq!(redacted("postgres:u:pw@db"), "postgres:***@db");
    }

    #[test]
    fn a_password_parameter_is_hidden() {
        assert_eq!(redacted("postgres://db/x?user=u&password=pw"), "postgres://db/x?user=u&password=***");
        assert_eq!(redacted("postgres://db/x?p%61ssword=pw"), "postgres://db/x?p%61ssword=***");
        assert_eq!(redacted("host=db Password=pw"), "host=db Password=***");
    }

    #[test]
    fn other_values_stay_as_they_are() {
        for value in ["127.0.0.1:8000", "sqlite:/srv/accounts.db", "https://a.example:8443", "40"] {
            assert_eq!(redacted(value), value);
        }
    }

    #[test]
    fn control_characters_are_escaped() {
        assert_eq!(redacted("a\n\u{1b}[31m"), "a\\n\\u{1b}[31m");
    }

    #[test]
    fn a_message_of_libpq_is_withheld_if_it_may_contain_a_part_of_the_password() {
        let said = |text: &str, url: &str| message(text.to_owned(), url) == text;
        let refused = "connection to server at \"db\", port 5432 failed: Connection refused";
        assert!(said(refused, "postgres://u:pw@db/x?sslmode=require"));
        assert!(
            said(refused, "postgres://u:p%40w@db/x") && said(refused, "postgres://db/x?password=p%40w&a=/b")
        );
        assert!(said("no \"pw\" here", "postgres://u:pw@db/x"), "a word that only looks like it");
        assert!(!said("invalid URI query parameter: \"postgres://u:pw@db?y\"", "postgres://u:pw@db?y"));
        for password in ["p@w", "p/w", "p?w", "p#w", "p%w", "p%4"] {
            assert!(!said(refused, &format!("postgres://u:{password}@db/x")), "{password}");
        }
    }

    proptest! {
        #[test]
        fn no_password_of_a_url_is_displayed(password in "[ -~]{0,20}S3cret[ -~]{0,20}") {
            let urls = [
                format!("postgres://user:{password}@host/db?sslmode=require"),
                format!("postgress://user:{password}@host"),
                format!("user:x{password}@host"),
                format!("postgres://host/db?password={password}"),
                format!("postgres://user:x@host/db?sslpassword={password}&a=b"),
            ];
            for url in urls {
                prop_assert!(!redacted(&url).contains("S3cret"), "{url}");
            }
        }
    }
}
