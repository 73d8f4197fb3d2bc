//! The few structures of DER (ITU-T X.690) and PEM (RFC 7468) around private keys: enough to say what a file holds.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

/// The algorithm of a key in PKCS#8.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyFamily {
    Rsa,
    Ec,
    Ed25519,
}

const INTEGER: u8 = 0x02;
const OCTETS: u8 = 0x04;
const OID: u8 = 0x06;
const SEQUENCE: u8 = 0x30;

/// `rsaEncryption` (RFC 8017 §A.1), `id-ecPublicKey` (RFC 5480 §2.1.1) and `id-Ed25519` (RFC 8410 §3).
const FAMILIES: [(&[u8], KeyFamily); 3] = [
    (&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01], KeyFamily::Rsa),
    (&[0x2a, 0x86, 0x48, 0xce, 0x3d, 0x02, 0x01], KeyFamily::Ec),
    (&[0x2b, 0x65, 0x70], KeyFamily::Ed25519),
];

/// The content of the first element, and what follows it.
fn element(bytes: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (&[found, first], rest) = bytes.split_first_chunk::<2>()?;
    if found != tag {
        return None;
    }
    let (length, rest) = match first {
        0..=0x7f => (usize::from(first), rest),
        // The length is in up to four bytes of its own.
        0x81..=0x84 => {
            let (digits, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
            (digits.iter().fold(0_usize, |length, byte| (length << 8) | usize::from(*byte)), rest)
        }
        _ => return None,
    };
    rest.split_at_checked(length)
}

/// The family of a key in PKCS#8 (RFC 5958 §2), and the key in the form of its family.
pub(super) fn pkcs8(der: &[u8]) -> Option<(KeyFamily, &[u8])> {
    let (info, _) = element(der, SEQUENCE)?;
    let (_, rest) = element(info, INTEGER)?;
    let (algorithm, rest) = element(rest, SEQUENCE)?;
    let (id, _) = element(algorithm, OID)?;
    let family = FAMILIES.iter().find(|(known, _)| *known == id)?.1;
    Some((family, element(rest, OCTETS)?.0))
}

/// Modulus and exponent of an `RSAPrivateKey` (RFC 8017 §A.1.2), without leading zeros.
pub(super) fn rsa_public(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (key, _) = element(der, SEQUENCE)?;
    let (_, rest) = element(key, INTEGER)?;
    let (modulus, rest) = element(rest, INTEGER)?;
    let (exponent, _) = element(rest, INTEGER)?;
    Some((without_zeros(modulus), without_zeros(exponent)))
}

fn without_zeros(bytes: &[u8]) -> &[u8] {
    let zeros = bytes.iter().take_while(|byte| **byte == 0).count();
    bytes.get(zeros..).unwrap_or_default()
}

/// The label and the bytes of the first block of a PEM file that is no `EC PARAMETERS`, which `openssl ecparam`
/// writes before the key.
pub(super) fn pem(text: &str) -> Option<(&str, Zeroizing<Vec<u8>>)> {
    let mut rest = text;
    loop {
        let (_, begun) = rest.split_once("-----BEGIN ")?;
        let (label, body) = begun.split_once("-----")?;
        let (body, after) = body.split_once("-----END ")?;
        rest = after;
        if label == "EC PARAMETERS" {
            continue;
        }
        let base64: Zeroizing<String> = Zeroizing::new(body.split_ascii_whitespace().collect());
        return Some((label, Zeroizing::new(STANDARD.decode(base64.as_bytes()).unwrap_or_default())));
    }
}

/// A PEM block of a public key (RFC 7468 §13).
pub(super) fn public_pem(der: &[u8]) -> String {
    let base64 = STANDARD.encode(der);
    let mut text = "-----BEGIN PUBLIC KEY-----\n".to_owned();
    let mut rest = base64.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at(rest.len().min(64));
        text.push_str(line);
        text.push('\n');
        rest = after;
    }
    text.push_str("-----END PUBLIC KEY-----\n");
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_block_with_the_key_is_read_after_the_parameters() {
        let file = "text\n-----BEGIN EC PARAMETERS-----\nBggq\n-----END EC PARAMETERS-----\n\
                    -----BEGIN EC PRIVATE KEY-----\r\nAQ\r\nID\r\n-----END EC PRIVATE KEY-----\n";
        let (label, bytes) = pem(file).unwrap();
        assert_eq!((label, bytes.as_slice()), ("EC PRIVATE KEY", &[1, 2, 3][..]));
        assert!(pem("-----BEGIN PRIVATE KEY-----\nAQID\n").is_none());
    }

    proptest! {
        #[test]
        fn no_bytes_make_the_readers_panic(bytes in proptest::collection::vec(any::<u8>(), 0..80), text in any::<String>()) {
            let _ = pkcs8(&bytes);
            let _ = rsa_public(&bytes);
            let _ = pem(&text);
            let _ = pem(&format!("-----BEGIN {text}-----{text}-----END "));
        }

        #[test]
        fn an_element_gives_back_its_content(content in proptest::collection::vec(any::<u8>(), 0..700)) {
            let mut der = vec![OCTETS, 0x82];
            der.extend(u16::try_from(content.len()).unwrap().to_be_bytes());
            der.extend(&content);
            der.push(7);
            prop_assert_eq!(element(&der, OCTETS), Some((&content[..], &[7][..])));
        }
    }
}
