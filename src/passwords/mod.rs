//! Checking and making password hashes, behind the handle [`Passwords`]. Nothing in here knows users, and
//! no other module knows bcrypt.
//!
//! From the outside in: `engine` (queues and runs tasks), `queue` (admission and order, with `fairness` and
//! `pace`), `worker` (a thread), `width` (how many hashes it computes at once), `batch` (these hashes), `lanes`
//! (the arithmetic), `blowfish` (its tables).
//! Beside them `formats` (the text of hashes), `breach_list`, `self_test`, and [`tune`] for `doorward tune`.

mod batch;
mod blowfish;
mod breach_list;
mod engine;
mod error;
mod fairness;
pub(crate) mod formats;
mod lanes;
mod pace;
mod queue;
mod self_test;
mod task;
pub(crate) mod tune;
#[cfg(test)]
mod vectors;
mod width;
mod worker;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use subtle::ConstantTimeEq as _;

pub use batch::Batch;
pub(crate) use breach_list::{BreachList, BreachListError};
pub(crate) use engine::Status;
pub use error::EngineError;
pub(crate) use formats::HashInput;
pub use task::{Digest, Key, Requester, Task};

use engine::Engine;
use formats::{COSTS, Encoding, Format, Version, random_salt};
use queue::Bounds;

use crate::types::PasswordHash;

/// The highest level of checks above the configured cost, some seconds of work: one imported hash of a cost that
/// takes hours must not make every login take hours.
const MOST_LEVEL: u32 = 16;

/// The result of checking a password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordCheck {
    /// The password belongs to the hash.
    Right {
        /// The stored hash is weaker than a new one: hash the password again and replace it.
        rehash: bool,
    },
    /// The password does not belong to the hash, or there is no readable hash.
    Wrong,
}

/// A handle on the hashing engine. Clones share its threads and queue. Dropping the last one ends the
/// threads.
#[derive(Clone)]
pub struct Passwords {
    engine: Arc<Engine>,
    cost: u32,
}

impl Passwords {
    /// Starts `threads` threads behind a queue of `queue` places (at least one of each), in which no
    /// password waits longer than `max_wait`. New hashes have the given `cost`, clamped to [`COSTS`].
    ///
    /// # Errors
    /// If the engine computes wrong hashes on this machine, or the operating system refuses a thread.
    pub fn start(cost: u32, threads: usize, queue: usize, max_wait: Duration) -> io::Result<Self> {
        let engine = Arc::new(Engine::start(threads, Bounds { places: queue, max_wait })?);
        Ok(Self { engine, cost: cost.clamp(*COSTS.start(), *COSTS.end()) })
    }

    /// Compares a password with a stored hash.
    ///
    /// Every answer takes the time of one hash of the cost `level`, also for `None`, for a hash that cannot be
    /// read, and for a lower stored cost. Only a higher stored cost takes longer. See [`Self::level`].
    pub async fn verify(
        &self,
        requester: Requester,
        input: &HashInput,
        stored: Option<PasswordHash>,
        level: u32,
    ) -> Result<PasswordCheck, EngineError> {
        let stored = stored.and_then(|hash| Encoding::parse(&hash).ok());
        let task = match &stored {
            Some(stored) => task(requester, stored.format, input, stored.salt, stored.cost),
            None => task(requester, Format::BcryptSha256, input, [0; 16], level),
        };
        let task = Task { level, ..task };
        let digest = self.engine.run(task).await?;
        Ok(stored.map_or(PasswordCheck::Wrong, |stored| self.compare(&stored, input, digest)))
    }

    /// The level of every check where `highest` is the highest cost of all stored hashes: that cost, and the
    /// configured one at least. So a failed login takes the same time for every account, and for none.
    #[must_use]
    pub fn level(&self, highest: Option<u32>) -> u32 {
        highest.unwrap_or(0).min(MOST_LEVEL).max(self.cost)
    }

    /// Hashes a new password as `bcrypt_sha256$$2b$…` of the configured cost, with a random salt. Django
    /// can read it.
    pub async fn hash(&self, requester: Requester, input: &HashInput) -> Result<PasswordHash, EngineError> {
        self.hash_at(self.cost, requester, input).await
    }

