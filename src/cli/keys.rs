//! `doorward keys`: the keys that sign tokens with a public and a private half.

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::error::CliError;
use super::global_args::GlobalArgs;
use super::output;
use super::runtime::block_on;
use crate::accounts::{self, Actor, ChangeKeysError, KeyStart};
use crate::app::App;
use crate::store::tables::signing_keys;
use crate::tokens::{read_key, to_pem};
use crate::types::{KeyRecord, KeyState, Timestamp};

/// A file with a private key is not longer: one of RSA with 8192 bits has 6.4 KB.
const MAX_FILE: u64 = 64 * 1024;

/// The commands for keys.
#[derive(Debug, Subcommand)]
pub(super) enum KeysCommand {
    /// List the keys with their states, the newest first
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Publish a new key, which signs after keys.publish_for; the one before checks until its last token has expired
    Rotate {
        /// Have it sign at once, such as after a leak; services that have a copy of the key set refuse its tokens
        /// until they read it again
        #[arg(long)]
        now: bool,
    },
    /// Refuse all tokens of a key from now on; their users log in again
    Revoke {
        /// The id of the key
        kid: String,
    },
    /// Publish a private key that another program made
    Import(ImportKeyArgs),
    /// Print the public half of a key, for a service that cannot read the key set
    ExportPublic(ExportPublicArgs),
}

/// The arguments of `doorward keys import`.
#[derive(Debug, Args)]
pub(super) struct ImportKeyArgs {
    /// A file with a private key, in PEM or as a JSON Web Key, not encrypted
    file: PathBuf,
    /// Have it sign at once
    #[arg(long)]
    now: bool,
}

/// The arguments of `doorward keys export-public`.
#[derive(Debug, Args)]
pub(super) struct ExportPublicArgs {
    /// The id of the key [default: the one that signs]
    kid: Option<String>,
    /// How the key is written
    #[arg(long, value_enum, default_value_t = PublicFormat::Pem)]
    format: PublicFormat,
}

/// How a public key is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum PublicFormat {
    /// PEM (RFC 7468 §13)
    Pem,
    /// A JSON Web Key (RFC 7517)
    Jwk,
}

/// Runs a command.
pub(super) fn run(global: GlobalArgs, command: KeysCommand) -> Result<(), CliError> {
    // Before the database is opened: a bad file changes nothing.
    let imported = match &command {
        KeysCommand::Import(args) => Some(read_key(&read(&args.file)?).map_err(ChangeKeysError::from)?),
        _ => None,
    };
    let app = global.open_existing()?;
    let by = Actor::command_line();
    block_on(async {
        match (command, imported) {
            (KeysCommand::List { json }, _) => list(&app, json).await,
            (KeysCommand::Rotate { now }, _) => {
                output::line(&became(&accounts::rotate_keys(&app, start(now), &by).await?))
            }
            (KeysCommand::Revoke { kid }, _) => revoke(&app, &kid, &by).await,
            (KeysCommand::Import(args), Some(key)) => {
                output::line(&became(&accounts::import_key(&app, key, start(args.now), &by).await?))
            }
            (KeysCommand::ExportPublic(args), _) => export_public(&app, args).await,
            (KeysCommand::Import(_), None) => Ok(()),
        }
    })
}

const fn start(now: bool) -> KeyStart {
    if now { KeyStart::Now } else { KeyStart::Published }
}

async fn list(app: &App, as_json: bool) -> Result<(), CliError> {
    let keys = app.store.read(signing_keys::read).await?.keys;
    if as_json {
        let keys: Vec<Value> = keys.iter().map(json_of).collect();
        return output::line(&format!("{:#}", Value::Array(keys)));
    }
    if keys.is_empty() {
        return output::line(
            "no keys: tokens are signed with HS256 (tokens.algorithm), whose key is signing_key",
        );
    }
    for key in &keys {
        output::escaped_line(&format!(
            "{}  {}  {}  {}",
            key.kid,
            key.algorithm.as_str(),
            key.state.as_str(),
            times(key)
        ))?;
    }
    Ok(())
}

