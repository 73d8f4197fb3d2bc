//! Checking and making password hashes, behind the handle [`Passwords`]. Nothing in here knows users, and
//! no other module knows bcrypt.
//!
//! From the outside in: `engine` (queues and runs tasks), `queue` (admission and order, with `fairness` and
//! `pace`), `worker` (a thread), `width` (how many hashes it computes at once), `batch` (these hashes), `lanes`
//! (the arithmetic), `blowfish` (its tables). `foreign` is the same for hashes of other servers' formats, and
//! `deadline` gives failed logins of all formats one time.
//! Beside them `formats` (the text of hashes), `breach_list`, `self_test`, and [`tune`] for `doorward tune`.

mod batch;
mod blowfish;
mod breach_list;
mod deadline;
mod engine;
mod error;
mod fairness;
mod foreign;
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
use tokio::sync::Semaphore;

pub use batch::Batch;
pub(crate) use breach_list::{BreachList, BreachListError};
pub(crate) use engine::Status;
pub use error::EngineError;
pub(crate) use formats::HashInput;
pub use task::{Digest, Key, Requester, Task};

use deadline::{KnownShapes, with_margin};
use engine::Engine;
use foreign::{ForeignEngine, ForeignTask};
use formats::{
    BcryptHash, COSTS, Encoding, ForeignHash, Format, HashShape, Unreadable, Version, random_salt,
};
use queue::Bounds;

use crate::types::PasswordHash;

/// The highest level of checks above the configured cost, some seconds of work: one imported hash of a cost that
/// takes hours must not make every login take hours. A stored hash of a higher cost is not computed at all; of Ory
/// Kratos the bound is 15 (`hash/hash_limits.go`).
const MOST_LEVEL: u32 = 16;

/// How many passwords wait at most to be hashed again after their login. All others are when they log in again.
const MOST_REHASHES: usize = 256;
/// How long one of them waits for an idle engine.
const REHASH_PATIENCE: Duration = Duration::from_secs(60);
/// How often it looks.
const REHASH_INTERVAL: Duration = Duration::from_millis(20);

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

/// How the engines are started.
#[derive(Clone, Copy, Debug)]
pub struct EngineOptions {
    /// The cost of new hashes, clamped to bcrypt's.
    pub cost: u32,
    /// The threads of each engine, at least one.
    pub threads: usize,
    /// The places of each queue, at least one.
    pub queue: usize,
    /// How long a password waits at most.
    pub max_wait: Duration,
    /// The bytes of memory that all hashes of argon2 and scrypt may have at the same time.
    pub foreign_memory: u64,
}

/// A handle on the hashing engines. Clones share their threads and queues. Dropping the last one ends the
/// threads.
#[derive(Clone)]
pub struct Passwords {
    engine: Arc<Engine>,
    foreign: Arc<ForeignEngine>,
    cost: u32,
    shapes: KnownShapes,
    rehashes: Arc<Semaphore>,
}

impl Passwords {
    /// Starts the threads of both engines.
    ///
    /// # Errors
    /// If the engine computes wrong hashes on this machine, or the operating system refuses a thread.
    pub fn start(options: EngineOptions) -> io::Result<Self> {
        let EngineOptions { cost, threads, queue, max_wait, foreign_memory } = options;
        let bounds = Bounds { places: queue, max_wait };
        Ok(Self {
            engine: Arc::new(Engine::start(threads, bounds)?),
            foreign: Arc::new(ForeignEngine::start(threads, bounds, foreign_memory)?),
            cost: cost.clamp(*COSTS.start(), *COSTS.end()),
            shapes: KnownShapes::default(),
            rehashes: Arc::new(Semaphore::new(MOST_REHASHES)),
        })
    }

    /// Reads a stored hash that this server can compute.
    ///
    /// # Errors
    /// If it is unreadable, or asks for more time or memory than a login may cost here.
    pub fn read(&self, stored: &PasswordHash) -> Result<Encoding, Unreadable> {
        let encoding = Encoding::parse(stored)?;
        match &encoding {
            Encoding::Bcrypt(hash) if hash.cost > self.cost.max(MOST_LEVEL) => {
                let most = u64::from(self.cost.max(MOST_LEVEL));
                Err(Unreadable::Excessive { format: "bcrypt", parameter: "cost", most })
            }
            Encoding::Foreign(hash) if !self.foreign.fits(&hash.parameters) => Err(Unreadable::Memory {
                format: hash.parameters.name(),
                needed: hash.parameters.memory().div_ceil(MEBIBYTE),
                most: self.foreign.budget() / MEBIBYTE,
            }),
            _ => Ok(encoding),
        }
    }

