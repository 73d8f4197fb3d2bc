//! Checking and making password hashes. The account verbs call [`Passwords`];
//! `format` reads and writes encodings, `engine` queues and computes. Nothing
//! here knows users, and nothing else in the house knows bcrypt.
//!
//! From the outside in: `engine` (the handle), `queue` (who gets in and who is
//! next, with `fairness` and `pace`), `worker` (a thread), `batch` (its
//! hashes), `lanes` (the arithmetic), `blowfish` (its tables). Beside them
//! `self_test`, [`tune`] for administrators, and [`mix`] for the fuzzer.

mod batch;
mod blowfish;
mod engine;
mod fairness;
pub(crate) mod format;
mod lanes;
#[doc(hidden)]
pub(crate) mod mix;
mod pace;
mod queue;
mod self_test;
mod task;
pub(crate) mod tune;
#[cfg(test)]
mod vectors;
mod worker;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use subtle::ConstantTimeEq as _;

use crate::passwords::engine::Engine;
pub(crate) use crate::passwords::engine::{EngineError, Status};
pub(crate) use crate::passwords::format::Typed;
use crate::passwords::format::{COSTS, Encoding, Format, Version};
use crate::passwords::queue::Bounds;
pub(crate) use crate::passwords::task::Requester;
use crate::passwords::task::{Digest, Task};
use crate::types::{Password, PasswordHash};

/// The answer to a login's password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordCheck {
    /// The password is that of the hash.
    Right {
        /// The stored encoding is weaker than a new one would be: hash the
        /// password again and store that.
        rehash: bool,
    },
    /// The password is not that of the hash, or there is none to compare to.
    Wrong,
}

/// A handle on the hashing engine; clones share its threads and queue.
///
/// Dropping the last handle ends the threads.
#[derive(Clone)]
pub struct Passwords {
    engine: Arc<Engine>,
    cost: u32,
}

impl Passwords {
    /// How long a password waits for its hash to begin at most, where
    /// [`Passwords::start`] is not told otherwise.
    pub const MAX_WAIT: Duration = Duration::from_secs(5);

    /// As [`Passwords::start_bounded`], with [`Passwords::MAX_WAIT`].
    ///
    /// # Errors
    /// The same.
    pub fn start(cost: u32, threads: usize, queue: usize) -> io::Result<Self> {
        Self::start_bounded(cost, threads, queue, Self::MAX_WAIT)
    }

    /// Starts `threads` threads behind a queue of `queue` places (at least one
    /// of each), in which nothing waits longer than `max_wait`. New hashes have
    /// the given `cost`, brought into [`COSTS`].
    ///
    /// # Errors
    /// When the engine computes wrong hashes on this machine, or the operating
    /// system refuses a thread.
    pub fn start_bounded(cost: u32, threads: usize, queue: usize, max_wait: Duration) -> io::Result<Self> {
        let engine = Arc::new(Engine::start(threads, Bounds { places: queue, max_wait })?);
        Ok(Self { engine, cost: cost.clamp(*COSTS.start(), *COSTS.end()) })
    }

    /// As [`Passwords::verify_from`], of unknown origin.
    ///
    /// # Errors
    /// The same.
    pub async fn verify(
        &self,
        password: Password,
        stored: Option<PasswordHash>,
    ) -> Result<PasswordCheck, EngineError> {
        self.verify_from(Requester::default(), &password.into(), stored).await
    }

    /// Compares a password with a stored hash.
    ///
    /// Every answer takes the time of one hash of the configured cost, also
    /// for `None`, for a hash that cannot be read, and for a stored cost below
    /// the configured one. Only a stored cost above it takes longer.
    ///
    /// # Errors
    /// [`EngineError`], when the password was not hashed. Says nothing of the
    /// password.
    pub async fn verify_from(
        &self,
        origin: Requester,
        typed: &Typed,
        stored: Option<PasswordHash>,
    ) -> Result<PasswordCheck, EngineError> {
        let stored = stored.and_then(|hash| Encoding::parse(&hash).ok());
        let task = match &stored {
            Some(stored) => self.task(origin, stored.format, typed, stored.salt, stored.cost),
            None => self.task(origin, Format::BcryptSha256, typed, [0; 16], self.cost),
        };
        let digest = self.engine.run(task).await?;
        Ok(stored.map_or(PasswordCheck::Wrong, |stored| self.verdict(&stored, typed, digest)))
    }

    /// As [`Passwords::hash_from`], of unknown origin.
    ///
    /// # Errors
    /// The same.
    pub async fn hash(&self, password: Password) -> Result<PasswordHash, EngineError> {
        self.hash_from(Requester::default(), &password.into()).await
    }

