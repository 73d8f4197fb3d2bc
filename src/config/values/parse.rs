//! From text to a value: numbers, switches, lengths of time, sizes, lists.
//!
//! The error of each parser says what is allowed. It never repeats the text, which may be a secret.

use std::{
    fmt::Display,
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
    path::PathBuf,
    str::FromStr,
    time::Duration,
};

use ipnet::IpNet;

use crate::types::{DataKey, DatabaseUrl, DatabaseUrlError, SigningKey};

pub(crate) const SECOND: Duration = Duration::from_secs(1);
pub(crate) const MINUTE: Duration = Duration::from_secs(60);
pub(crate) const HOUR: Duration = Duration::from_secs(60 * 60);
pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// More threads than this only exhaust the machine.
pub(crate) const MAX_THREADS: usize = 1024;

/// A value, or what is allowed, as a clause that follows a semicolon.
pub(crate) type Parsed<T> = Result<T, String>;

const UNITS: [(&str, usize); 4] = [("kib", 1 << 10), ("mib", 1 << 20), ("gib", 1 << 30), ("b", 1)];

/// An IP address and port. No name is resolved.
pub(crate) fn listen(text: &str) -> Parsed<SocketAddr> {
    text.parse().map_err(|_| {
        "expected an IP address and a port, such as 127.0.0.1:8000, or 0.0.0.0:8000 for all \
         addresses"
            .to_owned()
    })
}

/// A whole number within bounds.
pub(crate) fn number<N>(text: &str, allowed: RangeInclusive<N>) -> Parsed<N>
where
    N: FromStr + PartialOrd + Display,
{
    text.parse().ok().filter(|number| allowed.contains(number)).ok_or_else(|| {
        let (least, most) = (allowed.start(), allowed.end());
        format!("expected a whole number from {least} to {most}")
    })
}

/// `true` or `false`.
pub(crate) fn switch(text: &str) -> Parsed<bool> {
    text.parse().map_err(|_| "expected true or false".to_owned())
}

/// One of a few words, in any letter case.
pub(crate) fn choice<T: Copy>(text: &str, words: &[(&str, T)]) -> Parsed<T> {
    let known = words.iter().find(|(word, _)| word.eq_ignore_ascii_case(text));
    known.map(|(_, value)| *value).ok_or_else(|| {
        let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        format!("expected one of {}", words.join(", "))
    })
}

/// A length of time in whole seconds, written with units, within bounds.
pub(crate) fn duration(text: &str, allowed: RangeInclusive<Duration>) -> Parsed<Duration> {
    humantime::parse_duration(text)
        .ok()
        .filter(|length| allowed.contains(length) && length.subsec_nanos() == 0)
        .ok_or_else(|| {
            let (least, most) = (in_units(*allowed.start()), in_units(*allowed.end()));
            format!(
                "expected a length of time in whole seconds from {least} to {most}, such as 30s, \
                 5m, 12h or 1d"
            )
        })
}

/// A length of time in the largest unit that gives a whole number: `90s`, `5m`, `3650d`.
pub(crate) fn in_units(length: Duration) -> String {
    let seconds = length.as_secs();
    let units = [(DAY, "d"), (HOUR, "h"), (MINUTE, "m")];
    let unit = units.iter().find(|(unit, _)| seconds > 0 && seconds.is_multiple_of(unit.as_secs()));
    unit.map_or_else(|| format!("{seconds}s"), |(unit, name)| format!("{}{name}", seconds / unit.as_secs()))
}

/// A line of text, of a length in characters within bounds.
pub(crate) fn line(text: &str, allowed: RangeInclusive<usize>) -> Parsed<String> {
    let fits = allowed.contains(&text.chars().count()) && !text.contains(char::is_control);
    fits.then(|| text.to_owned()).ok_or_else(|| {
        let (least, most) = (allowed.start(), allowed.end());
        format!("expected a line of {least} to {most} characters")
    })
}

/// The name of a file or folder, which need not exist yet.
pub(crate) fn path(text: &str) -> Parsed<PathBuf> {
    (!text.is_empty()).then(|| PathBuf::from(text)).ok_or_else(|| "expected the name of a file".to_owned())
}

