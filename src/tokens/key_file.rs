//! The file with a private key that another program made: PEM (RFC 7468), or a JSON Web Key (RFC 7517).

use pem_rfc7468::{Decoder, Error};
use zeroize::Zeroizing;

use super::key_error::SigningKeyError;
use super::key_pair::{KeyPair, NewSigningKey, ec_pair, rsa_pair};
use super::private_jwk;

/// Reads the private key of a file: in PEM, as PKCS#8 or in the older forms of EC (RFC 5915) and RSA (RFC 8017); or as
/// a JSON Web Key, alone or as the only one of a set.
///
/// # Errors
/// If the file has no key, or a weak or unfitting one, which is named.
pub(crate) fn read_key(text: &str) -> Result<NewSigningKey, SigningKeyError> {
    let pair = if text.trim_start().starts_with('{') { private_jwk::read(text)? } else { read_pem(text)? };
    pair.into_new()
}

fn read_pem(text: &str) -> Result<KeyPair, SigningKeyError> {
    let block = key_block(text).ok_or(SigningKeyError::Unreadable(
        "the file has no PEM block (-----BEGIN PRIVATE KEY-----) and no JSON Web Key",
    ))?;
    // `Proc-Type: 4,ENCRYPTED` (RFC 1421 §4.6.1.1), as `openssl genrsa -traditional -aes256` writes it.
    if label(block) == Some("ENCRYPTED PRIVATE KEY") || block.contains("Proc-Type:") {
        return Err(SigningKeyError::Unreadable(
            "it is encrypted; decrypt it first, with `openssl pkey -in FILE`",
        ));
    }
    match (label(block), decode(block)) {
        (Some("PUBLIC KEY" | "RSA PUBLIC KEY"), _) => {
            Err(SigningKeyError::Unreadable("the file has a public key"))
        }
        (Some("PRIVATE KEY"), Ok(der)) => KeyPair::from_pkcs8(&der),
        (Some("EC PRIVATE KEY"), Ok(der)) => ec_pair(&der),
        (Some("RSA PRIVATE KEY"), Ok(der)) => rsa_pair(&der),
        (Some("PRIVATE KEY" | "EC PRIVATE KEY" | "RSA PRIVATE KEY"), Err(_)) => {
            Err(SigningKeyError::Unreadable("the PEM block is damaged"))
        }
        _ => Err(SigningKeyError::Unreadable("the PEM block holds something else")),
    }
}

/// The first block of a file that is no `EC PARAMETERS`, which `openssl ecparam` writes before the key.
fn key_block(text: &str) -> Option<&str> {
    let mut rest = text;
    loop {
        rest = rest.split_at_checked(rest.find("-----BEGIN ")?)?.1;
        let end = rest.find("-----END ")?;
        let closed = rest.get(end + "-----END ".len()..)?;
        let length = rest.len() - closed.len() + closed.find("-----")? + "-----".len();
        let (block, after) = rest.split_at_checked(length)?;
        if label(block) != Some("EC PARAMETERS") {
            return Some(block);
        }
        rest = after;
    }
}

fn label(block: &str) -> Option<&str> {
    Some(block.strip_prefix("-----BEGIN ")?.split_once("-----")?.0)
}

/// The bytes of a block, whose lines may have any length.
fn decode(block: &str) -> Result<Zeroizing<Vec<u8>>, Error> {
    let mut decoder = Decoder::new_detect_wrap(block.as_bytes())?;
    let mut bytes = Zeroizing::new(Vec::with_capacity(decoder.remaining_len()));
    decoder.decode_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use pem_rfc7468::LineEnding;
    use proptest::prelude::*;

    fn refused(text: &str) -> String {
        read_key(text).unwrap_err().to_string()
    }

    #[test]
    fn the_block_with_the_key_is_read_after_the_parameters() {
        let file = "text\n-----BEGIN EC PARAMETERS-----\nBggq\n-----END EC PARAMETERS-----\n\
                    -----BEGIN EC PRIVATE KEY-----\r\nAQID\r\n-----END EC PRIVATE KEY-----\nmore";
        let block = key_block(file).unwrap();
        assert_eq!(
            (label(block), decode(block).unwrap().as_slice()),
            (Some("EC PRIVATE KEY"), &[1, 2, 3][..])
        );
        assert!(key_block("-----BEGIN PRIVATE KEY-----\nAQID\n").is_none());
    }

    #[test]
    fn what_is_no_private_key_is_refused() {
        assert!(refused("hello").contains("no PEM block"));
        assert!(refused("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----").contains("PKCS#8"));
        assert!(refused("-----BEGIN PRIVATE KEY-----\nAA&A\n-----END PRIVATE KEY-----").contains("damaged"));
        assert!(
            refused("-----BEGIN RSA PRIVATE KEY-----\nAAAA\n-----END RSA PRIVATE KEY-----").contains("RSA")
        );
        let encrypted = "-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA\n-----END ENCRYPTED PRIVATE KEY-----";
        assert!(refused(encrypted).contains("openssl"));
        let traditional = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\
                           DEK-Info: AES-256-CBC,00\n\nAAAA\n-----END RSA PRIVATE KEY-----\n";
        assert!(refused(traditional).contains("openssl"));
        assert!(refused("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----").contains("public"));
        let other = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
        assert!(refused(other).contains("something else"));
    }

    proptest! {
        #[test]
        fn no_text_makes_the_reader_panic(text in any::<String>(), bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            let _ = read_key(&text);
            let _ = read_key(&format!("-----BEGIN {text}-----{text}-----END "));
            let _ = read_key(&format!("-----BEGIN PRIVATE KEY-----\n{text}\n-----END PRIVATE KEY-----"));
            for label in ["PRIVATE KEY", "EC PRIVATE KEY", "RSA PRIVATE KEY"] {
                let pem = pem_rfc7468::encode_string(label, LineEnding::LF, &bytes).unwrap();
                prop_assert!(read_key(&pem).is_err());
            }
        }
    }
}