    /// Compares a password with a stored hash.
    ///
    /// For bcrypt, for a weak digest, for `None`, and for a hash that cannot be read, every answer takes the time of
    /// one hash of the cost `level`; only a higher stored cost takes longer. See [`Self::level`]. For the other
    /// formats it takes their own time: see [`Self::failure_time`].
    pub async fn verify(
        &self,
        requester: Requester,
        input: &HashInput,
        stored: Option<PasswordHash>,
        level: u32,
    ) -> Result<PasswordCheck, EngineError> {
        match stored.and_then(|hash| self.read(&hash).ok()) {
            Some(Encoding::Bcrypt(hash)) => {
                let task = task(requester, &hash.format, input, hash.salt, hash.cost);
                let digest = self.engine.run(Task { level, ..task }).await?;
                Ok(self.compare(&hash, input, digest))
            }
            Some(Encoding::Foreign(hash)) => {
                let digest = self.foreign.run(foreign_task(requester, &hash, input)).await?;
                Ok(replaceable(digest.ct_eq(&hash.digest).into()))
            }
            Some(Encoding::Weak(hash)) => {
                let digest = hash.salted.digest(input.whole().as_bytes());
                self.spend(requester, input, level).await?;
                Ok(replaceable(digest.ct_eq(&hash.digest).into()))
            }
            None => self.spend(requester, input, level).await.map(|()| PasswordCheck::Wrong),
        }
    }

    /// Takes the time of one hash of the cost `level`.
    async fn spend(&self, requester: Requester, input: &HashInput, level: u32) -> Result<(), EngineError> {
        self.engine.run(task(requester, &Format::BcryptSha256, input, [0; 16], level)).await.map(drop)
    }

    /// The level of every check where `highest` is the highest cost of all stored hashes: that cost, and the
    /// configured one at least. So a failed login takes the same time for every account, and for none.
    #[must_use]
    pub fn level(&self, highest: Option<u32>) -> u32 {
        highest.unwrap_or(0).min(MOST_LEVEL).max(self.cost)
    }

    /// Whether the formats of the database are to be read again, for [`Self::know_shapes`].
    pub(crate) fn are_shapes_old(&self) -> bool {
        self.shapes.are_old()
    }

    /// Takes the formats of the database, as `store::tables::users::hash_shapes` lists them.
    pub(crate) fn know_shapes(&self, texts: &[String]) {
        self.shapes.set(texts.iter().filter_map(|text| HashShape::parse(text)).collect());
    }

    /// The time after its arrival at which a failed login is answered, whatever the format of its hash, if the
    /// database has hashes that are not bcrypt: that of the slowest format, and what waits before it. `level` is that
    /// of the check. Zero for a database of bcrypt alone.
    ///
    /// The first call after an import takes longer: it hashes once with the parameters of each new format.
    pub(crate) async fn failure_time(&self, level: u32) -> Duration {
        let shapes = self.shapes.all();
        if shapes.is_empty() {
            return Duration::ZERO;
        }
        let measuring = self.shapes.measuring.lock().await;
        for parameters in self.shapes.foreign() {
            // A busy engine is measured at the next login.
            let _ = self.foreign.measure(parameters).await;
        }
        drop(measuring);
        let time = |shape: &HashShape| match shape {
            HashShape::Foreign(parameters) if self.foreign.fits(parameters) => {
                with_margin(self.foreign.time(parameters))
            }
            HashShape::Foreign(_) => Duration::ZERO,
            HashShape::Wrapped(cost) => self.engine.time_in_a_crowd((*cost).min(MOST_LEVEL)),
        };
        let slowest = shapes.iter().map(time).fold(self.engine.time_in_a_crowd(level), Duration::max);
        slowest + self.engine.wait().max(self.foreign.wait())
    }

    /// Hashes a new password as `bcrypt_sha256$$2b$…` of the configured cost, with a random salt. Django
    /// can read it.
    pub async fn hash(&self, requester: Requester, input: &HashInput) -> Result<PasswordHash, EngineError> {
        self.hash_as(Format::BcryptSha256, self.cost, requester, input).await
    }

