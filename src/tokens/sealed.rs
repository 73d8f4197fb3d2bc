//! Private keys at rest: encrypted with a key that is derived from the data key, or in clear without one.

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::hkdf::{HKDF_SHA256, Salt};
use zeroize::Zeroizing;

use super::key_error::SigningKeyError;
use crate::types::{DataKey, PrivateKey, StoredPrivateKey};

/// The first byte of what is stored: what follows is the key, or a nonce and the encrypted key.
const CLEAR: u8 = 0;
const ENCRYPTED: u8 = 1;

/// What the derived key is for, so that another use of the same data key has another key (RFC 5869 §3.2).
const PURPOSE: &[&[u8]] = &[b"doorward signing keys"];

/// Seals a private half for its row: the id is authenticated with it (AES-256-GCM), so that it fits no other row.
///
/// # Errors
/// [`SigningKeyError::NotMade`] if the system has no random numbers.
pub(crate) fn seal(
    data_key: Option<&DataKey>,
    kid: &str,
    key: &PrivateKey,
) -> Result<StoredPrivateKey, SigningKeyError> {
    let Some(data_key) = data_key else {
        return Ok(StoredPrivateKey::new([&[CLEAR], key.as_bytes()].concat()));
    };
    let cipher = cipher(data_key).ok_or(SigningKeyError::NotMade)?;
    let mut text = Zeroizing::new(key.as_bytes().to_vec());
    let nonce =
        cipher.seal_in_place_append_tag(Aad::from(kid), &mut *text).map_err(|_| SigningKeyError::NotMade)?;
    Ok(StoredPrivateKey::new([&[ENCRYPTED], nonce.as_ref().as_slice(), &text].concat()))
}

/// Opens what [`seal`] returned.
///
/// # Errors
/// If it is encrypted and there is no data key, or another one.
pub(super) fn open(
    data_key: Option<&DataKey>,
    kid: &str,
    stored: &StoredPrivateKey,
) -> Result<PrivateKey, SigningKeyError> {
    let wrong = || SigningKeyError::WrongDataKey(kid.to_owned());
    match stored.as_bytes().split_first() {
        Some((&CLEAR, key)) => Ok(PrivateKey::new(key.to_vec())),
        Some((&ENCRYPTED, rest)) => {
            let data_key = data_key.ok_or_else(|| SigningKeyError::NoDataKey(kid.to_owned()))?;
            let (nonce, text) = rest.split_first_chunk::<NONCE_LEN>().ok_or_else(wrong)?;
            let cipher = cipher(data_key).ok_or_else(wrong)?;
            let mut text = Zeroizing::new(text.to_vec());
            let nonce = Nonce::assume_unique_for_key(*nonce);
            let key = cipher.open_in_place(nonce, Aad::from(kid), &mut text).map_err(|_| wrong())?;
            Ok(PrivateKey::new(key.to_vec()))
        }
        _ => Err(wrong()),
    }
}

/// Encrypts what lies in clear.
///
/// # Errors
/// As [`seal`] and `open`.
pub(crate) fn encrypt(
    data_key: &DataKey,
    kid: &str,
    stored: &StoredPrivateKey,
) -> Result<StoredPrivateKey, SigningKeyError> {
    seal(Some(data_key), kid, &open(None, kid, stored)?)
}

/// Whether it is stored in clear.
pub(crate) fn is_clear(stored: &StoredPrivateKey) -> bool {
    stored.as_bytes().first() == Some(&CLEAR)
}

/// A data key is a text of any length; the cipher takes 32 bytes.
fn cipher(data_key: &DataKey) -> Option<RandomizedNonceKey> {
    let derived = Salt::new(HKDF_SHA256, &[]).extract(data_key.as_bytes());
    let mut key = Zeroizing::new([0; 32]);
    derived.expand(PURPOSE, HKDF_SHA256).ok()?.fill(key.as_mut_slice()).ok()?;
    RandomizedNonceKey::new(&AES_256_GCM, key.as_slice()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data_key(text: &str) -> DataKey {
        DataKey::new(text.as_bytes().to_vec())
    }

    #[test]
    fn a_sealed_key_is_opened_with_its_data_key_in_its_row_and_in_no_other_way() {
        let (one, two) = (data_key("one"), data_key("two"));
        let key = PrivateKey::new(b"a private key".to_vec());
        let stored = seal(Some(&one), "kid", &key).unwrap();
        assert!(!is_clear(&stored) && !stored.as_bytes().windows(7).any(|part| part == b"private"));
        assert_eq!(open(Some(&one), "kid", &stored).unwrap().as_bytes(), b"a private key");
        let refused = |data_key, kid| open(data_key, kid, &stored).unwrap_err();
        assert_eq!(refused(Some(&two), "kid"), SigningKeyError::WrongDataKey("kid".to_owned()));
        assert_eq!(refused(Some(&one), "another"), SigningKeyError::WrongDataKey("another".to_owned()));
        assert_eq!(refused(None, "kid"), SigningKeyError::NoDataKey("kid".to_owned()));
        assert_ne!(
            seal(Some(&one), "kid", &key).unwrap().as_bytes(),
            stored.as_bytes(),
            "the nonce is random"
        );
    }

    #[test]
    fn a_changed_or_cut_key_is_refused() {
        let one = data_key("one");
        let stored = seal(Some(&one), "kid", &PrivateKey::new(b"key".to_vec())).unwrap();
        let bytes = stored.as_bytes();
        for place in 1..bytes.len() {
            let mut changed = bytes.to_vec();
            changed[place] ^= 1;
            assert!(open(Some(&one), "kid", &StoredPrivateKey::new(changed)).is_err(), "{place}");
            assert!(
                open(Some(&one), "kid", &StoredPrivateKey::new(bytes[..place].to_vec())).is_err(),
                "{place}"
            );
        }
        assert!(open(Some(&one), "kid", &StoredPrivateKey::new(Vec::new())).is_err());
    }

    #[test]
    fn without_a_data_key_it_is_stored_in_clear_and_still_opened_with_one() {
        let stored = seal(None, "kid", &PrivateKey::new(b"key".to_vec())).unwrap();
        assert!(is_clear(&stored));
        for data_key in [None, Some(data_key("one"))] {
            assert_eq!(open(data_key.as_ref(), "kid", &stored).unwrap().as_bytes(), b"key");
        }
    }
}
