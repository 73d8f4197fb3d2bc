//! The one value that a running doorward is: built by `cli` (and by tests), handed to every
//! verb and door. No global state.

use std::sync::Arc;

use thiserror::Error;
use tokio::sync::{Mutex, Semaphore};

use crate::clock::Clock;
use crate::config::Config;
use crate::last_seen::LastSeen;
use crate::limits::Limits;
use crate::mail::{Mailer, MailerError};
use crate::passwords::Passwords;
use crate::store::queries::statistics::Statistics;
use crate::store::{self, Store, StoreError};
use crate::tokens::{KeyRing, Times, Tokens};
use crate::types::{SigningKey, SuccessorKey};

/// The length in bytes of the secrets that doorward makes and stores in its database.
const SECRET_BYTES: usize = 64;

/// How many large bodies are read at once. Each may be `limits.body` long, twice while it is parsed.
const LARGE_BODIES: usize = 4;

/// Everything a request needs. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The settings in force.
    pub config: Arc<Config>,
    /// The database.
    pub store: Store,
    /// The hashing engine.
    pub passwords: Passwords,
    /// Minting and checking tokens.
    pub tokens: Arc<Tokens>,
    /// How many logins may fail, registrations be tried, and mails be asked for.
    pub limits: Limits,
    /// Words and delivers the mails of the outbox.
    pub mailer: Arc<Mailer>,
    /// Which sessions were used, until that is written down.
    pub seen: Arc<LastSeen>,
    /// What was last counted for the admin's overview: too much to count each time.
    pub figures: Arc<Mutex<Option<Arc<Statistics>>>>,
    /// Turns for those who send much at once, so that memory has a bound.
    pub large_bodies: Arc<Semaphore>,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
}

/// Why doorward cannot start.
#[derive(Debug, Error)]
pub enum OpenError {
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The hashing threads could not be started.
    #[error("cannot start the password engine: {0}")]
    Engine(#[from] std::io::Error),
    /// Mails cannot be written or sent as the settings say.
    #[error(transparent)]
    Mailer(#[from] MailerError),
}

impl App {
    /// Opens the database and starts the engine.
    ///
    /// # Errors
    /// If the database cannot be used, or no thread can be started.
    pub fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        let mailer = Arc::new(Mailer::new(&config)?);
        let store = Store::open(&config.database_url, store_settings(&config))?;
        let secret = |name| store.shared_secret(name, SECRET_BYTES, clock.now());
        let signing = match &config.signing_key {
            Some(key) => key.clone(),
            None => SigningKey::new(secret("signing_key")?),
        };
        let successor = SuccessorKey::new(secret("successor_key")?);
        let threads = each_core(config.password.threads);
        let passwords = Passwords::start(
            config.password.cost.get(),
            threads,
            config.password.queue,
            config.password.max_wait,
        )?;
        let limits = Limits::new(
            config.limits.enabled,
            config.limits.failed_logins_per_account,
            config.limits.failed_logins_per_address,
            config.limits.bad_tokens_per_address,
            config.limits.failed_logins_window,
        )
        .with_mails(
            config.limits.mails_per_account,
            config.limits.mails_per_address,
            config.limits.mails_window,
        )
        .with_registrations(
            config.limits.registrations_per_account,
            config.limits.registrations_per_address,
            config.limits.registrations_window,
        );
        let times = Times {
            access_lifetime: config.access_token_lifetime,
            refresh_lifetime: config.refresh_token_lifetime,
            leeway: config.clock_leeway,
        };
        let tokens = Arc::new(Tokens::new(KeyRing::hs256(&signing), &successor, times));
        Ok(Self {
            config: Arc::new(config),
            store,
            passwords,
            tokens,
            limits,
            mailer,
            seen: Arc::default(),
            figures: Arc::default(),
            large_bodies: Arc::new(Semaphore::new(LARGE_BODIES)),
            clock,
        })
    }

    /// How many threads answer requests.
    #[must_use]
    pub fn workers(&self) -> usize {
        each_core(self.config.server.workers)
    }
}

/// How the database is to be used, by the settings.
#[must_use]
pub fn store_settings(config: &Config) -> store::StoreSettings {
    let database = &config.database;
    store::StoreSettings {
        // As many as workers, so that none waits for another.
        readers: each_core(config.server.workers),
        pool: database.pool,
        connect_timeout: database.connect_timeout,
        statement_timeout: database.statement_timeout,
        wait_for: database.wait_for,
    }
}

/// A number of threads, where 0 means one for each core.
#[must_use]
pub(crate) fn each_core(threads: usize) -> usize {
    match threads {
        0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
        some => some,
    }
}
