//! Base64 as lenient as Python's `base64.b64decode`, for the `Content-Transfer-Encoding` of multipart parts.
//! Not for tokens and secrets.

/// Decodes. Skips other characters, and ignores everything after complete padding. `None` where padding
/// is missing.
pub(crate) fn decode(encoded: &[u8]) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(encoded.len() / 4 * 3);
    let (mut digits, mut pads, mut left) = (0, 0, 0);
    for &byte in encoded {
        if byte == b'=' {
            if digits >= 2 {
                pads += 1;
                if digits + pads == 4 {
                    return Some(bytes);
                }
            }
            continue;
        }
        let Some(value) = digit(byte) else {
            continue;
        };
        pads = 0;
        match digits {
            0 => {}
            1 => bytes.push(left << 2 | value >> 4),
            2 => bytes.push(left << 4 | value >> 2),
            _ => bytes.push(left << 6 | value),
        }
        left = value;
        digits = (digits + 1) % 4;
    }
    (digits == 0).then_some(bytes)
}

fn digit(byte: u8) -> Option<u8> {
    match byte {
        b'A'..=b'Z' => Some(byte - b'A'),
        b'a'..=b'z' => Some(byte - b'a' + 26),
        b'0'..=b'9' => Some(byte - b'0' + 52),
        b'+' => Some(62),
        b'/' => Some(63),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::STANDARD;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn other_characters_are_skipped_and_padding_ends_the_data() {
        for (encoded, decoded) in [("YW Jj!\r\n", "abc"), ("YWI=YWI=", "ab"), ("YW==YQ", "a"), ("=", "")] {
            assert_eq!(decode(encoded.as_bytes()).as_deref(), Some(decoded.as_bytes()), "{encoded}");
        }
    }

    #[test]
    fn missing_padding_is_refused() {
        for encoded in ["Y", "YQ", "YQ=", "YW=J"] {
            assert_eq!(decode(encoded.as_bytes()), None, "{encoded}");
        }
    }

    proptest! {
        #[test]
        fn encoded_bytes_are_decoded(bytes: Vec<u8>) {
            prop_assert_eq!(decode(STANDARD.encode(&bytes).as_bytes()), Some(bytes));
        }
    }
}
