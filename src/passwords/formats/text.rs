//! What the formats of Django have in common: numbers and base64 as Python writes them.

use base64::Engine as _;
use base64::prelude::{BASE64_STANDARD, BASE64_STANDARD_NO_PAD};

use super::unreadable::Flaw;

/// A whole number as Python writes it: digits only, without leading zeros. Django writes the number that it read
/// and compares the texts, so it accepts no other spelling either.
pub(super) fn number(digits: &str) -> Result<u64, Flaw> {
    let is_canonical = digits.bytes().all(|byte| byte.is_ascii_digit()) && !digits.starts_with('0');
    digits.parse().ok().filter(|_| is_canonical).ok_or(Flaw::Number)
}

/// A digest in base64 with padding, of exactly `length` bytes.
pub(super) fn padded_digest(text: &str, length: usize) -> Result<Box<[u8]>, Flaw> {
    let bytes = BASE64_STANDARD.decode(text).map_err(|_| Flaw::Digest)?;
    if bytes.len() == length { Ok(bytes.into()) } else { Err(Flaw::Digest) }
}

/// Base64 without padding, as in PHC strings.
pub(super) fn unpadded(text: &str) -> Option<Box<[u8]>> {
    BASE64_STANDARD_NO_PAD.decode(text).ok().map(Into::into)
}

/// A digest of `N` bytes in lower-case hexadecimal digits.
pub(super) fn hex_digest<const N: usize>(text: &str) -> Result<Box<[u8]>, Flaw> {
    let mut bytes = [0; N];
    let is_lower = !text.bytes().any(|byte| byte.is_ascii_uppercase());
    hex::decode_to_slice(text, &mut bytes).ok().filter(|()| is_lower).ok_or(Flaw::Digest)?;
    Ok(Box::new(bytes))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_has_one_spelling() {
        assert_eq!(number("600000"), Ok(600_000));
        for other in ["", "0", "01", "+1", " 1", "1_0", "1.0", "-1", "٣", "18446744073709551616"] {
            assert_eq!(number(other), Err(Flaw::Number), "{other}");
        }
    }

    #[test]
    fn a_digest_has_one_length_and_one_spelling() {
        assert_eq!(padded_digest("AAEC", 3).as_deref(), Ok(&[0, 1, 2][..]));
        for other in ["AAE=", "AAECAw==", "AAE", "AA C", "AAE\n", "-_-_", "é"] {
            assert_eq!(padded_digest(other, 3), Err(Flaw::Digest), "{other}");
        }
        assert_eq!(hex_digest::<2>("00ff").as_deref(), Ok(&[0, 255][..]));
        for other in ["00FF", "00f", "00ff00", "00fg", "", "éé"] {
            assert_eq!(hex_digest::<2>(other), Err(Flaw::Digest), "{other}");
        }
        assert_eq!(unpadded("AAE").as_deref(), Some(&[0, 1][..]));
        assert_eq!((unpadded("AAE="), unpadded("AAF")), (None, None));
    }
}
