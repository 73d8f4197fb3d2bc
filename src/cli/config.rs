//! `doorward config`: the settings in force and where each comes from, secrets hidden.

use clap::Args;
use serde_json::json;

use super::GlobalArgs;
use super::error::CliError;
use super::output;
use crate::config::{example_toml, settings_table};
use crate::mail::Mailer;

/// What `doorward config` takes.
#[derive(Debug, Args)]
pub(crate) struct ConfigArgs {
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
pub(crate) fn run(settings: GlobalArgs, args: &ConfigArgs) -> Result<(), CliError> {
    if args.example {
        return output::part(&example_toml());
    }
    if args.table {
        return output::part(&settings_table());
    }
    let config = settings.load(Vec::new())?;
    let described = config.describe();
    // Also what the settings lead to: a broken template is found here, and not in somebody's mail.
    Mailer::new(&config)?;
    if args.json {
        let all: Vec<_> = described
            .iter()
            .map(|one| json!({"name": one.name, "value": one.value, "origin": one.origin.to_string()}))
            .collect();
        return output::line(&format!("{:#}", serde_json::Value::Array(all)));
    }
    let width =
        |text: fn(&crate::config::Described) -> &str| described.iter().map(|one| text(one).len()).max();
    let (names, values) = (width(|one| one.name).unwrap_or(0), width(|one| &one.value).unwrap_or(0));
    for one in described {
        output::line(&format!("{:names$}  {:values$}  ({})", one.name, one.value, one.origin))?;
    }
    for warning in config.warnings() {
        output::line(&format!("note: {warning}"))?;
    }
    Ok(())
}