    /// Hashes a correct password whose stored hash is to be replaced, never at a lower cost than the
    /// stored one. Waits until the engine has nothing else to do.
    ///
    /// # Errors
    /// `Busy` if that does not come soon, or if many others wait for it: the old hash still works.
    pub async fn rehash(
        &self,
        requester: Requester,
        input: &HashInput,
        stored: &PasswordHash,
    ) -> Result<PasswordHash, EngineError> {
        let busy = EngineError::busy(REHASH_PATIENCE);
        let _place = self.rehashes.try_acquire().map_err(|_| busy)?;
        let idle = async {
            while !self.engine.is_idle() {
                tokio::time::sleep(REHASH_INTERVAL).await;
            }
        };
        tokio::time::timeout(REHASH_PATIENCE, idle).await.map_err(|_| busy)?;
        let cost = match Encoding::parse(stored) {
            Ok(Encoding::Bcrypt(stored)) => stored.cost.max(self.cost),
            _ => self.cost,
        };
        self.hash_as(Format::BcryptSha256, cost, requester, input).await
    }

    /// Puts bcrypt around a stored digest of one round of MD5 or SHA-1, without its password. `None` for all other
    /// hashes.
    pub async fn wrap(&self, stored: &PasswordHash) -> Result<Option<PasswordHash>, EngineError> {
        let Ok(Encoding::Weak(hash)) = Encoding::parse(stored) else { return Ok(None) };
        let (format, key) = Format::wrapping(&hash);
        let salt = random_salt().ok_or(EngineError::Lost)?;
        let task = Task { key, salt, cost: self.cost, level: self.cost, requester: Requester::default() };
        let digest = self.engine.run(task).await?;
        Ok(Some(BcryptHash { format, version: Version::B, cost: self.cost, salt, digest }.encode()))
    }

    async fn hash_as(
        &self,
        format: Format,
        cost: u32,
        requester: Requester,
        input: &HashInput,
    ) -> Result<PasswordHash, EngineError> {
        let salt = random_salt().ok_or(EngineError::Lost)?;
        let digest = self.engine.run(task(requester, &format, input, salt, cost)).await?;
        Ok(BcryptHash { format, version: Version::B, cost, salt, digest }.encode())
    }

    /// Refuses new work with `Lost`, also for all clones, and waits until the queues are empty and the threads
    /// have ended.
    pub async fn shutdown(&self) {
        self.engine.shutdown().await;
        self.foreign.shutdown().await;
    }

