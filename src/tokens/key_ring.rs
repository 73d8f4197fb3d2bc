//! The keys that sign and check tokens. The algorithm comes from the key, never from the token
//! (RFC 8725 §3.1), and each key has one.

use aws_lc_rs::signature::ParsedPublicKey;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey};
use serde_json::{Value, json};

use super::key_error::SigningKeyError;
use super::key_pair::KeyPair;
use super::verified::VerifiedTokens;
use super::{public_key, sealed};
use crate::types::{DataKey, KeyRecord, KeyState, SigningKey, Timestamp, TokenAlgorithm};

/// A key with its algorithm, and its id in the header parameter `kid` (RFC 7515 §4.1.4).
pub(super) struct TokenKey {
    /// `None` for HS256: Simple JWT writes no `kid`, and its clients expect its header.
    pub(super) id: Option<String>,
    pub(super) algorithm: TokenAlgorithm,
    signer: Option<Signer>,
    verifier: Verifier,
    /// When it checks no more, if it does not sign any more.
    until: Option<Timestamp>,
}

enum Signer {
    Hmac(EncodingKey),
    Pair(KeyPair),
}

enum Verifier {
    Hmac(DecodingKey),
    Public { key: Box<ParsedPublicKey>, verified: VerifiedTokens },
}

/// The key that signs, others that check, and what services get.
pub struct KeyRing {
    /// The version of the stored keys that it was made of.
    version: i64,
    keys: Vec<TokenKey>,
    /// The place of the key that signs.
    current: Option<usize>,
    /// The published keys, and when each goes.
    published: Vec<(Value, Option<Timestamp>)>,
    /// Why keys that are needed cannot be used.
    problems: Vec<SigningKeyError>,
}

impl KeyRing {
    /// One key, for HMAC with SHA-256 (RFC 7518 §3.2).
    #[must_use]
    pub fn hs256(key: &SigningKey) -> Self {
        Self {
            version: 0,
            keys: vec![TokenKey::hs256(key, None)],
            current: Some(0),
            published: Vec::new(),
            problems: Vec::new(),
        }
    }

    /// The stored keys, beside the one of HS256, which signs as long as no stored key does. A key that cannot be
    /// used is left out, and is one of [`Self::problems`].
    pub(crate) fn stored(
        hs256: &SigningKey,
        data_key: Option<&DataKey>,
        records: &[KeyRecord],
        version: i64,
    ) -> Self {
        let mut ring = Self { version, ..Self::hs256(hs256) };
        let shared = records.iter().find(|record| record.algorithm == TokenAlgorithm::Hs256);
        match shared.map(|record| (record.state, record.verifies_until)) {
            None | Some((KeyState::Published | KeyState::Signing, _)) => {}
            Some((KeyState::Verifying, until)) => {
                ring.keys = vec![TokenKey::hs256(hs256, until)];
                ring.current = None;
            }
            Some((KeyState::Gone, _)) => (ring.keys, ring.current) = (Vec::new(), None),
        }
        let in_use = |record: &&KeyRecord| record.algorithm.is_asymmetric() && record.state != KeyState::Gone;
        for record in records.iter().filter(in_use) {
            match TokenKey::stored(record, data_key) {
                Ok((key, jwk)) => {
                    if record.state == KeyState::Signing {
                        ring.current = Some(ring.keys.len());
                    }
                    ring.published.push((jwk, key.until));
                    ring.keys.push(key);
                }
                Err(problem) => {
                    if record.state == KeyState::Signing {
                        ring.current = None;
                    }
                    ring.problems.push(problem);
                }
            }
        }
        ring
    }

    /// The version of the stored keys that it was made of.
    pub(super) fn version(&self) -> i64 {
        self.version
    }

    /// Why stored keys cannot be used.
    pub(crate) fn problems(&self) -> &[SigningKeyError] {
        &self.problems
    }

    /// Whether a key can sign new tokens.
    pub(crate) fn can_sign(&self) -> bool {
        self.current().is_some()
    }

    /// The key that signs new tokens; `None` if it cannot be used.
    pub(super) fn current(&self) -> Option<&TokenKey> {
        self.current.and_then(|place| self.keys.get(place))
    }

