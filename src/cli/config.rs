//! `doorward config`: the settings in force and the source of each, with secrets hidden. `doorward config clear`
//! sets back what administrators changed, in case it locks somebody out.

use std::time::Duration;

use clap::{Args, Subcommand};
use serde_json::json;

use super::error::CliError;
use super::global_args::GlobalArgs;
use super::output;
use super::runtime::block_on;
use crate::accounts::{self, Actor};
use crate::app::{open_breach_list, store_settings};
use crate::config::{Config, Described, Setting, example_toml, settings_table};
use crate::mail::Mailer;
use crate::store::engine::snapshot::open_snapshot;
use crate::store::tables::stored_settings;
use crate::store::{StoreError, StoreSettings};
use crate::types::DatabaseUrl;

/// The arguments of `doorward config`.
#[derive(Debug, Args)]
#[command(args_conflicts_with_subcommands = true)]
pub(super) struct ConfigArgs {
    #[command(subcommand)]
    command: Option<ConfigCommand>,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Print doorward.example.toml: every setting with its default and a description
    #[arg(long, conflicts_with = "json")]
    example: bool,
    /// Print the table of docs/configuration.md
    #[arg(long, conflicts_with_all = ["json", "example"])]
    table: bool,
}

/// The commands for settings.
#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Set back settings that administrators changed in the admin: the named ones, or all
    ///
    /// Running servers notice within a few seconds.
    Clear {
        /// Settings, such as mail.smtp.host
        #[arg(value_name = "NAME")]
        names: Vec<String>,
    },
}

/// Prints every setting, or sets some back.
pub(super) fn run(global: GlobalArgs, args: &ConfigArgs) -> Result<(), CliError> {
    if let Some(ConfigCommand::Clear { names }) = &args.command {
        return clear(global, names);
    }
    if args.example {
        return output::part(&example_toml());
    }
    if args.table {
        return output::part(&settings_table());
    }
    let (config, unread) = with_stored(global.load(Vec::new())?);
    // A broken template is found here too, and not only when a mail is sent; and so is a list that is none.
    Mailer::new(&config)?;
    open_breach_list(&config.password)?;
    if args.json {
        return print_json(&config);
    }
    print_table(&config)?;
    unread.map_or(Ok(()), |reason| output::line(&format!("warning: {reason}")))
}

/// The configuration with what administrators changed, if there is a database, and otherwise why that is not in
/// it.
pub(super) fn with_stored(config: Config) -> (Config, Option<String>) {
    if matches!(&config.database_url, DatabaseUrl::Sqlite(path) if !path.exists()) {
        return (config, None);
    }
    let stored = match stored(&config) {
        Ok(stored) => stored,
        Err(error) => {
            return (config, Some(format!("the settings changed in the admin are not known: {error}")));
        }
    };
    match config.with_stored(&stored) {
        Ok(changed) => (changed, None),
        Err(error) => {
            let reason = format!(
                "the settings changed in the admin are not in force: {error}; `doorward config clear` sets them back"
            );
            (config, Some(reason))
        }
    }
}

/// What administrators changed. Neither creates nor migrates the database.
fn stored(config: &Config) -> Result<Vec<(String, String)>, StoreError> {
    let settings = StoreSettings { startup_timeout: Duration::ZERO, ..store_settings(config) };
    let mut conn = open_snapshot(&config.database_url, &settings)?;
    Ok(stored_settings::read(&mut conn)?.values)
}

fn clear(global: GlobalArgs, names: &[String]) -> Result<(), CliError> {
    let known = names.iter().map(|name| {
        let setting = Setting::named(name).filter(|setting| setting.is_changeable());
        setting.map(|setting| setting.name.to_owned()).ok_or_else(|| {
            CliError::usage(
                format!("`{}` is no setting that can be changed in the admin", name.escape_debug()),
                "`doorward config` lists the settings; those with the source `database` can be set back",
            )
        })
    });
    let names: Vec<String> = known.collect::<Result<_, _>>()?;
    let app = global.open_existing()?;
    let cleared = block_on(async {
        Ok::<_, CliError>(accounts::clear_settings(&app, names, &Actor::command_line()).await?)
    })?;
    match cleared.is_empty() {
        true => output::line("no such setting was changed in the admin"),
        false => cleared.iter().try_for_each(|name| output::line(&format!("{name} is set back"))),
    }
}

fn print_json(config: &Config) -> Result<(), CliError> {
    let line =
        |line: &Described| json!({"name": line.name, "value": line.value, "origin": line.origin.to_string()});
    let all: Vec<_> = config.describe().iter().map(line).collect();
    output::line(&format!("{:#}", serde_json::Value::Array(all)))
}

fn print_table(config: &Config) -> Result<(), CliError> {
    let settings = config.describe();
    let names = settings.iter().map(|setting| setting.name.len()).max().unwrap_or(0);
    let values = settings.iter().map(|setting| setting.value.len()).max().unwrap_or(0);
    for Described { name, value, origin, .. } in settings {
        output::line(&format!("{name:names$}  {value:values$}  ({origin})"))?;
    }
    for warning in config.warnings() {
        output::line(&format!("warning: {warning}"))?;
    }
    Ok(())
}
