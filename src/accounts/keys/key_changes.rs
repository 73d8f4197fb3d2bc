//! The states of keys and what moves a key from one to the next: published, signing, verifying, gone.
//!
//! A key signs only after it was published for longer than services keep the key set, and checks until its last
//! token has expired. So a service that follows the headers of the key set never meets a token that it cannot check.

use std::collections::BTreeSet;
use std::time::Duration;

use crate::accounts::keys::error::ChangeKeysError;
use crate::accounts::shared::actor::{Actor, AuditSubject};
use crate::config::Config;
use crate::store::tables::audit::Action;
use crate::store::tables::signing_keys;
use crate::store::tables::signing_keys::KeyTable;
use crate::store::{StoreError, Tx};
use crate::tokens::{NewSigningKey, encrypt, is_clear, seal};
use crate::types::{DataKey, KeyRecord, KeyState, Timestamp, TokenAlgorithm};

/// How long a key checks beyond the expiry of the last token that it can have signed: a replica that has not read
/// the change yet signs with the old key for the length of a request, and clocks of replicas differ.
const SLACK: Duration = Duration::from_secs(60);

/// The lengths of time that keys go by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeySpans {
    publish_for: Duration,
    rotate_every: Option<Duration>,
    /// How long a key checks after it has signed.
    verify_for: Duration,
}

/// The keys, and what changes.
pub(crate) struct KeyChanges {
    keys: Vec<KeyRecord>,
    version: i64,
    spans: KeySpans,
    now: Timestamp,
    changed: BTreeSet<String>,
    events: Vec<(Action, String)>,
}

impl KeySpans {
    /// Those of the settings.
    pub(crate) fn of(config: &Config) -> Self {
        let tokens = config.access_token_lifetime.max(config.refresh_token_lifetime);
        let longest = tokens.max(config.tokens.sliding_lifetime);
        Self {
            publish_for: config.keys.publish_for,
            rotate_every: config.keys.rotate_every,
            verify_for: longest + config.clock_leeway + SLACK,
        }
    }
}

impl KeyChanges {
    /// Begins with these keys.
    pub(crate) fn new(table: KeyTable, spans: KeySpans, now: Timestamp) -> Self {
        let (changed, events) = (BTreeSet::new(), Vec::new());
        Self { keys: table.keys, version: table.version, spans, now, changed, events }
    }

    /// The time of the change.
    pub(crate) fn now(&self) -> Timestamp {
        self.now
    }

    /// Whether something changes.
    pub(crate) fn is_needed(&self) -> bool {
        !self.changed.is_empty()
    }