    /// Whether there are keys with an id. Then an id that no key has is the id of a key that is gone.
    pub(super) fn has_ids(&self) -> bool {
        self.keys.iter().any(|key| key.id.is_some())
    }

    /// The keys that may have signed a token with this `kid`: the one of that id; for a token without an id, each
    /// key without one. As long as no key has an id, the id does not count, as for PyJWT.
    pub(super) fn candidates(&self, id: Option<&Value>, now: Timestamp) -> impl Iterator<Item = &TokenKey> {
        let id = id.filter(|_| self.has_ids());
        self.keys.iter().filter(move |key| {
            let is_named = match (id, key.id.as_deref()) {
                (None, None) => true,
                (Some(id), Some(own)) => id.as_str() == Some(own),
                _ => false,
            };
            is_named && key.until.is_none_or(|until| until > now)
        })
    }

    /// The JSON Web Key Set of the public halves (RFC 7517 §5).
    pub(crate) fn jwk_set(&self, now: Timestamp) -> Value {
        let is_in_use = |until: &Option<Timestamp>| until.is_none_or(|until| until > now);
        let keys = self.published.iter().filter(|(_, until)| is_in_use(until)).map(|(jwk, _)| jwk);
        json!({"keys": keys.collect::<Vec<_>>()})
    }
}

impl TokenKey {
    fn hs256(key: &SigningKey, until: Option<Timestamp>) -> Self {
        Self {
            id: None,
            algorithm: TokenAlgorithm::Hs256,
            signer: Some(Signer::Hmac(EncodingKey::from_secret(key.as_bytes()))),
            verifier: Verifier::Hmac(DecodingKey::from_secret(key.as_bytes())),
            until,
        }
    }

    /// A stored key with its public half as services get it.
    fn stored(record: &KeyRecord, data_key: Option<&DataKey>) -> Result<(Self, Value), SigningKeyError> {
        let KeyRecord { kid, algorithm, .. } = record;
        let unfitting = || SigningKeyError::Unfitting { kid: kid.clone(), algorithm: *algorithm };
        let jwk: Value = serde_json::from_str(&record.public_jwk).map_err(|_| unfitting())?;
        let public = public_key::parse(kid, *algorithm, &jwk)?;
        let signer = match record.state {
            KeyState::Published | KeyState::Signing => Some(Signer::Pair(private_half(record, data_key)?)),
            KeyState::Verifying | KeyState::Gone => None,
        };
        let key = Self {
            id: Some(kid.clone()),
            algorithm: *algorithm,
            signer,
            verifier: Verifier::Public { key: Box::new(public), verified: VerifiedTokens::new() },
            until: record.verifies_until.filter(|_| record.state == KeyState::Verifying),
        };
        Ok((key, public_key::published_jwk(jwk, *algorithm)))
    }

    /// The signature of a message, in base64url.
    pub(super) fn sign(&self, message: &[u8]) -> Option<String> {
        match self.signer.as_ref()? {
            Signer::Hmac(key) => jsonwebtoken::crypto::sign(message, key, Algorithm::HS256).ok(),
            Signer::Pair(pair) => pair.sign(message).map(|signature| URL_SAFE_NO_PAD.encode(signature)),
        }
    }

    /// Whether the signature, in base64url, is that of the message.
    pub(super) fn verifies(&self, message: &[u8], signature: &str) -> bool {
        match &self.verifier {
            Verifier::Hmac(key) => {
                jsonwebtoken::crypto::verify(signature, message, key, Algorithm::HS256).unwrap_or(false)
            }
            Verifier::Public { key, verified } => verified.contains_or(message, signature, || {
                let decoded = URL_SAFE_NO_PAD.decode(signature);
                decoded.is_ok_and(|signature| key.verify_sig(message, &signature).is_ok())
            }),
        }
    }
}

/// The private half of a stored key, which must belong to its public half.
fn private_half(record: &KeyRecord, data_key: Option<&DataKey>) -> Result<KeyPair, SigningKeyError> {
    let wrong = || SigningKeyError::WrongPrivate(record.kid.clone());
    let stored = record.private.as_ref().ok_or_else(wrong)?;
    let private = sealed::open(data_key, &record.kid, stored)?;
    let pair = KeyPair::from_pkcs8(private.as_bytes()).map_err(|_| wrong())?;
    let fits =
        pair.algorithm() == record.algorithm && public_key::thumbprint(&pair.public_jwk()) == record.kid;
    if fits { Ok(pair) } else { Err(wrong()) }
}

