//! JSON Web Tokens in compact form (RFC 7515 §7.1), encoded and decoded independently of the program under
//! test. Does not validate.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Map, Value};
use sha2::{Sha256, Sha384, Sha512};

/// The MAC by an algorithm of RFC 7518 §3.2; `None` for another algorithm.
pub(crate) fn sign(alg: &str, key: &[u8], message: &str) -> Option<Vec<u8>> {
    match alg {
        "HS256" => mac::<Hmac<Sha256>>(key, message),
        "HS384" => mac::<Hmac<Sha384>>(key, message),
        "HS512" => mac::<Hmac<Sha512>>(key, message),
        _ => None,
    }
}

fn mac<M: Mac + KeyInit>(key: &[u8], message: &str) -> Option<Vec<u8>> {
    let mut mac = <M as KeyInit>::new_from_slice(key).ok()?;
    mac.update(message.as_bytes());
    Some(mac.finalize().into_bytes().to_vec())
}

pub(crate) fn encode(bytes: impl AsRef<[u8]>) -> String {
    URL_SAFE_NO_PAD.encode(bytes)
}

/// A decoded token, of which only the form is checked.
pub(crate) struct Decoded<'a> {
    pub header: Map<String, Value>,
    pub claims: Map<String, Value>,
    pub signature: Vec<u8>,
    /// The signed part.
    pub signed: &'a str,
}

pub(crate) fn decode(token: &str) -> Option<Decoded<'_>> {
    let (signed, signature) = token.rsplit_once('.')?;
    let (header, claims) = signed.split_once('.')?;
    Some(Decoded {
        header: object(header)?,
        claims: object(claims)?,
        signature: URL_SAFE_NO_PAD.decode(signature).ok()?,
        signed,
    })
}

fn object(part: &str) -> Option<Map<String, Value>> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// RFC 7515, appendix A.1.
    #[test]
    fn the_example_of_the_rfc_is_decoded_and_has_the_same_signature() {
        let token = "eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.\
            eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ.\
            dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
        let key = "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow";
        let key = URL_SAFE_NO_PAD.decode(key).unwrap();
        let decoded = decode(token).unwrap();
        assert_eq!(decoded.header["alg"], "HS256");
        assert_eq!(decoded.claims["exp"], 1_300_819_380);
        assert_eq!(sign("HS256", &key, decoded.signed), Some(decoded.signature));
    }

    #[test]
    fn a_malformed_token_is_not_decoded() {
        for text in ["", "a.b", "e30.e30", "e30.bnVsbA.eA", "e30.e30.e!", "e30.e30.eA.eA"] {
            assert!(decode(text).is_none(), "{text}");
        }
        assert!(decode("e30.e30.eA").is_some());
    }
}
