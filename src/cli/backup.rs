//! `doorward backup`: copies everything into a new SQLite file while doorward runs, and records it in the
//! audit log. The admin's overview shows the time of the last backup from there.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use clap::Args;

use super::copy::report_progress;
use super::error::CliError;
use super::global_args::GlobalArgs;
use super::output;
use super::progress_bar::ProgressBar;
use super::runtime::block_on;
use crate::accounts::{self, Actor};
use crate::app::{App, store_settings};
use crate::store::create_new_private;
use crate::store::engine::copy;
use crate::store::engine::copy::CopyError;
use crate::texts::Lang;
use crate::types::{DatabaseUrl, single_line};

/// The arguments of `doorward backup`.
#[derive(Debug, Args)]
pub(super) struct BackupArgs {
    /// The file to create: a SQLite database with everything in it, also when the source is PostgreSQL
    #[arg(value_name = "FILE", required_unless_present = "elsewhere")]
    file: Option<PathBuf>,
    /// Only record that another program, such as pg_dump, has just made a backup
    #[arg(long, conflicts_with = "file")]
    elsewhere: bool,
    /// Print nothing unless it fails
    #[arg(long, short)]
    quiet: bool,
}

/// Makes a backup and records it, or only records it.
pub(super) fn run(global: GlobalArgs, args: &BackupArgs) -> Result<(), CliError> {
    let app = global.open_existing()?;
    let Some(file) = &args.file else {
        record(&app, "elsewhere".to_owned())?;
        return if args.quiet { Ok(()) } else { output::line("recorded that a backup was made just now") };
    };
    let bytes = make(&app, file, args.quiet)?;
    let size = Lang::English.bytes(bytes);
    record(&app, format!("{}, {size}", single_line(&file.to_string_lossy())))?;
    if args.quiet {
        return Ok(());
    }
    output::escaped_line(&format!("backed up {} to {}, {size}", app.config.database_url, file.display()))
}

fn record(app: &App, what: String) -> Result<(), CliError> {
    block_on(async { Ok(accounts::record_backup(app, what, &Actor::command_line()).await?) }).map_err(
        |error| error.with_hint("the backup is complete, but it could not be recorded in the audit log"),
    )
}

/// Makes the file and returns its size in bytes. It gets its name when it is complete, compared with the
/// source, and on the disk.
fn make(app: &App, file: &Path, is_quiet: bool) -> Result<u64, CliError> {
    if fs::symlink_metadata(file).is_ok() {
        return Err(CliError::failed(
            format!("{} exists already", file.display()),
            "choose another name: a backup overwrites nothing",
        ));
    }
    let part = partial(file);
    create(&part)?;
    fill(app, &part, is_quiet).inspect_err(|_| {
        // Half a backup is of no use, and the first error tells more than one about this file.
        let _ = fs::remove_file(&part);
    })?;
    finish(&part, file).map_err(|error| unwritable(file, &error))
}

fn partial(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// Fails if the file exists: two backups at once would write into the same file.
fn create(part: &Path) -> Result<(), CliError> {
    match create_new_private(part) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(CliError::failed(
            format!("{} exists: another backup is running, or was interrupted", part.display()),
            "remove it if no backup is running",
        )),
        Err(error) => Err(unwritable(part, &error)),
    }
}

fn fill(app: &App, part: &Path, is_quiet: bool) -> Result<(), CliError> {
    let mut bar = ProgressBar::on_terminal(is_quiet);
    let target = DatabaseUrl::Sqlite(part.to_owned());
    let settings = store_settings(&app.config);
    let copied = copy::run(&app.config.database_url, &target, settings, &mut |progress| {
        report_progress(&mut bar, progress)
    });
    drop(bar);
    match copied {
        Ok(_) => Ok(()),
        Err(error @ CopyError::Value { .. }) => Err(CliError::failed(
            error.to_string(),
            "no backup was made; correct the value in the database, and try again",
        )),
        Err(error) => Err(CliError::failed(error.to_string(), "no backup was made")),
    }
}

fn finish(part: &Path, file: &Path) -> io::Result<u64> {
    let complete = File::open(part)?;
    complete.sync_all()?;
    fs::rename(part, file)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(complete.metadata()?.len())
}

fn unwritable(path: &Path, error: &io::Error) -> CliError {
    CliError::failed(
        format!("cannot write {}: {error}", path.display()),
        "the folder must exist, be writable by this user, and have enough space",
    )
}