/// A size in bytes: a plain number, or one with B, KiB, MiB or GiB, within bounds.
pub(crate) fn size(text: &str, allowed: RangeInclusive<usize>) -> Parsed<usize> {
    let lower = text.to_ascii_lowercase();
    let (digits, unit) = UNITS
        .iter()
        .find_map(|(name, unit)| Some((lower.strip_suffix(name)?.trim_end(), *unit)))
        .unwrap_or((&lower, 1));
    let bytes = digits.parse::<usize>().ok().and_then(|n| n.checked_mul(unit));
    bytes.filter(|bytes| allowed.contains(bytes)).ok_or_else(|| {
        let (least, most) = (in_size_units(*allowed.start()), in_size_units(*allowed.end()));
        format!("expected a size from {least} to {most}, such as 65536, 64 KiB or 4 MiB")
    })
}

/// A size in the largest unit that gives a whole number: `64 KiB`.
pub(crate) fn in_size_units(bytes: usize) -> String {
    let units = [(1 << 30, "GiB"), (1 << 20, "MiB"), (1 << 10, "KiB")];
    let unit = units.iter().find(|(unit, _)| bytes > 0 && bytes.is_multiple_of(*unit));
    unit.map_or_else(|| format!("{bytes} bytes"), |(unit, name)| format!("{} {name}", bytes / unit))
}

/// Items separated by commas; the empty text is the empty list.
pub(crate) fn list<T>(text: &str, item: impl Fn(&str) -> Parsed<T>) -> Parsed<Vec<T>> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    text.split(',').map(|part| item(part.trim())).collect()
}

/// A length of time up to ten years; `off` is none.
pub(crate) fn duration_or_off(text: &str) -> Parsed<Duration> {
    if text.eq_ignore_ascii_case("off") {
        return Ok(Duration::ZERO);
    }
    duration(text, Duration::ZERO..=DAY.saturating_mul(3650))
        .map_err(|_| "expected a duration up to 3650d, such as 365d, or off".to_owned())
}

/// A network in CIDR notation, or a single address; an IPv4-mapped IPv6 address is plain IPv4.
pub(crate) fn network(text: &str) -> Parsed<IpNet> {
    let single = || text.parse::<IpAddr>().map(|ip| IpNet::from(ip.to_canonical()));
    text.parse::<IpNet>().or_else(|_| single()).map_err(|_| {
        "expected IP addresses or networks, such as 10.0.0.1 or 10.0.0.0/8, separated by commas".to_owned()
    })
}

/// The URL of a database.
pub(crate) fn database_url(text: &str) -> Parsed<DatabaseUrl> {
    text.parse().map_err(|error: DatabaseUrlError| error.to_string())
}

/// A key to sign tokens with.
pub(crate) fn signing_key(text: &str) -> Parsed<SigningKey> {
    match text {
        "" => Err("it is empty; leave it unset to have a key made".to_owned()),
        _ => Ok(SigningKey::new(text.into())),
    }
}

/// A secret to encrypt private keys with.
pub(crate) fn data_key(text: &str) -> Parsed<DataKey> {
    match text.len() {
        DataKey::LEAST_BYTES.. => Ok(DataKey::new(text.into())),
        bytes => Err(format!(
            "it has {bytes} bytes, and needs {} or more: make one with `openssl rand -base64 48`",
            DataKey::LEAST_BYTES
        )),
    }
}

/// The host name or IP address of a mail server. No name is resolved.
pub(crate) fn host(text: &str) -> Parsed<String> {
    let is_host = url::Host::parse(text).is_ok() || text.parse::<IpAddr>().is_ok();
    is_host
        .then(|| text.to_owned())
        .ok_or_else(|| "expected the name of a server, such as smtp.example.com".to_owned())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

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
    fn bounds_are_written_in_the_largest_unit() {
        let lengths = [Duration::ZERO, SECOND, SECOND * 90, MINUTE * 5, HOUR * 12, DAY * 3650];
        assert_eq!(lengths.map(in_units), ["0s", "1s", "90s", "5m", "12h", "3650d"]);
        assert_eq!([1000, 1 << 10, 3 << 20].map(in_size_units), ["1000 bytes", "1 KiB", "3 MiB"]);
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
