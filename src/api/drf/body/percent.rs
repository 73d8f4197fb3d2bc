//! Percent-decoding as by Python's `urllib.parse.unquote`, for forms, query strings and header parameters in
//! the syntax of RFC 2231.

use crate::api::drf::body::charset::Charset;

/// Decodes `%XX` in each run of ASCII characters by the charset. Other text is unchanged.
pub(crate) fn unquote(text: &str, charset: Charset) -> String {
    if !text.contains('%') {
        return text.to_owned();
    }
    let mut result = String::with_capacity(text.len());
    for run in text.as_bytes().chunk_by(|a, b| a.is_ascii() == b.is_ascii()) {
        if run.is_ascii() {
            result.push_str(&charset.decode_lossy(&unquote_bytes(run)));
        } else {
            result.push_str(&String::from_utf8_lossy(run));
        }
    }
    result
}

fn unquote_bytes(mut rest: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(rest.len());
    while let [first, tail @ ..] = rest {
        rest = match tail {
            [high, low, after @ ..] if *first == b'%' => match (hex(*high), hex(*low)) {
                (Some(high), Some(low)) => {
                    bytes.push(high << 4 | low);
                    after
                }
                _ => {
                    bytes.push(*first);
                    tail
                }
            },
            _ => {
                bytes.push(*first);
                tail
            }
        };
    }
    bytes
}

/// The value of one hexadecimal digit.
pub(crate) fn hex(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        b'A'..=b'F' => Some(digit - b'A' + 10),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_and_malformed_ones_stay() {
        assert_eq!(unquote("%41%c3%A9%ZZ%4%", Charset::Utf8), "Aé%ZZ%4%");
        assert_eq!(unquote("%%41", Charset::Utf8), "%A");
    }

    #[test]
    fn invalid_utf8_becomes_the_replacement_character() {
        assert_eq!(unquote("%ffé%c3é", Charset::Utf8), "\u{FFFD}é\u{FFFD}é");
    }

    #[test]
    fn escapes_are_decoded_by_the_charset() {
        assert_eq!(unquote("%e9", Charset::Latin1), "é");
    }
}
