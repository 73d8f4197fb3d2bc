//! `doorward import django SOURCE`: proposes a mapping, and imports users by it.

mod print;
mod progress;
mod rehearsal;

use std::fs;
use std::path::PathBuf;

use clap::{Args, Subcommand, ValueEnum};

use super::error::CliError;
use super::global_args::GlobalArgs;
use super::output;
use super::runtime::block_on;
use crate::accounts::{
    Actor, ConfirmedBy, ImportError, ImportOptions, ImportOrder, ImportSummary, Mapping, OnDuplicate,
    Proposal, SourceView, UserSource, open_source, propose_mapping, run_import, source_label,
    wrap_weak_hashes,
};
use crate::app::App;
use progress::ImportProgress;
use rehearsal::open_for_rehearsal;

/// The script that reads users out of a running Django.
const SCRIPT: &str = include_str!("django_export.py");

/// Where the script says whether it prints the key that signs tokens.
const WITHOUT_KEY: &str = "WITH_KEY = False";

/// The commands that import.
#[derive(Debug, Subcommand)]
pub(super) enum ImportCommand {
    /// Import users, groups and tokens from a Django
    Django(Box<DjangoArgs>),
}

/// The arguments of `doorward import django`.
#[derive(Debug, Args)]
pub(super) struct DjangoArgs {
    /// postgres://…, sqlite:PATH, the output of dumpdata, JSON lines, CSV, or - for standard input
    ///
    /// Only read. Other users can see the arguments of a process: to keep a password out of them, use PGPASSWORD
    /// or ~/.pgpass.
    #[arg(value_name = "SOURCE", required_unless_present = "script")]
    source: Option<String>,
    /// Import by this mapping, as printed without it
    #[arg(long, value_name = "FILE")]
    map: Option<PathBuf>,
    /// Import by the mapping that fits the source best
    #[arg(long, conflicts_with = "map")]
    yes: bool,
    /// Do everything but write: report what an import would do
    #[arg(long)]
    dry_run: bool,
    /// Bring users of an earlier import up to date, and report those that are gone at the source
    #[arg(long)]
    sync: bool,
    /// What happens to a user whose name or address another user has
    #[arg(long, value_name = "WHAT", value_enum, default_value = "report")]
    on_duplicate: DuplicateArg,
    /// Outstanding refresh tokens become sessions, blacklisted ones ended sessions
    #[arg(long)]
    with_tokens: bool,
    /// What happens to users that are gone at the source
    #[arg(long, value_name = "WHAT", value_enum, requires = "sync")]
    missing: Option<MissingArg>,
    /// Whether email addresses are confirmed, whatever the mapping says
    #[arg(long, value_name = "WHICH", value_enum)]
    confirmed: Option<ConfirmedArg>,
    /// Put bcrypt around hashes of one round of MD5 or SHA-1 at once, instead of at the next login
    ///
    /// A million takes hours. To take such hashes back into a Django, its PASSWORD_HASHERS need
    /// docs/examples/doorward_hasher.py.
    #[arg(long, conflicts_with = "dry_run")]
    wrap_weak: bool,
    /// Print JSON
    #[arg(long)]
    json: bool,
    /// Print a script for `manage.py shell` that writes the users of any Django as JSON lines
    #[arg(long, conflicts_with = "source")]
    script: bool,
    /// Let the script write the key that signs tokens as well: it is a secret
    #[arg(long, requires = "script")]
    with_key: bool,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DuplicateArg {
    /// The row is left out
    Report,
    /// The user with the newer login has it; the other gets a suffix to the name, or no address
    NewestLogin,
    /// The later row gets a suffix to the name, or no address
    Suffix,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum MissingArg {
    /// They are deactivated
    Deactivate,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ConfirmedArg {
    /// All are
    All,
    /// None is
    None,
}

/// Runs the command.
pub(super) fn run(global: GlobalArgs, command: ImportCommand) -> Result<(), CliError> {
    let ImportCommand::Django(args) = command;
    if args.script {
        return output::part(&script(args.with_key));
    }
    let named = args.source.clone().unwrap_or_default();
    let mut source = open_source(&named).map_err(|error| failed(error, &named))?;
    let view = source.look().map_err(|error| failed(error, &named))?;
    let (mapping, proposal) = mapping(&args, &view, &named)?;
    mapping.check(&view).map_err(|error| failed(error.into(), &named))?;
    if args.with_tokens && mapping.tokens.is_none() {
        return Err(CliError::usage(
            "the mapping has no [tokens], so --with-tokens has nothing to read",
            "tokens are in the tables of rest_framework_simplejwt.token_blacklist",
        ));
    }
    if !args.yes && args.map.is_none() && !args.dry_run {
        return print::proposal(&mapping, proposal.as_ref(), &view, &named, args.json);
    }
    import(global, &args, source, &view, mapping, &named)
}

fn script(with_key: bool) -> String {
    let with = if with_key { "WITH_KEY = True" } else { WITHOUT_KEY };
    SCRIPT.replace(WITHOUT_KEY, with)
}

/// The mapping of the file, else the one that fits best, with what `--confirmed` says.
fn mapping(
    args: &DjangoArgs,
    view: &SourceView,
    named: &str,
) -> Result<(Mapping, Option<Proposal>), CliError> {
    let (mut mapping, proposal) = match &args.map {
        Some(path) => {
            let text = fs::read_to_string(path).map_err(|error| {
                CliError::usage(
                    format!("cannot read {}: {error}", path.display()),
                    "name the file of the mapping",
                )
            })?;
            (Mapping::parse(&text).map_err(|error| failed(error.into(), named))?, None)
        }
        None => {
            let proposal = propose_mapping(view).map_err(|error| failed(error, named))?;
            (proposal.mapping.clone(), Some(proposal))
        }
    };
    match args.confirmed {
        Some(ConfirmedArg::All) => mapping.users.confirmed = ConfirmedBy::All,
        Some(ConfirmedArg::None) => mapping.users.confirmed = ConfirmedBy::None,
        None => {}
    }
    Ok((mapping, proposal))
}

fn import(
    global: GlobalArgs,
    args: &DjangoArgs,
    source: Box<dyn UserSource>,
    view: &SourceView,
    mapping: Mapping,
    named: &str,
) -> Result<(), CliError> {
    // Dropped in the reverse order: the folder after the application.
    let (_folder, app) = match args.dry_run {
        true => {
            let (app, folder) = open_for_rehearsal(global)?;
            (folder, app)
        }
        false => (None, global.open_or_create()?),
    };
    let options = ImportOptions {
        is_dry_run: args.dry_run,
        is_sync: args.sync,
        deactivates_missing: args.missing.is_some(),
        with_tokens: args.with_tokens,
        on_duplicate: match args.on_duplicate {
            DuplicateArg::Report => OnDuplicate::Report,
            DuplicateArg::NewestLogin => OnDuplicate::NewestLogin,
            DuplicateArg::Suffix => OnDuplicate::Suffix,
        },
    };
    let total = view.rows_of(&mapping.users.table);
    let order = ImportOrder { source, label: source_label(named), mapping, total, options };
    let mut progress = ImportProgress::new(args.json);
    let done = block_on(import_and_wrap(&app, order, args.wrap_weak, named, &mut progress));
    drop(progress);
    let (summary, wrapped) = done?;
    print::summary(&summary, wrapped, args.dry_run, args.json)?;
    match summary.counts.left_out {
        0 => Ok(()),
        count => Err(CliError::failed(
            format!("{count} rows were left out"),
            if args.dry_run {
                "nothing was written"
            } else {
                "correct them at the source, and run the import again"
            },
        )),
    }
}

/// Imports, then puts bcrypt around weak hashes if that was asked for; answers how many.
async fn import_and_wrap(
    app: &App,
    order: ImportOrder,
    wraps: bool,
    named: &str,
    progress: &mut ImportProgress,
) -> Result<(ImportSummary, Option<u64>), CliError> {
    let by = Actor::command_line();
    let done = run_import(app, order, &by, &mut |what, done, of| progress.update(what, done, of)).await;
    let summary = done.map_err(|error| failed(error, named))?;
    if !wraps {
        return Ok((summary, None));
    }
    let wrapped = wrap_weak_hashes(app, &by, |count| progress.update("hashes", count, count)).await;
    let hint = "the users are imported; run the import again to wrap the rest";
    let wrapped = wrapped.map_err(|error| CliError::failed(error.to_string(), hint))?;
    Ok((summary, Some(wrapped)))
}

/// The error with a hint. Wrong usage has exit code 2.
fn failed(error: ImportError, named: &str) -> CliError {
    let message = error.to_string();
    match error {
        ImportError::Mapping(_) => {
            CliError::usage(message, "without --map the command prints a mapping that fits")
        }
        ImportError::Source(_) if named.contains("://") || named.starts_with("sqlite:") => {
            CliError::failed(message, "the source is only read; nothing was imported from it")
        }
        ImportError::Source(_) => CliError::failed(
            message,
            "a source is postgres://…, sqlite:PATH, a file, or - for standard input",
        ),
        ImportError::Truncated { .. } => {
            CliError::failed(message, "nothing was imported; make the file again, and compare its size")
        }
        ImportError::Format(_) => CliError::failed(
            message,
            "a file is the output of `manage.py dumpdata` in JSON, JSON lines, or CSV with a line of column names",
        ),
        ImportError::NoUsers => {
            CliError::failed(message, "name the table and its columns in a mapping: --map FILE")
        }
        ImportError::Store(error) => error.into(),
    }
}
