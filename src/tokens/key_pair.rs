//! Key pairs: made, read from a file or the database, and used to sign.

use aws_lc_rs::encoding::AsDer as _;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P256K1_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING,
    ECDSA_P521_SHA512_FIXED_SIGNING, EcdsaKeyPair, EcdsaSigningAlgorithm, Ed25519KeyPair, KeyPair as _,
    RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};
use pkcs1::RsaPrivateKeyRef;
use pkcs8::{ObjectIdentifier, PrivateKeyInfoRef};
use serde_json::Value;

use super::key_error::SigningKeyError;
use super::public_key::{LEAST_RSA_BITS, bit_length, ec_jwk, ed_jwk, published_jwk, rsa_jwk, thumbprint};
use crate::types::{PrivateKey, TokenAlgorithm};

/// Both halves of a key.
pub(super) enum KeyPair {
    Ec(EcdsaKeyPair),
    Rsa(Box<RsaKeyPair>),
    Ed(Ed25519KeyPair),
}

/// A key that was made or read, for the database.
#[derive(Debug)]
pub(crate) struct NewSigningKey {
    /// The thumbprint of its public half.
    pub kid: String,
    /// The algorithm that fits it.
    pub algorithm: TokenAlgorithm,
    /// Its public half as a JSON Web Key.
    pub public_jwk: String,
    /// Its private half.
    pub private: PrivateKey,
}

/// Makes a key for an asymmetric algorithm. Takes up to a second for RS256 (2048 bits).
///
/// # Errors
/// [`SigningKeyError::NotMade`], also for HS256, whose key is no pair.
pub(crate) fn make_key(algorithm: TokenAlgorithm) -> Result<NewSigningKey, SigningKeyError> {
    let pair = match algorithm {
        TokenAlgorithm::Hs256 => return Err(SigningKeyError::NotMade),
        TokenAlgorithm::Es256 => EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).map(KeyPair::Ec),
        TokenAlgorithm::Rs256 => RsaKeyPair::generate(KeySize::Rsa2048).map(Box::new).map(KeyPair::Rsa),
        TokenAlgorithm::EdDsa => Ed25519KeyPair::generate().map(KeyPair::Ed),
    };
    pair.map_err(|_| SigningKeyError::NotMade)?.into_new()
}

/// The algorithms of keys in PKCS#8: `rsaEncryption` (RFC 8017 §A.1), `id-ecPublicKey` (RFC 5480 §2.1.1) and
/// `id-Ed25519` (RFC 8410 §3).
const RSA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.1.1");
const EC: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.2.1");
const ED25519: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.101.112");

impl KeyPair {
    /// Reads a private half in PKCS#8.
    pub(super) fn from_pkcs8(bytes: &[u8]) -> Result<Self, SigningKeyError> {
        let unreadable = SigningKeyError::Unreadable("only RSA, EC and Ed25519 keys in PKCS#8 are read");
        let Ok(info) = PrivateKeyInfoRef::try_from(bytes) else { return Err(unreadable) };
        match info.algorithm.oid {
            RSA => rsa_pair(info.private_key.as_bytes()),
            EC => ec_pair(bytes),
            ED25519 => Ed25519KeyPair::from_pkcs8_maybe_unchecked(bytes)
                .map(Self::Ed)
                .map_err(|_| SigningKeyError::Unreadable("the Ed25519 key is damaged")),
            _ => Err(unreadable),
        }
    }

    pub(super) fn algorithm(&self) -> TokenAlgorithm {
        match self {
            Self::Ec(_) => TokenAlgorithm::Es256,
            Self::Rsa(_) => TokenAlgorithm::Rs256,
            Self::Ed(_) => TokenAlgorithm::EdDsa,
        }
    }

    /// The members that make the public key.
    pub(super) fn public_jwk(&self) -> Value {
        match self {
            Self::Ec(pair) => ec_jwk("P-256", pair.public_key().as_ref()),
            Self::Rsa(pair) => {
                let RsaPublicKeyComponents { n, e } =
                    RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                rsa_jwk(&n, &e)
            }
            Self::Ed(pair) => ed_jwk(pair.public_key().as_ref()),
        }
    }