    /// Stores what changed, with its audit entries.
    pub(crate) fn store(&self, tx: &mut Tx<'_>, by: &Actor) -> Result<(), StoreError> {
        for key in self.keys.iter().filter(|key| self.changed.contains(&key.kid)) {
            signing_keys::put(tx, key, self.version + 1)?;
        }
        for (action, detail) in &self.events {
            by.record(tx, *action, None::<AuditSubject<'_>>, Some(detail), self.now)?;
        }
        Ok(())
    }

    /// The key with this id.
    pub(crate) fn find(&self, kid: &str) -> Option<&KeyRecord> {
        self.keys.iter().find(|key| key.kid == kid)
    }

    /// The algorithm of new tokens. Without a key of its own, that is HS256.
    pub(crate) fn signing_algorithm(&self) -> TokenAlgorithm {
        self.in_state(KeyState::Signing).map_or(TokenAlgorithm::Hs256, |key| key.algorithm)
    }

    /// The key that waits for its turn.
    pub(crate) fn published(&self) -> Option<&KeyRecord> {
        self.in_state(KeyState::Published)
    }

    fn in_state(&self, state: KeyState) -> Option<&KeyRecord> {
        self.keys.iter().find(|key| key.state == state)
    }

    /// What time alone does: a published key begins to sign, one whose last token has expired goes.
    pub(crate) fn advance(&mut self) {
        let now = self.now;
        // A clock that was ahead has published it.
        let latest = now.plus(self.spans.publish_for);
        let is_late =
            |key: &&mut KeyRecord| key.state == KeyState::Published && key.signs_from > latest.plus(SLACK);
        for key in self.keys.iter_mut().filter(is_late) {
            key.signs_from = latest;
            self.changed.insert(key.kid.clone());
        }
        let due = self.published().filter(|key| key.signs_from <= now).map(|key| key.kid.clone());
        if let Some(kid) = due {
            self.begin_signing(&kid);
        }
        let is_over = |key: &KeyRecord| {
            key.state == KeyState::Verifying && key.verifies_until.is_some_and(|until| until <= now)
        };
        let over: Vec<String> =
            self.keys.iter().filter(|key| is_over(key)).map(|key| key.kid.clone()).collect();
        for kid in over {
            self.end(&kid, Action::KeyEnded);
        }
    }

    /// The algorithm of the key that `keys.rotate_every` asks for now.
    pub(crate) fn due_rotation(&self) -> Option<TokenAlgorithm> {
        let signing = self.in_state(KeyState::Signing).filter(|key| key.algorithm.is_asymmetric())?;
        let ends = signing.signs_from.plus(self.spans.rotate_every?).minus(self.spans.publish_for);
        (ends <= self.now && self.published().is_none()).then_some(signing.algorithm)
    }

    /// Whether tokens of `algorithm` need a new key.
    pub(crate) fn needs_key(&self, algorithm: TokenAlgorithm) -> bool {
        let serves = |key: &KeyRecord| key.algorithm == algorithm && key.state <= KeyState::Signing;
        algorithm.is_asymmetric() && !self.keys.iter().any(serves)
    }

    /// Makes `algorithm` that of new tokens, with a key for it if [`Self::needs_key`].
    pub(crate) fn choose(
        &mut self,
        algorithm: TokenAlgorithm,
        new: Option<(NewSigningKey, Option<&DataKey>)>,
    ) -> Result<(), ChangeKeysError> {
        let is_other = |key: &&KeyRecord| key.state == KeyState::Published && key.algorithm != algorithm;
        let others: Vec<String> = self.keys.iter().filter(is_other).map(|key| key.kid.clone()).collect();
        for kid in others {
            self.end(&kid, Action::KeyEnded);
        }
        match (algorithm, new) {
            (TokenAlgorithm::Hs256, _) if self.signing_algorithm().is_asymmetric() => {
                self.begin_signing(KeyRecord::HS256)
            }
            (_, Some((new, data_key))) if self.needs_key(algorithm) => {
                self.publish(new, data_key, Action::KeyPublished)?
            }
            _ => {}
        }
        Ok(())
    }

    /// Publishes a key. It signs after `keys.publish_for`, or at once if no service can have a key set that lacks it:
    /// none has one with keys.
    pub(crate) fn publish(
        &mut self,
        new: NewSigningKey,
        data_key: Option<&DataKey>,
        action: Action,
    ) -> Result<(), ChangeKeysError> {
        if self.find(&new.kid).is_some() {
            return Err(ChangeKeysError::Known(new.kid));
        }
        let is_in_use = |key: &KeyRecord| key.algorithm.is_asymmetric() && key.state != KeyState::Gone;
        let waits = self.keys.iter().any(is_in_use);
        let signs_from = if waits { self.now.plus(self.spans.publish_for) } else { self.now };
        let record = KeyRecord {
            private: Some(seal(data_key, &new.kid, &new.private)?),
            kid: new.kid.clone(),
            algorithm: new.algorithm,
            state: KeyState::Published,
            public_jwk: new.public_jwk,
            created_at: self.now,
            published_at: self.now,
            signs_from,
            signed_until: None,
            verifies_until: None,
        };
        self.note(&record, action);
        self.keys.push(record);
        if !waits {
            self.begin_signing(&new.kid);
        }
        Ok(())
    }

    /// Has a key sign from now on; the one before checks until its last token has expired.
    pub(crate) fn begin_signing(&mut self, kid: &str) {
        let (now, until) = (self.now, self.now.plus(self.spans.verify_for));
        if self.find(KeyRecord::HS256).is_none() {
            // HS256 has signed until now, without a row.
            self.keys.push(KeyRecord {
                kid: KeyRecord::HS256.to_owned(),
                algorithm: TokenAlgorithm::Hs256,
                state: KeyState::Signing,
                private: None,
                public_jwk: String::new(),
                created_at: now,
                published_at: now,
                signs_from: now,
                signed_until: None,
                verifies_until: None,
            });
        }
        for key in self.keys.iter_mut().filter(|key| key.state == KeyState::Signing && key.kid != kid) {
            key.state = KeyState::Verifying;
            // What does not sign any more needs no private half.
            (key.private, key.signed_until, key.verifies_until) = (None, Some(now), Some(until));
            self.changed.insert(key.kid.clone());
        }
        let Some(key) = self.keys.iter_mut().find(|key| key.kid == kid) else { return };
        key.state = KeyState::Signing;
        (key.signs_from, key.signed_until, key.verifies_until) = (now, None, None);
        let key = key.clone();
        self.note(&key, Action::KeyActivated);
    }

    /// Has the tokens of a key refused from now on.
    pub(crate) fn end(&mut self, kid: &str, action: Action) {
        let now = self.now;
        let Some(key) = self.keys.iter_mut().find(|key| key.kid == kid) else { return };
        if key.state <= KeyState::Signing {
            key.signed_until = Some(now);
        }
        key.state = KeyState::Gone;
        (key.private, key.verifies_until) = (None, Some(now));
        let key = key.clone();
        self.note(&key, action);
    }

    /// Encrypts private halves that lie in clear.
    pub(crate) fn encrypt(&mut self, data_key: &DataKey) -> Result<(), ChangeKeysError> {
        for key in &mut self.keys {
            if let Some(stored) = key.private.as_ref().filter(|stored| is_clear(stored)) {
                key.private = Some(encrypt(data_key, &key.kid, stored)?);
                self.changed.insert(key.kid.clone());
            }
        }
        Ok(())
    }

    fn note(&mut self, key: &KeyRecord, action: Action) {
        self.changed.insert(key.kid.clone());
        let detail = match key.algorithm {
            TokenAlgorithm::Hs256 => KeyRecord::HS256.to_owned(),
            algorithm => format!("{}, {}", algorithm.as_str(), key.kid),
        };
        self.events.push((action, detail));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tokens::make_key;

    const START: Timestamp = Timestamp::from_seconds(1_700_000_000);
    const MINUTE: Duration = Duration::from_secs(60);
    const HOUR: Duration = Duration::from_secs(3600);

    fn at(table: Vec<KeyRecord>, after: Duration) -> KeyChanges {
        let spans =
            KeySpans { publish_for: 15 * MINUTE, rotate_every: Some(24 * HOUR), verify_for: 10 * HOUR };
        KeyChanges::new(KeyTable { version: 1, keys: table }, spans, START.plus(after))
    }

    fn states(changes: &KeyChanges) -> Vec<(TokenAlgorithm, KeyState)> {
        changes.keys.iter().map(|key| (key.algorithm, key.state)).collect()
    }

    fn choose(changes: &mut KeyChanges, algorithm: TokenAlgorithm) {
        let new = changes.needs_key(algorithm).then(|| (make_key(algorithm).unwrap(), None));
        changes.choose(algorithm, new).unwrap();
    }

    #[test]
    fn the_first_key_signs_at_once_and_hs256_checks_until_its_tokens_have_expired() {
        let mut changes = at(Vec::new(), Duration::ZERO);
        choose(&mut changes, TokenAlgorithm::Es256);
        let (es, hs) = (TokenAlgorithm::Es256, TokenAlgorithm::Hs256);
        assert_eq!(states(&changes), [(es, KeyState::Signing), (hs, KeyState::Verifying)]);
        let mut later = at(changes.keys, 10 * HOUR);
        later.advance();
        assert_eq!(states(&later), [(es, KeyState::Signing), (hs, KeyState::Gone)]);
        choose(&mut later, hs);
        assert_eq!(states(&later), [(es, KeyState::Verifying), (hs, KeyState::Signing)]);
        assert!(later.keys[0].private.is_none(), "what does not sign has no private half");
    }

    #[test]
    fn a_change_between_asymmetric_algorithms_publishes_first_and_a_change_back_takes_that_back() {
        let mut changes = at(Vec::new(), Duration::ZERO);
        choose(&mut changes, TokenAlgorithm::Es256);
        let mut changes = at(changes.keys, HOUR);
        choose(&mut changes, TokenAlgorithm::EdDsa);
        assert_eq!(changes.signing_algorithm(), TokenAlgorithm::Es256);
        assert_eq!(changes.published().unwrap().signs_from, START.plus(HOUR + 15 * MINUTE));
        choose(&mut changes, TokenAlgorithm::Es256);
        assert!(changes.published().is_none() && changes.signing_algorithm() == TokenAlgorithm::Es256);
    }

    #[test]
    fn a_key_is_published_early_enough_to_sign_when_the_rotation_is_due() {
        let mut changes = at(Vec::new(), Duration::ZERO);
        choose(&mut changes, TokenAlgorithm::Es256);
        let table = changes.keys;
        assert_eq!(at(table.clone(), 23 * HOUR).due_rotation(), None);
        let mut due = at(table, 24 * HOUR - 15 * MINUTE);
        assert_eq!(due.due_rotation(), Some(TokenAlgorithm::Es256));
        due.publish(make_key(TokenAlgorithm::Es256).unwrap(), None, Action::KeyPublished).unwrap();
        assert_eq!(due.due_rotation(), None, "one waits already");
        assert_eq!(due.published().unwrap().signs_from, START.plus(24 * HOUR));
        let new = due.published().unwrap().kid.clone();
        let mut early = at(due.keys.clone(), 24 * HOUR - MINUTE);
        early.advance();
        assert_ne!(early.in_state(KeyState::Signing).unwrap().kid, new);
        let mut later = at(due.keys, 24 * HOUR);
        later.advance();
        assert_eq!(later.in_state(KeyState::Signing).unwrap().kid, new);
    }

    #[test]
    fn a_key_that_a_clock_far_ahead_has_published_signs_no_later_than_a_new_one() {
        let mut changes = at(Vec::new(), Duration::ZERO);
        choose(&mut changes, TokenAlgorithm::Es256);
        let mut ahead = at(changes.keys, 1000 * HOUR);
        ahead.publish(make_key(TokenAlgorithm::Es256).unwrap(), None, Action::KeyPublished).unwrap();
        let mut right = at(ahead.keys, HOUR);
        right.advance();
        assert_eq!(right.published().unwrap().signs_from, START.plus(HOUR + 15 * MINUTE));
    }

    #[test]
    fn a_key_is_published_once() {
        let mut changes = at(Vec::new(), Duration::ZERO);
        let new = make_key(TokenAlgorithm::Es256).unwrap();
        let again = NewSigningKey {
            kid: new.kid.clone(),
            algorithm: new.algorithm,
            public_jwk: new.public_jwk.clone(),
            private: new.private.clone(),
        };
        changes.publish(new, None, Action::KeyPublished).unwrap();
        let error = changes.publish(again, None, Action::KeyImported).unwrap_err();
        assert!(matches!(error, ChangeKeysError::Known(_)));
    }
}