    /// Hashes a correct password whose stored hash is to be replaced, never at a lower cost than the
    /// stored one.
    pub async fn rehash(
        &self,
        requester: Requester,
        input: &HashInput,
        stored: &PasswordHash,
    ) -> Result<PasswordHash, EngineError> {
        let cost = Encoding::parse(stored).map_or(self.cost, |stored| stored.cost.max(self.cost));
        self.hash_at(cost, requester, input).await
    }

    async fn hash_at(
        &self,
        cost: u32,
        requester: Requester,
        input: &HashInput,
    ) -> Result<PasswordHash, EngineError> {
        let salt = random_salt().ok_or(EngineError::Lost)?;
        let task = task(requester, Format::BcryptSha256, input, salt, cost);
        let encoding = Encoding {
            format: Format::BcryptSha256,
            version: Version::B,
            cost,
            salt,
            digest: self.engine.run(task).await?,
        };
        Ok(encoding.encode())
    }

    /// Refuses new work with `Lost`, also for all clones, and waits until the queue is empty and the threads
    /// have ended.
    pub async fn shutdown(&self) {
        self.engine.shutdown().await;
    }

    /// The number of passwords that wait for their hash to begin.
    pub fn waiting(&self) -> usize {
        self.engine.waiting()
    }

    /// The number of threads that hash.
    pub fn threads(&self) -> usize {
        self.engine.threads()
    }

    /// The number of hashes that each thread computes at once at most. Measured when all threads are full for the
    /// first time.
    pub fn width(&self) -> usize {
        self.engine.width()
    }

    /// The state of the engine, for the admin.
    pub fn status(&self) -> Status {
        self.engine.status(self.cost)
    }

    /// The turns of bcrypt's cost loop since the start: the work of the engine. A hash of cost c takes 2^c.
    pub fn turns(&self) -> u64 {
        self.engine.turns()
    }

    fn compare(&self, stored: &Encoding, input: &HashInput, digest: Digest) -> PasswordCheck {
        if bool::from(stored.digest.ct_eq(&digest)) {
            let is_weaker = stored.format != Format::BcryptSha256 || stored.cost < self.cost;
            // The bytes after the 72nd were not compared. They may be mistyped, and must not become a part
            // of the password.
            PasswordCheck::Right { rehash: is_weaker && stored.format.covers(input) }
        } else {
            PasswordCheck::Wrong
        }
    }
}

