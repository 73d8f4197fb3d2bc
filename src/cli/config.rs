//! `doorward config`: the settings in force and the source of each, with secrets hidden.

use clap::Args;
use serde_json::json;

use super::error::CliError;
use super::global_args::GlobalArgs;
use super::output;
use crate::app::open_breach_list;
use crate::config::{Config, Described, example_toml, settings_table};
use crate::mail::Mailer;

/// The arguments of `doorward config`.
#[derive(Debug, Args)]
pub(super) struct ConfigArgs {
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

/// Prints every setting.
pub(super) fn run(global: GlobalArgs, args: &ConfigArgs) -> Result<(), CliError> {
    if args.example {
        return output::part(&example_toml());
    }
    if args.table {
        return output::part(&settings_table());
    }
    let config = global.load(Vec::new())?;
    // A broken template is found here too, and not only when a mail is sent; and so is a list that is none.
    Mailer::new(&config)?;
    open_breach_list(&config.password)?;
    if args.json { print_json(&config) } else { print_table(&config) }
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