    /// Hashes a new password as `bcrypt_sha256$$2b$…` of the configured cost,
    /// with a random salt. A Django reads it.
    ///
    /// # Errors
    /// [`EngineError`], when the password was not hashed.
    pub async fn hash_from(&self, origin: Requester, typed: &Typed) -> Result<PasswordHash, EngineError> {
        self.hash_at(self.cost, origin, typed).await
    }

    /// The same for a password that was right, whose stored hash is to be
    /// replaced: never by one that costs less.
    ///
    /// # Errors
    /// The same.
    pub async fn rehash_from(
        &self,
        origin: Requester,
        typed: &Typed,
        stored: &PasswordHash,
    ) -> Result<PasswordHash, EngineError> {
        let cost = Encoding::parse(stored).map_or(self.cost, |stored| stored.cost.max(self.cost));
        self.hash_at(cost, origin, typed).await
    }

    async fn hash_at(
        &self,
        cost: u32,
        origin: Requester,
        typed: &Typed,
    ) -> Result<PasswordHash, EngineError> {
        let salt = format::random_salt().ok_or(EngineError::Lost)?;
        let task = self.task(origin, Format::BcryptSha256, typed, salt, cost);
        let encoding = Encoding {
            format: Format::BcryptSha256,
            version: Version::B,
            cost,
            salt,
            digest: self.engine.run(task).await?,
        };
        Ok(encoding.encode())
    }

    /// Refuses new work with `Lost`, and waits until everything that was
    /// queued has its answer and the threads have ended. Holds for all clones.
    pub async fn shutdown(&self) {
        self.engine.shutdown().await;
    }

    /// How many passwords wait for their hash to begin.
    pub fn waiting(&self) -> usize {
        self.engine.waiting()
    }

    /// How many threads hash.
    pub fn threads(&self) -> usize {
        self.engine.threads()
    }

    /// How the engine is doing, for an operator.
    pub fn status(&self) -> Status {
        self.engine.status(self.cost)
    }

    /// How many turns of bcrypt's cost loop were made since the start, which is
    /// the engine's work. A hash of cost c takes 2^c.
    pub fn turns(&self) -> u64 {
        self.engine.turns()
    }

    fn task(&self, origin: Requester, format: Format, typed: &Typed, salt: [u8; 16], cost: u32) -> Task {
        Task { key: format.key(typed), salt, cost, level: self.cost, origin }
    }

