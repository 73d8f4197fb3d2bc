//! From text to a value: numbers, switches, lengths of time, sizes, lists.
//!
//! Called by `validate`. Each parser's error says what is allowed and never repeats the text, which
//! may be a secret.

use std::{
    fmt::Display,
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use ipnet::IpNet;

/// A value, or what is allowed, as a clause that follows a semicolon.
pub(super) type Parsed<T> = Result<T, String>;

const UNITS: [(&str, usize); 4] = [("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("b", 1)];

/// An IP address and port. No name is resolved.
pub(super) fn listen(text: &str) -> Parsed<SocketAddr> {
    text.parse().map_err(|_| {
        "expected an IP address and a port, such as 127.0.0.1:8000, or 0.0.0.0:8000 for all \
         addresses"
            .to_owned()
    })
}

/// A whole number within bounds.
pub(super) fn number<N>(text: &str, allowed: RangeInclusive<N>) -> Parsed<N>
where
    N: FromStr + PartialOrd + Display,
{
    text.parse().ok().filter(|number| allowed.contains(number)).ok_or_else(|| {
        let (least, most) = (allowed.start(), allowed.end());
        format!("expected a whole number from {least} to {most}")
    })
}

/// `true` or `false`.
pub(super) fn switch(text: &str) -> Parsed<bool> {
    text.parse().map_err(|_| "expected true or false".to_owned())
}

/// One of a few words, in any letter case.
pub(super) fn choice<T: Copy>(text: &str, words: &[(&str, T)]) -> Parsed<T> {
    let found = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
    found.map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        format!("expected one of {}", words.join(", "))
    })
}

/// A length of time in whole seconds, written with units, within bounds.
pub(super) fn duration(text: &str, allowed: RangeInclusive<Duration>) -> Parsed<Duration> {
    humantime::parse_duration(text)
        .ok()
        .filter(|length| allowed.contains(length) && length.subsec_nanos() == 0)
        .ok_or_else(|| {
            let least = humantime::format_duration(*allowed.start());
            let most = humantime::format_duration(*allowed.end());
            format!(
                "expected a length of time in whole seconds from {least} to {most}, such as 30s, \
                 5m, 12h or 1d"
            )
        })
}

/// A line of text, of a length in characters within bounds.
pub(super) fn line(text: &str, allowed: RangeInclusive<usize>) -> Parsed<String> {
    let fits = allowed.contains(&text.chars().count()) && !text.contains(char::is_control);
    fits.then(|| text.to_owned()).ok_or_else(|| {
        let (least, most) = (allowed.start(), allowed.end());
        format!("expected a line of {least} to {most} characters")
    })
}

/// The name of a file or folder. Whether it is there is not asked.
pub(super) fn path(text: &str) -> Parsed<PathBuf> {
    (!text.is_empty()).then(|| PathBuf::from(text)).ok_or_else(|| "expected the name of a file".to_owned())
}

/// A size in bytes: a plain number, or one with B, KiB, MiB or GiB, within bounds.
pub(super) fn size(text: &str, allowed: RangeInclusive<usize>) -> Parsed<usize> {
    let lower = text.to_ascii_lowercase();
    let (digits, unit) = UNITS
        .iter()
        .find_map(|(name, unit)| Some((lower.strip_suffix(name)?.trim_end(), *unit)))
        .unwrap_or((&lower, 1));
    let bytes = digits.parse::<usize>().ok().and_then(|n| n.checked_mul(unit));
    bytes.filter(|bytes| allowed.contains(bytes)).ok_or_else(|| {
        let (least, most) = (allowed.start(), allowed.end());
        format!("expected a size from {least} to {most} bytes, such as 65536, 64 KiB or 4 MiB")
    })
}

/// Items separated by commas; the empty text is the empty list.
pub(super) fn list<T>(text: &str, item: impl Fn(&str) -> Parsed<T>) -> Parsed<Vec<T>> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    text.split(',').map(|part| item(part.trim())).collect()
}

/// A network in CIDR notation, or a single address; an IPv4 address in IPv6 dress is plain IPv4.
pub(super) fn network(text: &str) -> Parsed<IpNet> {
    let single = || text.parse::<IpAddr>().map(|ip| IpNet::from(ip.to_canonical()));
    text.parse::<IpNet>().or_else(|_| single()).map_err(|_| {
        "expected IP addresses or networks, such as 10.0.0.1 or 10.0.0.0/8, separated by commas".to_owned()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn listen_takes_an_address_and_a_port_and_no_name() {
        assert!(listen("[::1]:8000").is_ok());
        for text in [":8000", "localhost:8000", "8000", "127.0.0.1", ""] {
            assert!(listen(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_size_may_have_a_binary_unit() {
        let read = |text| size(text, 0..=usize::MAX).ok();
        assert_eq!(read("4194304"), Some(4_194_304));
        assert_eq!(read("64 KiB"), Some(65_536));
        assert_eq!(read("4mib"), Some(4 << 20));
        assert_eq!(read("12 B"), Some(12));
        for text in ["", "KiB", "-1", "1.5 MiB", "4 MB", "99999999999999 GiB"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_duration_is_whole_seconds_with_a_unit() {
        let read = |text| duration(text, SECOND..=SECOND * 100_000).ok();
        assert_eq!(read("1d"), Some(SECOND * 86_400));
        assert_eq!(read("1h 30m"), Some(SECOND * 5_400));
        for text in ["300", "", "1500ms", "0s", "2d", "-5s"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn a_network_is_an_address_or_a_cidr_block() {
        assert_eq!(network("10.0.0.1").unwrap().to_string(), "10.0.0.1/32");
        assert_eq!(network("::ffff:10.0.0.1").unwrap().to_string(), "10.0.0.1/32");
        assert_eq!(network("fd00::/8").unwrap().to_string(), "fd00::/8");
        for text in ["10.0.0.0/33", "proxy.example.com", ""] {
            assert!(network(text).is_err(), "{text}");
        }
    }

    #[test]
    fn a_list_is_split_at_commas_and_one_bad_item_spoils_it() {
        let read = |text| list(text, |item| number(item, 1..=9)).ok();
        assert_eq!(read(" "), Some(vec![]));
        assert_eq!(read("1, 2,3"), Some(vec![1, 2, 3]));
        assert_eq!(read("1,,2"), None);
    }

    proptest! {
        #[test]
        fn no_parser_panics(text in any::<String>()) {
            let _ = listen(&text);
            let _ = number(&text, 0_u32..=9);
            let _ = duration(&text, SECOND..=SECOND * 9);
            let _ = size(&text, 0..=9);
            let _ = list(&text, network);
        }

        #[test]
        fn a_number_in_bounds_reads_back(n in 4_u32..=31) {
            prop_assert_eq!(number(&n.to_string(), 4..=31), Ok(n));
        }
    }
}
