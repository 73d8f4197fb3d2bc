//! `doorward export`: everything about everybody as JSON lines, or the users in a form that Django reads.

mod django;
mod pages;

use clap::{Args, Subcommand};
use serde_json::Value;

use super::error::CliError;
use super::global_args::GlobalArgs;
use super::output;
use super::runtime::block_on;
use crate::app::App;
use crate::store::Conn;
use crate::store::queries::personal_data;
use pages::{each_page, record};

/// The arguments of `doorward export`.
#[derive(Debug, Args)]
pub(super) struct DataExportArgs {
    #[command(subcommand)]
    form: Option<ExportCommand>,
}

/// The forms of another program.
#[derive(Debug, Subcommand)]
enum ExportCommand {
    /// Write the users with their passwords for a Django
    Django(django::DjangoExportArgs),
}

/// Runs the command.
pub(super) fn run(global: GlobalArgs, args: DataExportArgs) -> Result<(), CliError> {
    let app = global.open_existing()?;
    block_on(async {
        match args.form {
            None => everything(&app).await,
            Some(ExportCommand::Django(args)) => django::run(&app, &args).await,
        }
    })
}

/// Prints all that is stored about each user, a line each.
async fn everything(app: &App) -> Result<(), CliError> {
    record(app, "everything about all users").await?;
    let now = app.clock.now();
    each_page(app, async |page| {
        let mut lines = String::new();
        for (id, user) in page {
            let read = move |conn: &mut Conn| personal_data::of_user(conn, id, now);
            let Some((_, mut data)) = app.store.read_aside(read).await? else { continue };
            data["password"] = user.password_hash.as_stored().into();
            data["attributes"] = Value::Object(user.attributes.as_map().clone());
            data["groups"] = user.groups.into();
            lines.push_str(&format!("{data}\n"));
        }
        output::part(&lines)
    })
    .await
}