/// The time that matters for the state of a key.
fn times(key: &KeyRecord) -> String {
    let of = |at: Option<Timestamp>| at.map_or_else(|| "?".to_owned(), |at| at.to_rfc3339());
    match key.state {
        KeyState::Published => format!("signs from {}", key.signs_from.to_rfc3339()),
        KeyState::Signing => format!("since {}", key.signs_from.to_rfc3339()),
        KeyState::Verifying => format!("until {}", of(key.verifies_until)),
        KeyState::Gone => format!("since {}", of(key.verifies_until)),
    }
}

fn json_of(key: &KeyRecord) -> Value {
    let text = |at: Option<Timestamp>| at.map(|at| at.to_rfc3339());
    json!({
        "kid": key.kid,
        "algorithm": key.algorithm.as_str(),
        "state": key.state.as_str(),
        "created_at": key.created_at.to_rfc3339(),
        "published_at": key.published_at.to_rfc3339(),
        "signs_from": key.signs_from.to_rfc3339(),
        "signed_until": text(key.signed_until),
        "verifies_until": text(key.verifies_until),
    })
}

/// What a new key does now.
fn became(key: &KeyRecord) -> String {
    match key.state {
        KeyState::Published => format!(
            "published {} ({}); it signs from {}, if a server runs then",
            key.kid,
            key.algorithm.as_str(),
            key.signs_from.to_rfc3339()
        ),
        _ => format!("{} ({}) signs from now on", key.kid, key.algorithm.as_str()),
    }
}

async fn revoke(app: &App, kid: &str, by: &Actor) -> Result<(), CliError> {
    let revoked = accounts::revoke_key(app, kid, by).await?;
    let sessions = match revoked.sessions {
        1 => "1 session ends".to_owned(),
        count => format!("{count} sessions end"),
    };
    output::line(&format!("revoked {kid}: {sessions}"))?;
    match revoked.successor {
        Some(successor) => output::line(&format!("{successor} signs from now on")),
        None => Ok(()),
    }
}

async fn export_public(app: &App, args: ExportPublicArgs) -> Result<(), CliError> {
    let keys = app.store.read(signing_keys::read).await?.keys;
    let is_asked = |key: &&KeyRecord| match &args.kid {
        Some(kid) => key.kid == *kid,
        None => key.state == KeyState::Signing,
    };
    let key = keys.iter().filter(|key| key.algorithm.is_asymmetric()).find(is_asked).ok_or_else(|| {
        let message = args.kid.as_ref().map_or_else(
            || "tokens are signed with HS256, whose key has no public half".to_owned(),
            |kid| format!("there is no key {kid:?} with a public half"),
        );
        CliError::failed(
            message,
            "`doorward keys list` lists all keys; `doorward key export` hands out that of HS256",
        )
    })?;
    match args.format {
        PublicFormat::Pem => {
            output::part(&to_pem(&key.kid, key.algorithm, &key.public_jwk).map_err(ChangeKeysError::from)?)
        }
        PublicFormat::Jwk => output::line(&key.public_jwk),
    }
}

fn read(file: &Path) -> Result<Zeroizing<String>, CliError> {
    let cannot = |reason: String| CliError::failed(format!("cannot read {}: {reason}", file.display()), "");
    let length = fs::metadata(file).map_err(|error| cannot(error.to_string()))?.len();
    if length > MAX_FILE {
        return Err(cannot("it is too long for a key".to_owned()));
    }
    let bytes = fs::read(file).map_err(|error| cannot(error.to_string()))?;
    String::from_utf8(bytes).map(Zeroizing::new).map_err(|_| {
        CliError::usage(
            format!("{} is no PEM file and no JSON Web Key", file.display()),
            "`openssl pkey -inform DER -in FILE` writes one",
        )
    })
}
