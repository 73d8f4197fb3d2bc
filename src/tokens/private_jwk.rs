//! Private keys as JSON Web Keys (RFC 7517, RFC 7518 §6, RFC 8037 §2).

use aws_lc_rs::rsa::KeyPairComponents;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, Ed25519KeyPair, RsaKeyPair, RsaPublicKeyComponents,
};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use zeroize::Zeroizing;

use super::key_error::SigningKeyError;
use super::key_pair::{KeyPair, refuse_weak_rsa};
use super::public_key::{UNCOMPRESSED, ec_jwk, thumbprint};

/// The members that are looked at. `kid` is not: doorward names each key by its thumbprint.
#[derive(Deserialize)]
struct PrivateJwk {
    kty: String,
    alg: Option<String>,
    #[serde(rename = "use")]
    usage: Option<String>,
    key_ops: Option<Vec<String>>,
    crv: Option<String>,
    x: Option<String>,
    y: Option<String>,
    n: Option<String>,
    e: Option<String>,
    d: Option<Zeroizing<String>>,
    p: Option<Zeroizing<String>>,
    q: Option<Zeroizing<String>>,
    dp: Option<Zeroizing<String>>,
    dq: Option<Zeroizing<String>>,
    qi: Option<Zeroizing<String>>,
    oth: Option<serde::de::IgnoredAny>,
}

/// A key, or a set of keys (RFC 7517 §5).
#[derive(Deserialize)]
#[serde(untagged)]
enum JwkFile {
    Set { keys: Vec<PrivateJwk> },
    One(Box<PrivateJwk>),
}

/// The newer name of `EdDSA` with this curve (RFC 9864 §2.2).
const ED25519: &str = "Ed25519";

/// Reads a private key, alone or as the only one of a set.
///
/// # Errors
/// If the text is something else, or the key is weak, unfitting or for another purpose: then it is named.
pub(super) fn read(text: &str) -> Result<KeyPair, SigningKeyError> {
    let file =
        serde_json::from_str(text).map_err(|_| SigningKeyError::Unreadable("the JSON is no JSON Web Key"))?;
    let jwk = match file {
        JwkFile::One(jwk) => *jwk,
        JwkFile::Set { keys } => match <[PrivateJwk; 1]>::try_from(keys) {
            Ok([jwk]) => jwk,
            Err(_) => {
                return Err(SigningKeyError::Unreadable(
                    "the key set does not have exactly one key; put the one to import into a file of its own",
                ));
            }
        },
    };
    let pair = jwk.pair()?;
    match jwk.other_purpose(&pair) {
        Some(purpose) => Err(SigningKeyError::OtherPurpose {
            kid: thumbprint(&pair.public_jwk()),
            purpose,
            algorithm: pair.algorithm(),
        }),
        None => Ok(pair),
    }
}

impl PrivateJwk {
    fn pair(&self) -> Result<KeyPair, SigningKeyError> {
        match (self.kty.as_str(), self.crv.as_deref()) {
            ("oct", _) => {
                Err(SigningKeyError::Unreadable("it is a shared secret; set signing_key for HS256"))
            }
            _ if self.d.is_none() => Err(SigningKeyError::Unreadable("the file has a public key")),
            ("EC", Some(curve)) => self.ec(curve),
            ("OKP", Some("Ed25519")) => self.ed(),
            ("RSA", _) => self.rsa(),
            _ => Err(SigningKeyError::Unreadable("only RSA, EC and Ed25519 keys are read")),
        }
    }

    fn ec(&self, curve: &str) -> Result<KeyPair, SigningKeyError> {
        let damaged = || SigningKeyError::Unreadable("the EC key is damaged");
        let (x, y) = (bytes(&self.x).ok_or_else(damaged)?, bytes(&self.y).ok_or_else(damaged)?);
        let point = [&[UNCOMPRESSED], x.as_slice(), y.as_slice()].concat();
        if let Some(curve) = ["P-384", "P-521", "secp256k1"].into_iter().find(|other| *other == curve) {
            return Err(SigningKeyError::WrongCurve { kid: thumbprint(&ec_jwk(curve, &point)), curve });
        }
        if curve != "P-256" {
            return Err(SigningKeyError::Unreadable("the EC key is on an unknown curve"));
        }
        let private = bytes(&self.d).ok_or_else(damaged)?;
        EcdsaKeyPair::from_private_key_and_public_key(&ECDSA_P256_SHA256_FIXED_SIGNING, &private, &point)
            .map(KeyPair::Ec)
            .map_err(|_| damaged())
    }

