//! The state of one running doorward: built by `cli` (and by tests), passed to every use case and handler.
//! There is no global state. The functions below it turn settings into what each engine takes, because
//! engines do not know each other.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use thiserror::Error;
use tokio::sync::{Mutex, Semaphore, watch};

use crate::brand::logo::{Logo, LogoError};
use crate::brand::logo_cache::LogoCache;
use crate::clock::Clock;
use crate::config::{
    Config, ConfigError, LimitsConfig, LogoSource, PasswordConfig, SiteConfig, TokensConfig,
};
use crate::last_seen::LastSeen;
use crate::limits::{Limits, RateLimit};
use crate::mail::{Mailer, MailerError};
use crate::passwords::{BreachList, BreachListError, EngineOptions, Passwords};
use crate::store::queries::statistics::Statistics;
use crate::store::tables::signing_keys;
use crate::store::tables::signing_keys::KeyTable;
use crate::store::tables::stored_settings;
use crate::store::tables::stored_settings::StoredSettings;
use crate::store::{Store, StoreError, StoreSettings};
use crate::tokens::{KeyRing, SlidingTimes, Times, Tokens};
use crate::types::{ApiKeyId, SessionId, SigningKey, SuccessorKey, Timestamp};

/// The length in bytes of the secrets that doorward makes and stores in its database.
const SECRET_BYTES: usize = 64;

/// How many large bodies are parsed at once. Each takes up to `limits.max_body` bytes, and several times that
/// while it is parsed.
const LARGE_BODIES: usize = 4;

/// Everything that a request needs. Cheap to clone.
#[derive(Clone)]
pub struct App {
    /// The settings of the start: file, environment and flags. Those that administrators can change are in
    /// [`App::current`].
    pub config: Arc<Config>,
    /// The same, with what administrators changed.
    current: Arc<watch::Sender<CurrentSettings>>,
    /// The database.
    pub store: Store,
    /// The hashing engine.
    pub passwords: Passwords,
    /// The passwords that are known from breaches.
    pub(crate) breach_list: Option<BreachList>,
    /// Mints and checks tokens.
    pub tokens: Arc<Tokens>,
    /// The key of HS256.
    signing: Arc<SigningKey>,
    /// The rate limits.
    pub limits: Limits,
    /// The logo of the site.
    pub(crate) logo: Arc<LogoCache>,
    /// Renders and delivers the mails of the outbox.
    pub mailer: Arc<Mailer>,
    /// The sessions that were used since the last write.
    pub(crate) last_seen: Arc<LastSeen<SessionId>>,
    /// The API keys that were used since the last write.
    pub(crate) api_keys_used: Arc<LastSeen<ApiKeyId>>,
    /// The state that handlers share between requests.
    pub handlers: HandlerState,
    /// The current time.
    pub clock: Arc<dyn Clock>,
}

/// The settings in force.
#[derive(Clone)]
struct CurrentSettings {
    config: Arc<Config>,
    /// The version of what administrators stored.
    version: i64,
    /// Why what they stored cannot be used. The settings of the start are in force then.
    problem: Option<String>,
}