    /// Signs a message; `None` if the system has no random numbers.
    pub(super) fn sign(&self, message: &[u8]) -> Option<Vec<u8>> {
        let random = SystemRandom::new();
        match self {
            Self::Ec(pair) => pair.sign(&random, message).ok().map(|signature| signature.as_ref().to_vec()),
            Self::Ed(pair) => pair.try_sign(message).ok().map(|signature| signature.as_ref().to_vec()),
            Self::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &random, message, &mut signature).ok()?;
                Some(signature)
            }
        }
    }

    /// For the database.
    pub(super) fn into_new(self) -> Result<NewSigningKey, SigningKeyError> {
        let private = match &self {
            Self::Ec(pair) => pair.to_pkcs8v1().map(|document| document.as_ref().to_vec()),
            Self::Rsa(pair) => pair.as_der().map(|document| document.as_ref().to_vec()),
            Self::Ed(pair) => pair.to_pkcs8v1().map(|document| document.as_ref().to_vec()),
        };
        let (algorithm, jwk) = (self.algorithm(), self.public_jwk());
        Ok(NewSigningKey {
            kid: thumbprint(&jwk),
            algorithm,
            public_jwk: published_jwk(jwk, algorithm).to_string(),
            private: PrivateKey::new(private.map_err(|_| SigningKeyError::NotMade)?),
        })
    }
}

/// Reads an `RSAPrivateKey` (RFC 8017 §A.1.2).
pub(super) fn rsa_pair(bytes: &[u8]) -> Result<KeyPair, SigningKeyError> {
    let key = RsaPrivateKeyRef::try_from(bytes)
        .map_err(|_| SigningKeyError::Unreadable("the RSA key is damaged"))?;
    refuse_weak_rsa(key.modulus.as_bytes(), key.public_exponent.as_bytes())?;
    RsaKeyPair::from_der(bytes)
        .map(|pair| KeyPair::Rsa(Box::new(pair)))
        .map_err(|_| SigningKeyError::Unreadable("the RSA key is damaged, or has more than 8192 bits"))
}

/// Refuses an RSA key with a short modulus. Both numbers are without leading zeros.
pub(super) fn refuse_weak_rsa(modulus: &[u8], exponent: &[u8]) -> Result<(), SigningKeyError> {
    let bits = bit_length(modulus);
    if bits < LEAST_RSA_BITS {
        return Err(SigningKeyError::WeakRsa { kid: thumbprint(&rsa_jwk(modulus, exponent)), bits });
    }
    Ok(())
}

/// Reads an EC key in PKCS#8 or as an `ECPrivateKey` (RFC 5915).
pub(super) fn ec_pair(bytes: &[u8]) -> Result<KeyPair, SigningKeyError> {
    if let Ok(pair) = EcdsaKeyPair::from_private_key_der(&ECDSA_P256_SHA256_FIXED_SIGNING, bytes) {
        return Ok(KeyPair::Ec(pair));
    }
    let others: [(&'static str, &'static EcdsaSigningAlgorithm); 3] = [
        ("P-384", &ECDSA_P384_SHA384_FIXED_SIGNING),
        ("P-521", &ECDSA_P521_SHA512_FIXED_SIGNING),
        ("secp256k1", &ECDSA_P256K1_SHA256_FIXED_SIGNING),
    ];
    for (curve, algorithm) in others {
        if let Ok(pair) = EcdsaKeyPair::from_private_key_der(algorithm, bytes) {
            return Err(SigningKeyError::WrongCurve {
                kid: thumbprint(&ec_jwk(curve, pair.public_key().as_ref())),
                curve,
            });
        }
    }
    Err(SigningKeyError::Unreadable("the EC key is damaged, or on an unknown curve"))
}

#[cfg(test)]
mod tests {
    use super::super::public_key;
    use super::*;

    #[test]
    fn a_key_of_each_algorithm_is_made_stored_read_and_signs() {
        for algorithm in [TokenAlgorithm::Es256, TokenAlgorithm::Rs256, TokenAlgorithm::EdDsa] {
            let made = make_key(algorithm).unwrap();
            let read = KeyPair::from_pkcs8(made.private.as_bytes()).unwrap();
            assert_eq!(thumbprint(&read.public_jwk()), made.kid);
            let jwk: Value = serde_json::from_str(&made.public_jwk).unwrap();
            assert_eq!((&jwk["kid"], &jwk["use"]), (&made.kid.as_str().into(), &"sig".into()));
            assert_eq!(jwk["alg"], algorithm.as_str());
            let public = public_key::parse(&made.kid, algorithm, &jwk).unwrap();
            let signature = read.sign(b"a message").unwrap();
            assert!(public.verify_sig(b"a message", &signature).is_ok());
            assert!(public.verify_sig(b"a massage", &signature).is_err());
            let pem = public_key::to_pem(&made.kid, algorithm, &made.public_jwk).unwrap();
            assert!(pem.starts_with("-----BEGIN PUBLIC KEY-----\nM") && pem.ends_with("KEY-----\n"), "{pem}");
        }
        assert_eq!(make_key(TokenAlgorithm::Hs256).unwrap_err(), SigningKeyError::NotMade);
    }

    #[test]
    fn no_two_keys_are_the_same() {
        let kid = || make_key(TokenAlgorithm::Es256).unwrap().kid;
        assert_ne!(kid(), kid());
    }
}
