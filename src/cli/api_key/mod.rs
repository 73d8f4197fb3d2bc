//! `doorward api-key`: the keys with which machines call the API.

use std::time::Duration;

use clap::{Args, Subcommand};
use ipnet::IpNet;
use serde_json::{Value, json};

use super::error::CliError;
use super::global_args::GlobalArgs;
use super::output;
use super::runtime::block_on;
use crate::accounts::{self, Actor, CreateApiKeyError, NewApiKey, RevokeApiKeyError};
use crate::app::App;
use crate::config::{parse_duration, parse_network};
use crate::store::tables::api_keys;
use crate::types::{ApiKeyId, ApiKeyName, ApiKeyRecord, ApiScope, ApiScopes, Timestamp};

/// The most keys that are listed.
const MAX_LISTED: i64 = 100_000;

/// The lifetimes that a key may have.
const SHORTEST: Duration = Duration::from_secs(60);
const LONGEST: Duration = Duration::from_secs(3650 * 24 * 3600);

/// The commands for API keys.
#[derive(Debug, Subcommand)]
pub(super) enum ApiKeyCommand {
    /// Make a key, and print it: it is not displayed again
    Create(CreateArgs),
    /// List the keys with what they may do and when they were last used, without the keys themselves
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Refuse a key from now on
    Revoke {
        /// The id of the key: the part between its underscores
        #[arg(value_parser = id)]
        id: ApiKeyId,
    },
}

/// The arguments of `doorward api-key create`.
#[derive(Debug, Args)]
pub(super) struct CreateArgs {
    /// What the key is for
    #[arg(value_parser = name)]
    name: ApiKeyName,
    /// What it may do: users:read, users:write, audit:read or tokens:introspect; may be given several times
    #[arg(long = "scope", value_name = "SCOPE", value_delimiter = ',', required = true, value_parser = scope)]
    scopes: Vec<ApiScope>,
    /// How long it is good, such as 90d [default: until it is revoked]
    #[arg(long, value_name = "TIME", value_parser = lifetime)]
    expires_in: Option<Duration>,
    /// A network or an address that it may come from; may be given several times [default: any]
    #[arg(long = "network", value_name = "CIDR", value_delimiter = ',', value_parser = parse_network)]
    networks: Vec<IpNet>,
    /// Print JSON
    #[arg(long)]
    json: bool,
}

fn name(text: &str) -> Result<ApiKeyName, String> {
    let most = ApiKeyName::MAX_CHARS;
    ApiKeyName::parse(text).ok_or_else(|| format!("expected a line of up to {most} characters"))
}

fn scope(text: &str) -> Result<ApiScope, String> {
    ApiScope::named(text).ok_or_else(|| {
        let words: Vec<&str> = ApiScope::WORDS.iter().map(|(word, _)| *word).collect();
        format!("expected one of {}", words.join(", "))
    })
}

fn lifetime(text: &str) -> Result<Duration, String> {
    parse_duration(text, SHORTEST..=LONGEST)
}

/// The id, or the whole key: people copy that.
fn id(text: &str) -> Result<ApiKeyId, String> {
    let part = text.split('_').nth(1).unwrap_or(text);
    ApiKeyId::parse(part)
        .ok_or_else(|| "expected the 16 digits that `doorward api-key list` prints".to_owned())
}

/// Runs a command.
pub(super) fn run(global: GlobalArgs, command: ApiKeyCommand) -> Result<(), CliError> {
    let app = global.open_existing()?;
    block_on(async {
        match command {
            ApiKeyCommand::Create(args) => create(&app, args).await,
            ApiKeyCommand::List { json } => list(&app, json).await,
            ApiKeyCommand::Revoke { id } => {
                let key = accounts::revoke_api_key(&app, id, &Actor::command_line()).await?;
                output::escaped_line(&format!("revoked {} ({})", key.name, key.id))
            }
        }
    })
}

async fn create(app: &App, args: CreateArgs) -> Result<(), CliError> {
    let new = NewApiKey {
        id: ApiKeyId::random(),
        name: args.name,
        scopes: ApiScopes::new(args.scopes),
        networks: args.networks,
        lifetime: args.expires_in,
    };
    let (key, record) = accounts::create_api_key(app, new, &Actor::command_line()).await?;
    if args.json {
        let mut object = json_of(&record, app.clock.now());
        object["key"] = json!(key.expose().as_str());
        return output::line(&format!("{object:#}"));
    }
    super::error::note("", "store the key now: it is not displayed again");
    output::line(&key.expose())
}

async fn list(app: &App, as_json: bool) -> Result<(), CliError> {
    let now = app.clock.now();
    let keys = app.store.read(|conn| api_keys::list(conn, MAX_LISTED)).await?;
    if as_json {
        let keys: Vec<Value> = keys.iter().map(|key| json_of(key, now)).collect();
        return output::line(&format!("{:#}", Value::Array(keys)));
    }
    if keys.is_empty() {
        return output::line("no API keys; `doorward api-key create` makes one");
    }
    for key in &keys {
        let used = key
            .last_used_at
            .map_or_else(|| "never used".to_owned(), |at| format!("last used {}", at.to_rfc3339()));
        let end = key.expires_at.map(|at| format!(", expires {}", at.to_rfc3339())).unwrap_or_default();
        let networks =
            if key.networks.is_empty() { String::new() } else { format!(", from {}", key.networks_text()) };
        output::escaped_line(&format!(
            "{}  {:7}  {}: {}  ({used}{end}{networks})",
            key.id,
            key.state(now).as_str(),
            key.name,
            key.scopes.joined(),
        ))?;
    }
    Ok(())
}

/// A key as JSON, without its secret.
fn json_of(key: &ApiKeyRecord, now: Timestamp) -> Value {
    let text = |at: Option<Timestamp>| at.map(|at| at.to_rfc3339());
    json!({
        "id": key.id.to_string(),
        "name": key.name,
        "state": key.state(now).as_str(),
        "scopes": key.scopes.words().collect::<Vec<_>>(),
        "networks": key.networks.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "created_at": key.created_at.to_rfc3339(),
        "expires_at": text(key.expires_at),
        "last_used_at": text(key.last_used_at),
        "revoked_at": text(key.revoked_at),
    })
}

impl From<CreateApiKeyError> for CliError {
    fn from(error: CreateApiKeyError) -> Self {
        match error {
            CreateApiKeyError::Store(error) => error.into(),
            other => Self::failed(other.to_string(), ""),
        }
    }
}

impl From<RevokeApiKeyError> for CliError {
    fn from(error: RevokeApiKeyError) -> Self {
        match error {
            RevokeApiKeyError::Store(error) => error.into(),
            other => Self::failed(other.to_string(), "`doorward api-key list` lists all API keys"),
        }
    }
}