    fn ed(&self) -> Result<KeyPair, SigningKeyError> {
        let damaged = || SigningKeyError::Unreadable("the Ed25519 key is damaged");
        let (x, private) = (bytes(&self.x).ok_or_else(damaged)?, bytes(&self.d).ok_or_else(damaged)?);
        Ed25519KeyPair::from_seed_and_public_key(&private, &x).map(KeyPair::Ed).map_err(|_| damaged())
    }

    fn rsa(&self) -> Result<KeyPair, SigningKeyError> {
        let damaged = || SigningKeyError::Unreadable("the RSA key is damaged");
        let (n, e) = (bytes(&self.n).ok_or_else(damaged)?, bytes(&self.e).ok_or_else(damaged)?);
        refuse_weak_rsa(&n, &e)?;
        if self.oth.is_some() {
            return Err(SigningKeyError::Unreadable("the RSA key has more than two primes"));
        }
        let further = [&self.p, &self.q, &self.dp, &self.dq, &self.qi].map(bytes);
        let [Some(p), Some(q), Some(dp), Some(dq), Some(qi)] = further else {
            return Err(SigningKeyError::Unreadable(
                "the RSA key lacks p, q, dp, dq or qi, without which it is not read",
            ));
        };
        let components = KeyPairComponents {
            public_key: RsaPublicKeyComponents { n, e },
            d: bytes(&self.d).ok_or_else(damaged)?,
            p,
            q,
            dP: dp,
            dQ: dq,
            qInv: qi,
        };
        RsaKeyPair::from_components(&components)
            .map(|pair| KeyPair::Rsa(Box::new(pair)))
            .map_err(|_| damaged())
    }

    /// What the file says that the key is for, if that is not to sign as doorward does (RFC 7517 §4.2 to 4.4).
    fn other_purpose(&self, pair: &KeyPair) -> Option<String> {
        let is_ours = |alg: &&String| {
            **alg == pair.algorithm().as_str() || (matches!(pair, KeyPair::Ed(_)) && **alg == ED25519)
        };
        if let Some(other) = self.alg.as_ref().filter(|alg| !is_ours(alg)) {
            return Some(format!("alg {other:?}"));
        }
        if let Some(other) = self.usage.as_ref().filter(|usage| *usage != "sig") {
            return Some(format!("use {other:?}"));
        }
        let other = self.key_ops.as_ref().filter(|allowed| !allowed.iter().any(|one| one == "sign"));
        other.map(|allowed| format!("key_ops {allowed:?}"))
    }
}

