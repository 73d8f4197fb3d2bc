//! The public half of a key: as a JSON Web Key (RFC 7517), its thumbprint, and for checking signatures.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ED25519, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use pem_rfc7468::LineEnding;
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::key_error::SigningKeyError;
use crate::types::TokenAlgorithm;

/// The least length of an RSA modulus (RFC 7518 §3.3).
pub(super) const LEAST_RSA_BITS: usize = 2048;

/// A point on P-256 is a byte for its form and two coordinates (SEC 1 §2.3.3).
pub(super) const UNCOMPRESSED: u8 = 4;

/// The members of a JSON Web Key that make the key.
pub(super) fn rsa_jwk(modulus: &[u8], exponent: &[u8]) -> Value {
    json!({"kty": "RSA", "n": URL_SAFE_NO_PAD.encode(modulus), "e": URL_SAFE_NO_PAD.encode(exponent)})
}

/// Of a key on a curve of NIST, by its uncompressed point.
pub(super) fn ec_jwk(curve: &str, point: &[u8]) -> Value {
    let coordinates = point.get(1..).unwrap_or_default();
    let (x, y) = coordinates.split_at(coordinates.len() / 2);
    json!({"kty": "EC", "crv": curve, "x": URL_SAFE_NO_PAD.encode(x), "y": URL_SAFE_NO_PAD.encode(y)})
}

/// Of an Ed25519 key (RFC 8037 §2).
pub(super) fn ed_jwk(public: &[u8]) -> Value {
    json!({"kty": "OKP", "crv": "Ed25519", "x": URL_SAFE_NO_PAD.encode(public)})
}

/// The thumbprint: the SHA-256 of the members that make the key, in the order of their names (RFC 7638 §3,
/// RFC 8037 §2 for OKP); empty for a key of another type.
pub(super) fn thumbprint(jwk: &Value) -> String {
    let names: &[&str] = match jwk.get("kty").and_then(Value::as_str) {
        Some("RSA") => &["e", "kty", "n"],
        Some("EC") => &["crv", "kty", "x", "y"],
        Some("OKP") => &["crv", "kty", "x"],
        _ => return String::new(),
    };
    let members: Map<String, Value> =
        names.iter().filter_map(|name| Some(((*name).to_owned(), jwk.get(*name)?.clone()))).collect();
    URL_SAFE_NO_PAD.encode(Sha256::digest(Value::Object(members).to_string()))
}

/// What services get: the members that make the key, and what it is for (RFC 7517 §4).
pub(super) fn published_jwk(mut jwk: Value, algorithm: TokenAlgorithm) -> Value {
    jwk["kid"] = thumbprint(&jwk).into();
    jwk["use"] = "sig".into();
    jwk["alg"] = algorithm.as_str().into();
    jwk
}

/// Reads a published key for checking.
///
/// # Errors
/// If it is weak, or does not fit its id or its algorithm.
pub(super) fn parse(
    kid: &str,
    algorithm: TokenAlgorithm,
    jwk: &Value,
) -> Result<ParsedPublicKey, SigningKeyError> {
    let unfitting = || SigningKeyError::Unfitting { kid: kid.to_owned(), algorithm };
    let text = |name: &str| jwk.get(name).and_then(Value::as_str);
    let bytes =
        |name: &str| text(name).and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()).ok_or_else(unfitting);
    if thumbprint(jwk) != kid {
        return Err(unfitting());
    }
    let parsed = match (algorithm, text("kty"), text("crv")) {
        (TokenAlgorithm::Es256, Some("EC"), Some("P-256")) => {
            let point = [vec![UNCOMPRESSED], bytes("x")?, bytes("y")?].concat();
            ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, &point)
        }
        (TokenAlgorithm::EdDsa, Some("OKP"), Some("Ed25519")) => ParsedPublicKey::new(&ED25519, bytes("x")?),
        (TokenAlgorithm::Rs256, Some("RSA"), None) => {
            let (n, e) = (bytes("n")?, bytes("e")?);
            let bits = bit_length(&n);
            if bits < LEAST_RSA_BITS {
                return Err(SigningKeyError::WeakRsa { kid: kid.to_owned(), bits });
            }
            RsaPublicKeyComponents { n, e }.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
        }
        _ => return Err(unfitting()),
    };
    parsed.map_err(|_| unfitting())
}

/// The length of a whole number without leading zeros.
pub(super) fn bit_length(bytes: &[u8]) -> usize {
    let zeros = bytes.first().map_or(0, |first| first.leading_zeros() as usize);
    (bytes.len() * 8).saturating_sub(zeros)
}

/// A published key as a `SubjectPublicKeyInfo` in PEM (RFC 5280 §4.1, RFC 7468 §13), for programs that read no JWK.
///
/// # Errors
/// If the key cannot be read, or does not fit the algorithm.
pub fn to_pem(kid: &str, algorithm: TokenAlgorithm, jwk: &str) -> Result<String, SigningKeyError> {
    let unfitting = || SigningKeyError::Unfitting { kid: kid.to_owned(), algorithm };
    let jwk: Value = serde_json::from_str(jwk).map_err(|_| unfitting())?;
    let der = parse(kid, algorithm, &jwk)?.as_der().map_err(|_| unfitting())?;
    pem_rfc7468::encode_string("PUBLIC KEY", LineEnding::LF, der.as_ref()).map_err(|_| unfitting())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The key of RFC 7638 §3.1.
    const RSA: &str = r#"{"kty": "RSA", "alg": "RS256", "kid": "2011-04-29", "e": "AQAB",
        "n": "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw"}"#;

    #[test]
    fn the_thumbprint_of_rfc_7638_is_computed() {
        let jwk: Value = serde_json::from_str(RSA).unwrap();
        assert_eq!(thumbprint(&jwk), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    }

    #[test]
    fn the_thumbprint_of_rfc_8037_is_computed() {
        // RFC 8037 §A.2 and §A.3.
        let jwk = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
        assert_eq!(thumbprint(&jwk), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    }

    #[test]
    fn the_signature_of_rfc_8037_is_verified() {
        // RFC 8037 §A.4 and §A.5.
        let jwk = ed_jwk(&URL_SAFE_NO_PAD.decode("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo").unwrap());
        let key = parse("kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k", TokenAlgorithm::EdDsa, &jwk).unwrap();
        let message = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc";
        let signature = URL_SAFE_NO_PAD
            .decode("hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg")
            .unwrap();
        assert!(key.verify_sig(message.as_bytes(), &signature).is_ok());
        assert!(key.verify_sig(b"another message", &signature).is_err());
    }

    #[test]
    fn a_key_is_refused_by_name_if_it_is_weak_or_does_not_fit() {
        let jwk: Value = serde_json::from_str(RSA).unwrap();
        let kid = thumbprint(&jwk);
        assert!(parse(&kid, TokenAlgorithm::Rs256, &jwk).is_ok());
        let refused = |kid: &str, algorithm, jwk: &Value| parse(kid, algorithm, jwk).unwrap_err().to_string();
        assert!(refused(&kid, TokenAlgorithm::Es256, &jwk).contains(&kid));
        assert!(refused("another", TokenAlgorithm::Rs256, &jwk).contains("another"));
        let weak = rsa_jwk(&[0xff; 128], &[1, 0, 1]);
        let kid = thumbprint(&weak);
        assert_eq!(
            refused(&kid, TokenAlgorithm::Rs256, &weak),
            format!("the RSA key {kid} has 1024 bits, and RS256 needs 2048 or more (RFC 7518 §3.3)")
        );
    }
}