    fn verdict(&self, stored: &Encoding, typed: &Typed, digest: Digest) -> PasswordCheck {
        if bool::from(stored.digest.ct_eq(&digest)) {
            let is_weaker = stored.format != Format::BcryptSha256 || stored.cost < self.cost;
            // What lies beyond the 72 bytes was not compared: it may be mistyped, and is not made
            // a part of the password.
            PasswordCheck::Right { rehash: is_weaker && stored.format.covers(typed) }
        } else {
            PasswordCheck::Wrong
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::format::Unreadable;
    use super::*;

    fn password(text: &str) -> Password {
        Password::new(text.to_owned())
    }

    fn stored(text: &str) -> Option<PasswordHash> {
        Some(PasswordHash::from_stored(text.to_owned()))
    }

    async fn verify(passwords: &Passwords, plain: &str, hash: &str) -> PasswordCheck {
        passwords.verify(password(plain), stored(hash)).await.unwrap()
    }

    /// Hashes made by Django 4.2.3 with pyca/bcrypt 4.0.1.
    fn made_by_django() -> Vec<(String, &'static str)> {
        let x = |times| "x".repeat(times);
        let accents = "é".repeat(40);
        vec![
            (
                "correct horse battery".into(),
                "bcrypt_sha256$$2b$04$.6fXKN2cGgdW2pIS4Kjdj.n3t0QTl3RK2OWTAB3hAJIiBqMfkKD16",
            ),
            ("".into(), "bcrypt_sha256$$2b$04$nv2gVkKLzAL.F3NHEvOkN.xUa5WXD3Tb2KHqrcWWvchJy5Rpr.cyK"),
            (
                "пароль-ß-🔑".into(),
                "bcrypt_sha256$$2b$04$7pQ0BRfQy6zakhX1rlsNDOu8HKUlQmG4qnc838EWtziUlAjnCCRPW",
            ),
            ("ab\0cd".into(), "bcrypt_sha256$$2b$04$SWX2gMX/Io3kTjX1627iIeyvz4ecG0l4AWepdPngp9L66erR/CytK"),
            (accents.clone(), "bcrypt_sha256$$2b$04$Cc/46F6Tng4ZQZ/Am.CFielSrsRXH3bKkL6cBmeRLom38XzrnSjyC"),
            (x(72), "bcrypt_sha256$$2b$04$ZQ.WKoYyOQ4mu6yTb.fLqeb7CKT3lWAyAqCqky7eq/hmYssPcd.aS"),
            (x(71), "bcrypt_sha256$$2b$04$cplVtIhqxKOkV54R63FqouGMwomrvc3QHISUck.nfbrnifLajnPqm"),
            (x(100), "bcrypt_sha256$$2b$04$scGD59JI7K9oPefFwHqkvOgaQd/Ki9P/JBeD6xfbpNVPgq7YeEFPC"),
            (
                "correct horse battery".into(),
                "bcrypt$$2b$04$iPgMi0pxaSGGLJSCRoERDesMssxyDxzkGULlq1/0luMeQeJCYV1pa",
            ),
            ("".into(), "bcrypt$$2b$04$SXHkelxTjjfqFP.yCBTGhuB7J6BtQzHNUtW7mfXUsNpmZ3OmiScVO"),
            ("пароль-ß-🔑".into(), "bcrypt$$2b$04$arP4zgfEJwGV3rluz3VfUeUe9XjoA4Du9SmyRJNupcWPvLtH4xrqO"),
            ("ab\0cd".into(), "bcrypt$$2b$04$pl5WlSuRPg2LFvO/spRJauUUvWLR1f/NsCCTYlsLkxDs/hUl1l8GO"),
            (accents.clone(), "bcrypt$$2b$04$8aQrQhsqvjhI/PyYHJnnj.YzIEvNVead4rj7fwNT6FT3fHztnLgoi"),
            (x(72), "bcrypt$$2b$04$LDGPYKtebzHXmfWgLUGKDeKXNUW19pT14MvuCKwtFnAXtS07Y8hca"),
            (x(71), "bcrypt$$2b$04$91JwFYcwROcmq6XndEBcbu25dPCnQ0BxRHuZRMP8U0J7OxmzMzmXq"),
            (x(100), "bcrypt$$2b$04$oiuON1qkVEvR0Z0692W7muAaE3GpVrcZU2xDMjonuS7hHe9MNRlT6"),
        ]
    }

    #[tokio::test]
    async fn hashes_made_by_django_verify() {
        let passwords = Passwords::start(4, 1, 8).unwrap();
        for (plain, hash) in made_by_django() {
            // Of a longer one, not all was compared.
            let rehash = !hash.starts_with("bcrypt_sha256$") && plain.len() <= 72;
            let right = PasswordCheck::Right { rehash };
            assert_eq!(verify(&passwords, &plain, hash).await, right, "{hash}");
            let wrong = format!("y{plain}");
            assert_eq!(verify(&passwords, &wrong, hash).await, PasswordCheck::Wrong);
        }
    }

    #[tokio::test]
    async fn the_recorded_vectors_verify_or_are_reported_as_unsupported() {
        let text = include_str!("../../tests/vectors/django_hash_vectors.json");
        let vectors: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
        let passwords = Passwords::start(12, 2, 64).unwrap();
        let (mut bcrypts, mut others) = (0, 0);
        for vector in &vectors {
            let field = |name: &str| vector[name].as_str();
            let (Some(name), Some(encoded)) = (field("alg"), field("encoded")) else {
                continue; // Facts that are not about a hash.
            };
            let parsed = Encoding::parse(&PasswordHash::from_stored(encoded.to_owned()));
            if name.starts_with("bcrypt") {
                bcrypts += 1;
                let right = PasswordCheck::Right { rehash: name == "bcrypt" };
                let plain = field("password").unwrap();
                assert_eq!(verify(&passwords, plain, encoded).await, right);
            } else {
                others += 1;
                let reason = parsed.unwrap_err();
                assert!(matches!(reason, Unreadable::Unsupported(known) if known == name));
            }
        }
        assert_eq!((bcrypts, others > 30), (8, true));
    }

    #[tokio::test]
    async fn only_the_plain_formats_cut_at_72_bytes() {
        let passwords = Passwords::start(4, 1, 8).unwrap();
        for (plain, hash) in made_by_django() {
            if plain.len() > 72 {
                let verdict = verify(&passwords, &format!("{plain}!"), hash).await;
                let cut = hash.starts_with("bcrypt$");
                assert_eq!(verdict != PasswordCheck::Wrong, cut, "{hash}");
            }
        }
    }

    #[tokio::test]
    async fn what_replaces_a_hash_never_costs_less() {
        let passwords = Passwords::start(5, 1, 8).unwrap();
        let typed = Typed::from(password("long enough"));
        for (cost, expected) in [(4, "$05$"), (7, "$07$")] {
            let raw = PasswordHash::from_stored(format!(
                "$2b$0{cost}$abcdefghijklmnopqrstuuyvPXIbu7xe6/CED2DzX8z6Si09MlzlW"
            ));
            let renewed = passwords.rehash_from(Requester::default(), &typed, &raw).await.unwrap();
            assert!(renewed.as_stored().contains(expected), "{cost}");
        }
    }

    #[tokio::test]
    async fn a_raw_hash_of_any_version_verifies_and_is_to_be_rehashed() {
        let passwords = Passwords::start(4, 1, 8).unwrap();
        for version in ["2a", "2b", "2y"] {
            let hash = format!("${version}$04$abcdefghijklmnopqrstuuyvPXIbu7xe6/CED2DzX8z6Si09MlzlW");
            let right = PasswordCheck::Right { rehash: true };
            assert_eq!(verify(&passwords, "pw", &hash).await, right);
            assert_eq!(verify(&passwords, "pW", &hash).await, PasswordCheck::Wrong);
        }
    }

    #[tokio::test]
    async fn a_new_hash_verifies_and_needs_no_rehash_until_the_cost_rises() {
        let passwords = Passwords::start(5, 1, 8).unwrap();
        let hash = passwords.hash(password("пароль")).await.unwrap();
        assert!(hash.as_stored().starts_with("bcrypt_sha256$$2b$05$"));
        for (cost, rehash) in [(4, false), (5, false), (6, true)] {
            let verdict = verify(&Passwords::start(cost, 1, 8).unwrap(), "пароль", hash.as_stored()).await;
            assert_eq!(verdict, PasswordCheck::Right { rehash });
        }
    }

    #[tokio::test]
    async fn two_hashes_of_one_password_differ() {
        let passwords = Passwords::start(4, 1, 8).unwrap();
        let first = passwords.hash(password("pw")).await.unwrap();
        let second = passwords.hash(password("pw")).await.unwrap();
        assert_ne!(first.as_stored(), second.as_stored());
    }

    #[tokio::test]
    async fn every_answer_costs_the_same_turns() {
        let passwords = Passwords::start(7, 1, 8).unwrap();
        let own = passwords.hash(password("pw")).await.unwrap();
        let mut before = passwords.turns();
        assert_eq!(before, 1 << 7);

        let (_, low) = made_by_django().swap_remove(0);
        let (_, plain_low) = made_by_django().swap_remove(8);
        for (hash, right) in [
            (None, None),
            (stored("pbkdf2_sha256$1$a$b"), None),
            (stored("bcrypt$$2b$04$short"), None),
            (stored("!"), None),
            (stored(low), Some("correct horse battery")),
            (stored(plain_low), Some("correct horse battery")),
            (Some(own), Some("pw")),
        ] {
            for plain in ["wrong"].into_iter().chain(right) {
                let verdict = passwords.verify(password(plain), hash.clone()).await;
                assert_eq!(verdict.unwrap() != PasswordCheck::Wrong, plain != "wrong");
                assert_eq!(passwords.turns() - before, 1 << 7);
                before = passwords.turns();
            }
        }
    }

    #[tokio::test]
    async fn a_stored_cost_above_the_configured_one_is_computed_once() {
        let high = Passwords::start(6, 1, 8).unwrap().hash(password("pw")).await.unwrap();
        let passwords = Passwords::start(4, 1, 8).unwrap();
        let verdict = verify(&passwords, "pw", high.as_stored()).await;
        assert_eq!(verdict, PasswordCheck::Right { rehash: false });
        assert_eq!(passwords.turns(), 1 << 6);
    }

    #[tokio::test]
    async fn a_shutdown_holds_for_all_clones() {
        let passwords = Passwords::start(4, 2, 8).unwrap();
        assert_eq!((passwords.threads(), passwords.waiting()), (2, 0));
        passwords.clone().shutdown().await;
        assert_eq!(passwords.threads(), 0);
        let refused = passwords.verify(password("pw"), None).await;
        assert_eq!(refused, Err(EngineError::Lost));
    }

    #[test]
    fn the_handle_may_be_shared_between_threads() {
        fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
        shared(&Passwords::start(4, 1, 1).unwrap());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn the_right_password_verifies_and_a_wrong_one_never(
            plain in any::<String>(), other in any::<String>(),
        ) {
            prop_assume!(plain != other);
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            let (right, wrong) = runtime.block_on(async {
                let passwords = Passwords::start(4, 1, 8).unwrap();
                let hash = passwords.hash(password(&plain)).await.unwrap();
                let hash = hash.as_stored();
                (verify(&passwords, &plain, hash).await, verify(&passwords, &other, hash).await)
            });
            prop_assert_eq!(right, PasswordCheck::Right { rehash: false });
            prop_assert_eq!(wrong, PasswordCheck::Wrong);
        }
    }
}