/// The bytes of a member.
fn bytes(member: &Option<impl AsRef<str>>) -> Option<Zeroizing<Vec<u8>>> {
    URL_SAFE_NO_PAD.decode(member.as_ref()?.as_ref()).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::super::key_file::read_key;
    use super::super::key_pair::make_key;
    use super::super::public_key;
    use super::*;
    use crate::types::TokenAlgorithm;
    use pkcs1::{RsaPrivateKeyRef, UintRef};
    use pkcs8::PrivateKeyInfoRef;
    use serde_json::{Value, json};

    /// The key of RFC 7517 §A.2 and of RFC 7515 §A.3, without `use`, which says `enc` there.
    const EC: &str = r#"{"kty": "EC", "crv": "P-256", "kid": "1", "x": "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "y": "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM", "d": "870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE"}"#;

    /// The key of RFC 8037 §A.1; its thumbprint is in §A.3.
    const ED: &str = r#"{"kty": "OKP", "crv": "Ed25519", "d": "nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
        "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

    fn value(text: &str) -> Value {
        serde_json::from_str(text).unwrap()
    }

    fn with(text: &str, name: &str, member: Value) -> String {
        let mut jwk = value(text);
        jwk[name] = member;
        jwk.to_string()
    }

    fn refused(text: &str) -> String {
        read_key(text).unwrap_err().to_string()
    }

    #[test]
    fn the_keys_of_the_standards_are_read_alone_and_as_the_only_one_of_a_set() {
        for (text, algorithm, kid) in [
            (EC, "ES256", "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"),
            (ED, "EdDSA", "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"),
        ] {
            for text in [text.to_owned(), json!({"keys": [value(text)]}).to_string(), format!("\n {text}")] {
                let key = read_key(&text).unwrap();
                assert_eq!((key.algorithm.as_str(), key.kid.as_str()), (algorithm, kid));
                let pair = KeyPair::from_pkcs8(key.private.as_bytes()).unwrap();
                let public = public_key::parse(kid, key.algorithm, &value(&key.public_jwk)).unwrap();
                assert!(public.verify_sig(b"a message", &pair.sign(b"a message").unwrap()).is_ok());
            }
        }
    }

    #[test]
    fn an_rsa_key_is_read_with_all_its_numbers_and_refused_if_it_is_weak() {
        let made = make_key(TokenAlgorithm::Rs256).unwrap();
        let info = PrivateKeyInfoRef::try_from(made.private.as_bytes()).unwrap();
        let key = RsaPrivateKeyRef::try_from(info.private_key.as_bytes()).unwrap();
        let text = |number: UintRef<'_>| json!(URL_SAFE_NO_PAD.encode(number.as_bytes()));
        let jwk = json!({
            "kty": "RSA", "alg": "RS256", "n": text(key.modulus), "e": text(key.public_exponent),
            "d": text(key.private_exponent), "p": text(key.prime1), "q": text(key.prime2),
            "dp": text(key.exponent1), "dq": text(key.exponent2), "qi": text(key.coefficient),
        })
        .to_string();
        assert_eq!(read_key(&jwk).unwrap().kid, made.kid);
        for name in ["p", "q", "dp", "dq", "qi"] {
            assert!(refused(&with(&jwk, name, Value::Null)).contains("lacks p, q, dp, dq or qi"));
            assert!(refused(&with(&jwk, name, json!("AQAB"))).contains("damaged"), "{name}");
        }
        assert!(refused(&with(&jwk, "d", json!("AQAB"))).contains("damaged"));
        assert!(refused(&with(&jwk, "oth", json!([]))).contains("more than two primes"));
        let message = refused(&with(&jwk, "alg", json!("PS256")));
        assert!(message.contains("PS256") && message.contains(&made.kid), "{message}");
        let weak = json!(URL_SAFE_NO_PAD.encode([0xff; 128]));
        let kid = thumbprint(&json!({"kty": "RSA", "n": weak, "e": "AQAB"}));
        let message = refused(&with(&jwk, "n", weak));
        assert!(message.contains("1024 bits") && message.contains(&kid), "{message}");
    }

    #[test]
    fn a_key_says_what_it_is_for() {
        for (text, name, member) in [
            (EC, "alg", json!("ES256")),
            (ED, "alg", json!("EdDSA")),
            (ED, "alg", json!("Ed25519")),
            (EC, "use", json!("sig")),
            (EC, "key_ops", json!(["verify", "sign"])),
        ] {
            assert!(read_key(&with(text, name, member.clone())).is_ok(), "{name} {member}");
        }
        for (text, name, member) in [
            (EC, "alg", json!("ECDH-ES")),
            (EC, "alg", json!("ES384")),
            (EC, "alg", json!("Ed25519")),
            (EC, "use", json!("enc")),
            (EC, "key_ops", json!(["verify"])),
            (EC, "key_ops", json!([])),
        ] {
            let message = refused(&with(text, name, member.clone()));
            let named = format!("its file has {name} {member}");
            assert!(message.contains("cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s"), "{message}");
            assert!(message.ends_with(&named), "{message}: {named}");
        }
    }

    #[test]
    fn a_key_that_does_not_fit_is_refused_with_the_reason() {
        let other = "Yfg7hcvPapiMlrwIaaPcHURo11qYAYKxCrfVS_7TyWQ";
        for (text, reason) in [
            (with(EC, "d", Value::Null), "public key"),
            (with(EC, "d", json!(other)), "the EC key is damaged"),
            (with(EC, "y", json!(other)), "the EC key is damaged"),
            (with(EC, "x", json!("=")), "the EC key is damaged"),
            (with(EC, "crv", json!("P-384")), "is on P-384, and ES256 needs P-256"),
            (with(EC, "crv", json!("P-192")), "unknown curve"),
            (with(ED, "d", json!(other)), "the Ed25519 key is damaged"),
            (with(ED, "crv", json!("X25519")), "only RSA, EC and Ed25519"),
            (with(ED, "kty", json!("ML")), "only RSA, EC and Ed25519"),
            (with(ED, "kty", json!("oct")), "signing_key"),
            (with(ED, "kty", json!("RSA")), "the RSA key is damaged"),
            (json!({"keys": []}).to_string(), "exactly one"),
            (json!({"keys": [value(EC), value(ED)]}).to_string(), "exactly one"),
            (json!({"protected": "eyJ", "ciphertext": "x"}).to_string(), "no JSON Web Key"),
            ("{".to_owned(), "no JSON Web Key"),
        ] {
            let message = refused(&text);
            assert!(message.contains(reason), "{text}: {message}");
            assert!(!message.contains("870MB6"), "{message}");
        }
    }
}
