//! bcrypt over SHA-256, Django's `BCryptSHA256PasswordHasher` (`django/contrib/auth/hashers.py`): the key
//! has the same length for every password, so that none is truncated. New hashes have this format.

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::passwords::task::Key;

/// The prefix before the bcrypt text.
pub(super) const PREFIX: &str = "bcrypt_sha256$";

/// The key of a password: its SHA-256 in lower-case hexadecimal digits.
pub(super) fn key(password: &[u8]) -> Key {
    Key::new(&digits(password)[..])
}

fn digits(password: &[u8]) -> Zeroizing<[u8; 64]> {
    let mut digits = Zeroizing::new([0; 64]);
    // Cannot fail: 32 bytes are 64 digits.
    let _ = hex::encode_to_slice(Sha256::digest(password), &mut digits[..]);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sha256_is_written_in_lower_case() {
        let expected = b"ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(digits(b"abc")[..], expected[..]);
    }
}