    /// The number of passwords that wait for their hash to begin.
    pub fn waiting(&self) -> usize {
        self.engine.waiting() + self.foreign.waiting()
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

    fn compare(&self, stored: &BcryptHash, input: &HashInput, digest: Digest) -> PasswordCheck {
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

const MEBIBYTE: u64 = 1 << 20;

/// The result of comparing with a hash that is not bcrypt.
fn replaceable(is_right: bool) -> PasswordCheck {
    if is_right { PasswordCheck::Right { rehash: true } } else { PasswordCheck::Wrong }
}

/// A hash that takes the time of its own cost.
fn task(requester: Requester, format: &Format, input: &HashInput, salt: [u8; 16], cost: u32) -> Task {
    Task { key: format.key(input), salt, cost, level: cost, requester }
}

fn foreign_task(requester: Requester, hash: &ForeignHash, input: &HashInput) -> ForeignTask {
    ForeignTask {
        parameters: hash.parameters,
        salt: hash.salt.clone(),
        digest_len: hash.digest.len(),
        password: Arc::clone(input.whole()),
        requester,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::types::Password;

    fn start(cost: u32, threads: usize) -> Passwords {
        let (queue, max_wait, foreign_memory) = (64, Duration::from_secs(60), 256 * MEBIBYTE);
        Passwords::start(EngineOptions { cost, threads, queue, max_wait, foreign_memory }).unwrap()
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

    /// Verifies each vector with its password and with another one. Returns how many there are, without those of
    /// `crypt`.
    async fn verify_vectors(text: &str) -> usize {
        let vectors: Vec<serde_json::Value> = serde_json::from_str(text).unwrap();
        let passwords = start(4, 2);
        let mut verified = 0;
        for vector in &vectors {
            let field = |name: &str| vector[name].as_str();
            let (Some(name), Some(encoded), Some(plain)) =
                (field("alg"), field("encoded"), field("password"))
            else {
                continue; // Facts that are not about a hash.
            };
            let parsed = Encoding::parse(&PasswordHash::from_stored(encoded.to_owned()));
            if name == "crypt" {
                assert_eq!(parsed, Err(Unreadable::Unsupported("crypt")));
                continue;
            }
            let rehash = name != "bcrypt_sha256" && (name != "bcrypt" || plain.len() <= 72);
            let right = PasswordCheck::Right { rehash };
            assert_eq!(verify(&passwords, plain, encoded).await, right, "{encoded}");
            verified += 1;
            if plain == "пароль-ß-🔑" {
                // One wrong password for each is enough: many vectors have as many rounds as Django.
                assert_eq!(
                    verify(&passwords, "пароль-ß-🔒", encoded).await,
                    PasswordCheck::Wrong,
                    "{encoded}"
                );
            }
        }
        verified
    }

    #[tokio::test]
    async fn the_recorded_vectors_of_every_format_verify() {
        assert_eq!(verify_vectors(include_str!("../../tests/vectors/django_hash_vectors.json")).await, 40);
    }

    #[tokio::test]
    async fn what_each_version_of_django_hashes_verifies() {
        assert!(verify_vectors(include_str!("../../tests/vectors/django_versions.json")).await > 100);
    }

    #[tokio::test]
    async fn a_weak_digest_is_wrapped_and_verifies_as_before() {
        let passwords = start(4, 1);
        for (plain, weak, prefix) in [
            ("pw", "md5$salt$9c5a7af84b31c29bb3df54fa440d4d4b", "doorward_wrap$md5$salt$$2b$04$"),
            ("x", "9dd4e461268c8034f5c8564e155c67a6", "doorward_wrap$md5$$$2b$04$"),
            ("x", "sha1$$11f6ad8ec52a2984abaafd7c3b516503785c2072", "doorward_wrap$sha1$$$2b$04$"),
        ] {
            let wrapped = passwords.wrap(&stored(weak).unwrap()).await.unwrap().unwrap();
            assert!(wrapped.as_stored().starts_with(prefix), "{}", wrapped.as_stored());
            let (before, after) =
                (verify(&passwords, plain, weak).await, verify(&passwords, plain, wrapped.as_stored()).await);
            assert_eq!(before, after);
            assert_eq!(after != PasswordCheck::Wrong, plain == "x");
            assert_eq!(verify(&passwords, "y", wrapped.as_stored()).await, PasswordCheck::Wrong);
        }
        let strong = hash(&passwords, "pw").await;
        assert!(passwords.wrap(&strong).await.unwrap().is_none());
    }

    #[tokio::test]
    async fn a_hash_beyond_the_bounds_of_this_server_is_unreadable_with_the_reason() {
        let passwords = start(4, 1);
        let read = |text: &str| passwords.read(&stored(text).unwrap()).unwrap_err();
        let large = "argon2$argon2id$v=19$m=1048576,t=2,p=8$Nno3Qm1WckI$fL2EjA";
        assert_eq!(read(large), Unreadable::Memory { format: "argon2id", needed: 1024, most: 256 });
        let dear = "$2b$17$abcdefghijklmnopqrstuuyvPXIbu7xe6/CED2DzX8z6Si09MlzlW";
        assert_eq!(read(dear), Unreadable::Excessive { format: "bcrypt", parameter: "cost", most: 16 });
        for text in [large, dear] {
            assert_eq!(verify(&passwords, "pw", text).await, PasswordCheck::Wrong);
        }
        assert_eq!(passwords.turns(), 2 << 4, "neither was computed");
    }

    #[tokio::test]
    async fn a_failed_login_has_the_time_of_the_slowest_format() {
        let passwords = start(4, 1);
        assert!(passwords.are_shapes_old());
        assert_eq!(passwords.failure_time(4).await, Duration::ZERO);
        let mut times = Vec::new();
        for shapes in [vec!["doorward_wrap$04"], vec!["pbkdf2_sha256$900000$", "doorward_wrap$04"]] {
            passwords.know_shapes(&shapes.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert!(!passwords.are_shapes_old());
            times.push(passwords.failure_time(4).await);
        }
        assert!(times[0] > Duration::ZERO && times[0] < times[1], "{times:?}");
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
            (stored("x$9dd4e461268c8034f5c8564e155c67a6"), None),
            (stored("9dd4e461268c8034f5c8564e155c67a6"), Some("x")),
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
