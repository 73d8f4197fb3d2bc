//! `doorward key export`: hands out the key that signs tokens.

use std::fs::OpenOptions;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use zeroize::Zeroizing;

use super::error::CliError;
use super::global_args::GlobalArgs;
use super::output;
use super::runtime::block_on;
use crate::accounts::{self, Actor};
use crate::store::create_new_private;
use crate::types::SigningKey;

/// The commands for the signing key.
#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Write the key that signs tokens, for another server that checks them; recorded in the audit log
    ///
    /// With the key, a server can check tokens and also make them: it is as secret as all passwords together.
    Export(ExportArgs),
}

/// The arguments of `doorward key export`.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// The file to create; only its owner can read it
    #[arg(long, value_name = "FILE", required_unless_present = "stdout")]
    out: Option<PathBuf>,
    /// Print the key
    #[arg(long, conflicts_with = "out")]
    stdout: bool,
    /// How the key is written
    #[arg(long, value_enum, default_value_t = KeyFormat::Base64)]
    format: KeyFormat,
}

/// How a key is written.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum KeyFormat {
    /// Base64, a line (RFC 4648 §4)
    Base64,
    /// A JSON Web Key of type `oct` (RFC 7517)
    Jwk,
    /// The bytes alone
    Raw,
}

/// Runs a command.
pub(super) fn run(global: GlobalArgs, command: &KeyCommand) -> Result<(), CliError> {
    let KeyCommand::Export(args) = command;
    let app = global.open_existing()?;
    if let Some(file) = &args.out {
        // Before the export is recorded: it must not fail afterwards because of a name.
        create_new_private(file).map_err(|error| cannot_write(file, &error))?;
    }
    let key = block_on(async { Ok(accounts::export_signing_key(&app, &Actor::command_line()).await?) })?;
    let text = write_key(&key, args.format);
    match &args.out {
        Some(file) => {
            fill(file, &text).map_err(|error| cannot_write(file, &error))?;
            output::escaped_line(&format!("wrote the signing key to {}", file.display()))
        }
        None => output::bytes(&text),
    }
}

fn write_key(key: &SigningKey, format: KeyFormat) -> Zeroizing<Vec<u8>> {
    let bytes = key.as_bytes();
    Zeroizing::new(match format {
        KeyFormat::Base64 => format!("{}\n", STANDARD.encode(bytes)).into_bytes(),
        KeyFormat::Jwk => {
            let key = json!({"kty": "oct", "alg": "HS256", "use": "sig", "k": URL_SAFE_NO_PAD.encode(bytes)});
            format!("{key}\n").into_bytes()
        }
        KeyFormat::Raw => bytes.to_vec(),
    })
}

fn fill(file: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).open(file)?;
    file.write_all(bytes)?;
    file.sync_all()
}

fn cannot_write(file: &Path, error: &io::Error) -> CliError {
    let hint = match error.kind() {
        io::ErrorKind::AlreadyExists => "choose another name: an export overwrites nothing",
        _ => "the folder must exist and be writable by this user",
    };
    CliError::failed(format!("cannot write {}: {error}", file.display()), hint)
}