/// A hash that takes the time of its own cost.
fn task(requester: Requester, format: Format, input: &HashInput, salt: [u8; 16], cost: u32) -> Task {
    Task { key: format.key(input), salt, cost, level: cost, requester }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::formats::Unreadable;
    use super::*;
    use crate::types::Password;

    fn start(cost: u32, threads: usize) -> Passwords {
        Passwords::start(cost, threads, 64, Duration::from_secs(5)).unwrap()
    }

    fn input(text: &str) -> HashInput {
        Password::new(text.to_owned()).into()
    }

    async fn hash(passwords: &Passwords, plain: &str) -> PasswordHash {
        passwords.hash(Requester::default(), &input(plain)).await.unwrap()
    }

    async fn verify_stored(
        passwords: &Passwords,
        plain: &str,
        hash: Option<PasswordHash>,
    ) -> Result<PasswordCheck, EngineError> {
        passwords.verify(Requester::default(), &input(plain), hash, passwords.level(None)).await
    }

    fn stored(text: &str) -> Option<PasswordHash> {
        Some(PasswordHash::from_stored(text.to_owned()))
    }

    async fn verify(passwords: &Passwords, plain: &str, hash: &str) -> PasswordCheck {
        verify_stored(passwords, plain, stored(hash)).await.unwrap()
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
        let passwords = start(4, 1);
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
        let passwords = start(12, 2);
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
        let passwords = start(4, 1);
        for (plain, hash) in made_by_django() {
            if plain.len() > 72 {
                let verdict = verify(&passwords, &format!("{plain}!"), hash).await;
                let cut = hash.starts_with("bcrypt$");
                assert_eq!(verdict != PasswordCheck::Wrong, cut, "{hash}");
            }
        }
    }

    #[tokio::test]
    async fn a_rehash_never_costs_less() {
        let passwords = start(5, 1);
        let input = input("long enough");
        for (cost, expected) in [(4, "$05$"), (7, "$07$")] {
            let raw = PasswordHash::from_stored(format!(
                "$2b$0{cost}$abcdefghijklmnopqrstuuyvPXIbu7xe6/CED2DzX8z6Si09MlzlW"
            ));
            let renewed = passwords.rehash(Requester::default(), &input, &raw).await.unwrap();
            assert!(renewed.as_stored().contains(expected), "{cost}");
        }
    }

    #[tokio::test]
    async fn a_raw_hash_of_any_version_verifies_and_is_to_be_rehashed() {
        let passwords = start(4, 1);
        for version in ["2a", "2b", "2y"] {
            let hash = format!("${version}$04$abcdefghijklmnopqrstuuyvPXIbu7xe6/CED2DzX8z6Si09MlzlW");
            let right = PasswordCheck::Right { rehash: true };
            assert_eq!(verify(&passwords, "pw", &hash).await, right);
            assert_eq!(verify(&passwords, "pW", &hash).await, PasswordCheck::Wrong);
        }
    }

    #[tokio::test]
    async fn a_new_hash_verifies_and_needs_no_rehash_until_the_cost_rises() {
        let passwords = start(5, 1);
        let hash = hash(&passwords, "пароль").await;
        assert!(hash.as_stored().starts_with("bcrypt_sha256$$2b$05$"));
        for (cost, rehash) in [(4, false), (5, false), (6, true)] {
            let verdict = verify(&start(cost, 1), "пароль", hash.as_stored()).await;
            assert_eq!(verdict, PasswordCheck::Right { rehash });
        }
    }

    #[tokio::test]
    async fn two_hashes_of_one_password_differ() {
        let passwords = start(4, 1);
        let first = hash(&passwords, "pw").await;
        let second = hash(&passwords, "pw").await;
        assert_ne!(first.as_stored(), second.as_stored());
    }

    #[tokio::test]
    async fn every_answer_costs_the_same_turns() {
        let passwords = start(7, 1);
        let own = hash(&passwords, "pw").await;
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
                let verdict = verify_stored(&passwords, plain, hash.clone()).await;
                assert_eq!(verdict.unwrap() != PasswordCheck::Wrong, plain != "wrong");
                assert_eq!(passwords.turns() - before, 1 << 7);
                before = passwords.turns();
            }
        }
    }

    #[tokio::test]
    async fn every_answer_costs_the_turns_of_the_highest_stored_hash() {
        let (low, high) = (hash(&start(4, 1), "pw").await, hash(&start(7, 1), "pw").await);
        let passwords = start(5, 1);
        let level = passwords.level(Some(7));
        let mut before = 0;
        for hash in [None, stored("!"), stored("pbkdf2_sha256$1$a$b"), Some(low), Some(high)] {
            let _ = passwords.verify(Requester::default(), &input("wrong"), hash, level).await.unwrap();
            assert_eq!(passwords.turns() - before, 1 << 7);
            before = passwords.turns();
        }
    }

    #[test]
    fn the_level_is_the_highest_cost_within_reason() {
        let passwords = start(6, 1);
        for (highest, level) in [(None, 6), (Some(4), 6), (Some(6), 6), (Some(12), 12), (Some(31), 16)] {
            assert_eq!(passwords.level(highest), level, "{highest:?}");
        }
    }

    #[tokio::test]
    async fn a_stored_cost_above_the_configured_one_is_computed_once() {
        let high = hash(&start(6, 1), "pw").await;
        let passwords = start(4, 1);
        let verdict = verify(&passwords, "pw", high.as_stored()).await;
        assert_eq!(verdict, PasswordCheck::Right { rehash: false });
        assert_eq!(passwords.turns(), 1 << 6);
    }

    #[tokio::test]
    async fn a_shutdown_holds_for_all_clones() {
        let passwords = start(4, 2);
        assert_eq!((passwords.threads(), passwords.waiting()), (2, 0));
        passwords.clone().shutdown().await;
        assert_eq!(passwords.threads(), 0);
        let refused = verify_stored(&passwords, "pw", None).await;
        assert_eq!(refused, Err(EngineError::Lost));
    }

    #[test]
    fn the_handle_may_be_shared_between_threads() {
        fn shared<T: Send + Sync + Clone + 'static>(_: &T) {}
        shared(&start(4, 1));
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
                let passwords = start(4, 1);
                let hash = hash(&passwords, &plain).await;
                let hash = hash.as_stored();
                (verify(&passwords, &plain, hash).await, verify(&passwords, &other, hash).await)
            });
            prop_assert_eq!(right, PasswordCheck::Right { rehash: false });
            prop_assert_eq!(wrong, PasswordCheck::Wrong);
        }
    }
}