/// Why stored settings cannot be used.
#[derive(Debug, Error)]
pub(crate) enum StoredSettingsError {
    /// A value is not allowed, or does not fit the others.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The settings of mails cannot be used.
    #[error(transparent)]
    Mailer(#[from] MailerError),
    /// The image of `site.logo` cannot be used.
    #[error("site.logo: {0}")]
    Logo(#[from] LogoError),
}

/// What handlers share between requests. No use case depends on it.
#[derive(Clone)]
pub struct HandlerState {
    /// The statistics of the admin's overview as they were last counted: too slow to count for each page.
    pub statistics: Arc<Mutex<Option<Arc<Statistics>>>>,
    /// Permits to parse a large request body, which bound the memory that values take.
    pub large_bodies: Arc<Semaphore>,
    /// Whether the log says that a login came to another address than `public_url`. Once is enough.
    pub is_elsewhere_logged: Arc<AtomicBool>,
}

impl Default for HandlerState {
    fn default() -> Self {
        Self {
            statistics: Arc::default(),
            large_bodies: Arc::new(Semaphore::new(LARGE_BODIES)),
            is_elsewhere_logged: Arc::default(),
        }
    }
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
    /// `password.breach_list` cannot be searched.
    #[error("password.breach_list, {}: {}", .0.display(), .1)]
    BreachList(PathBuf, BreachListError),
    /// The image of `site.logo` cannot be used.
    #[error("site.logo: {0}")]
    Logo(LogoError),
    /// The settings of mails cannot be used, such as a broken template.
    #[error(transparent)]
    Mailer(#[from] MailerError),
}

impl App {
    /// Opens the database and starts the hashing threads.
    pub fn open(config: Config, clock: Arc<dyn Clock>) -> Result<Self, OpenError> {
        check_logo(&config.site)?;
        let mailer = Arc::new(Mailer::new(&config)?);
        let breach_list = open_breach_list(&config.password)?;
        let store = Store::open(&config.database_url, store_settings(&config))?;
        let signing = signing_key(&config, &store, clock.now())?;
        let successor = SuccessorKey::new(store.shared_secret("successor_key", SECRET_BYTES, clock.now())?);
        let passwords = start_passwords(&config.password)?;
        let limits = limits(&config.limits);
        let ring = ring(&signing, &config, &store.signing_keys()?);
        let tokens = Arc::new(
            Tokens::new(ring, &successor, token_times(&config))
                .with_user_id_claim(&config.tokens.user_id_claim)
                .with_sliding(sliding_times(&config))
                .with_names(config.tokens.issuer.as_deref(), config.tokens.audience.as_deref()),
        );
        let stored = store.stored_settings()?;
        let config = Arc::new(config);
        let start = CurrentSettings { config: Arc::clone(&config), version: 0, problem: None };
        let app = Self {
            config,
            current: Arc::new(watch::Sender::new(start)),
            store,
            passwords,
            breach_list,
            tokens,
            signing: Arc::new(signing),
            limits,
            logo: Arc::default(),
            mailer,
            last_seen: Arc::default(),
            api_keys_used: Arc::default(),
            handlers: HandlerState::default(),
            clock,
        };
        app.apply_stored(&stored);
        Ok(app)
    }

    /// The settings in force now: those of the start, and what administrators changed.
    #[must_use]
    pub fn current(&self) -> Arc<Config> {
        Arc::clone(&self.current.borrow().config)
    }

    /// The version of what administrators changed, as this process has read it.
    #[must_use]
    pub fn settings_version(&self) -> i64 {
        self.current.borrow().version
    }

    /// Why the settings that administrators stored are not in force.
    pub(crate) fn stored_settings_problem(&self) -> Option<String> {
        self.current.borrow().problem.clone()
    }

    /// Waits until the settings in force change.
    pub(crate) async fn settings_changed(&self) {
        // The sender lives as long as `self`.
        let _ = self.current.subscribe().changed().await;
    }

    /// Reads what administrators changed, if another process stored a change.
    pub async fn refresh_settings(&self) -> Result<(), StoreError> {
        if self.store.read(stored_settings::version).await? != self.settings_version() {
            let stored = self.store.read(stored_settings::read).await?;
            self.apply_stored(&stored);
        }
        Ok(())
    }

    /// Reads the signing keys, if another process or a job has changed them. Every decision about a token follows
    /// such a look, or one in the same query.
    pub async fn refresh_keys(&self) -> Result<(), StoreError> {
        if self.store.read(signing_keys::version).await? == self.tokens.keys_version() {
            return Ok(());
        }
        let table = self.store.read(signing_keys::read).await?;
        let ring = ring(&self.signing, &self.config, &table);
        for problem in ring.problems() {
            tracing::error!("a signing key cannot be used: {problem}");
        }
        self.tokens.replace_keys(ring);
        Ok(())
    }

    /// The settings of the start with stored ones, and a mailer for them.
    pub(crate) fn with_stored(
        &self,
        stored: &[(String, String)],
    ) -> Result<(Config, Mailer), StoredSettingsError> {
        let config = self.config.with_stored(stored)?;
        if let Some(logo @ LogoSource::Image(_)) = &config.site.logo {
            Logo::of_source(logo)?;
        }
        let mailer = Mailer::new(&config)?;
        Ok((config, mailer))
    }

    /// Puts stored settings into force. If they cannot be used, those of the start are, and the log says why: a
    /// server that does not start could not be repaired in the admin.
    pub(crate) fn apply_stored(&self, stored: &StoredSettings) {
        let (config, problem) = match self.with_stored(&stored.values) {
            Ok((config, mailer)) => {
                self.mailer.replace_by(mailer);
                (Arc::new(config), None)
            }
            Err(error) => {
                tracing::error!("the settings that administrators changed are not in force: {error}");
                (Arc::clone(&self.config), Some(error.to_string()))
            }
        };
        self.current.send_replace(CurrentSettings { config, version: stored.version, problem });
    }

    /// The number of threads that answer requests.
    #[must_use]
    pub fn workers(&self) -> usize {
        each_core(self.config.server.workers)
    }
}

/// The key that signs tokens: that of the settings, else the one in the database, which the first call makes.
/// Blocks.
pub(crate) fn signing_key(config: &Config, store: &Store, now: Timestamp) -> Result<SigningKey, StoreError> {
    match &config.signing_key {
        Some(key) => Ok(key.clone()),
        None => Ok(SigningKey::new(store.shared_secret("signing_key", SECRET_BYTES, now)?)),
    }
}

/// The keys in the database, beside the one of HS256.
fn ring(signing: &SigningKey, config: &Config, table: &KeyTable) -> KeyRing {
    KeyRing::stored(signing, config.data_key.as_ref(), &table.keys, table.version)
}

/// Refuses a file that cannot be the logo.
fn check_logo(site: &SiteConfig) -> Result<(), OpenError> {
    let Some(source) = &site.logo else { return Ok(()) };
    Logo::of_source(source).map(drop).map_err(OpenError::Logo)
}

/// The list of `password.breach_list`, if it is set. Blocks.
pub(crate) fn open_breach_list(config: &PasswordConfig) -> Result<Option<BreachList>, OpenError> {
    let Some(path) = &config.breach_list else { return Ok(None) };
    BreachList::open(path).map(Some).map_err(|error| OpenError::BreachList(path.clone(), error))
}

fn start_passwords(config: &PasswordConfig) -> std::io::Result<Passwords> {
    Passwords::start(EngineOptions {
        cost: config.cost.get(),
        threads: each_core(config.threads),
        queue: config.queue,
        max_wait: config.max_wait,
        foreign_memory: config.foreign_memory as u64,
    })
}

fn limits(config: &LimitsConfig) -> Limits {
    Limits {
        enabled: config.enabled,
        failed_logins: RateLimit {
            per_account: config.failed_logins_per_account,
            per_address: config.failed_logins_per_address,
            window: config.failed_logins_window,
        },
        failed_logins_per_hour: config.failed_logins_per_hour,
        bad_tokens_per_address: config.bad_tokens_per_address,
        registrations: RateLimit {
            per_account: config.registrations_per_account,
            per_address: config.registrations_per_address,
            window: config.registrations_window,
        },
        mails: RateLimit {
            per_account: config.mails_per_account,
            per_address: config.mails_per_address,
            window: config.mails_window,
        },
        refreshes_per_session: config.refreshes_per_session,
        refreshes_per_account: config.refreshes_per_account,
        refreshes_window: config.refreshes_window,
        sessions_per_account: config.sessions_per_account,
        recorded_logins_per_account: config.recorded_logins_per_account,
    }
}

fn token_times(config: &Config) -> Times {
    Times {
        access_lifetime: config.access_token_lifetime,
        refresh_lifetime: config.refresh_token_lifetime,
        leeway: config.clock_leeway,
    }
}

/// Those of sliding tokens, if they are on.
fn sliding_times(config: &Config) -> Option<SlidingTimes> {
    let TokensConfig { sliding, sliding_lifetime, sliding_refresh_lifetime, .. } = config.tokens;
    let times = SlidingTimes { lifetime: sliding_lifetime, refresh_lifetime: sliding_refresh_lifetime };
    sliding.then_some(times)
}

/// The settings of the store.
#[must_use]
pub fn store_settings(config: &Config) -> StoreSettings {
    let database = &config.database;
    StoreSettings {
        // As many readers as workers, so that no worker waits for another.
        readers: each_core(config.server.workers),
        pool: database.pool,
        connect_timeout: database.connect_timeout,
        statement_timeout: database.statement_timeout,
        startup_timeout: database.startup_timeout,
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