#[cfg(test)]
mod tests {
    use super::super::key_pair::make_key;
    use super::*;

    const NOW: Timestamp = Timestamp::from_seconds(1_700_000_000);

    fn key(text: &str) -> SigningKey {
        SigningKey::new(text.as_bytes().to_vec())
    }

    pub(crate) fn record(algorithm: TokenAlgorithm, state: KeyState) -> KeyRecord {
        let made = make_key(algorithm).unwrap();
        KeyRecord {
            private: Some(sealed::seal(None, &made.kid, &made.private).unwrap()),
            kid: made.kid,
            algorithm,
            state,
            public_jwk: made.public_jwk,
            created_at: NOW,
            published_at: NOW,
            signs_from: NOW,
            signed_until: None,
            verifies_until: None,
        }
    }

    fn ids(ring: &KeyRing, id: Option<&str>, now: Timestamp) -> Vec<Option<String>> {
        let id = id.map(Value::from);
        ring.candidates(id.as_ref(), now).map(|key| key.id.clone()).collect()
    }

    #[test]
    fn an_id_counts_as_soon_as_a_key_has_one() {
        let ring = KeyRing::hs256(&key("one"));
        assert_eq!(ids(&ring, None, NOW), [None]);
        assert_eq!(ids(&ring, Some("unknown"), NOW), [None], "PyJWT ignores it");
        let signing = record(TokenAlgorithm::Es256, KeyState::Signing);
        let ring = KeyRing::stored(&key("one"), None, std::slice::from_ref(&signing), 3);
        assert_eq!((ring.version(), ring.current().unwrap().id.as_ref()), (3, Some(&signing.kid)));
        assert_eq!(ids(&ring, Some(&signing.kid), NOW), [Some(signing.kid.clone())]);
        assert_eq!(ids(&ring, None, NOW), [None], "only HS256 has no id");
        assert!(ids(&ring, Some("unknown"), NOW).is_empty());
        assert_eq!(ring.candidates(Some(&json!(7)), NOW).count(), 0);
    }

    #[test]
    fn a_key_that_does_not_sign_any_more_checks_until_its_end_and_a_gone_one_never() {
        let (mut old, mut gone) = (
            record(TokenAlgorithm::EdDsa, KeyState::Verifying),
            record(TokenAlgorithm::Es256, KeyState::Gone),
        );
        let end = NOW.plus(std::time::Duration::from_secs(10));
        (old.verifies_until, old.private, gone.private) = (Some(end), None, None);
        let records = [record(TokenAlgorithm::Es256, KeyState::Signing), old.clone(), gone.clone()];
        let ring = KeyRing::stored(&key("one"), None, &records, 1);
        assert!(ring.problems().is_empty());
        assert_eq!(ids(&ring, Some(&old.kid), NOW).len(), 1);
        assert!(ids(&ring, Some(&old.kid), end).is_empty());
        assert!(ids(&ring, Some(&gone.kid), NOW).is_empty());
        let published = |now| ring.jwk_set(now)["keys"].as_array().unwrap().len();
        assert_eq!((published(NOW), published(end)), (2, 1));
    }

    #[test]
    fn a_key_whose_halves_do_not_fit_signs_nothing_and_is_named() {
        let mut mixed = record(TokenAlgorithm::Es256, KeyState::Signing);
        mixed.private = record(TokenAlgorithm::Es256, KeyState::Signing).private;
        let ring = KeyRing::stored(&key("one"), None, std::slice::from_ref(&mixed), 1);
        assert!(ring.current().is_none());
        assert_eq!(ring.problems(), [SigningKeyError::WrongPrivate(mixed.kid.clone())]);
        mixed.algorithm = TokenAlgorithm::Rs256;
        let ring = KeyRing::stored(&key("one"), None, std::slice::from_ref(&mixed), 1);
        assert!(ring.problems()[0].to_string().contains(&mixed.kid) && ring.current().is_none());
    }
}
