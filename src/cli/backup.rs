//! `doorward backup`: everything into a new file while doorward runs, and a note of it in the audit log,
//! from which the admin's overview tells when the last one was made.

use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use clap::Args;

use super::copy::show;
use super::error::CliError;
use super::progress_bar::ProgressBar;
use super::{GlobalArgs, output, wait_for};
use crate::accounts::{self, Actor};
use crate::app::{App, store_settings};
use crate::store::create_new_private;
use crate::store::engine::copy;
use crate::store::engine::copy::CopyError;
use crate::texts::Lang;
use crate::types::{DatabaseUrl, single_line};

/// What `doorward backup` takes.
#[derive(Debug, Args)]
pub(crate) struct BackupArgs {
    /// The file to make: a SQLite database with everything in it, also of a PostgreSQL
    #[arg(value_name = "FILE", required_unless_present = "elsewhere")]
    file: Option<PathBuf>,
    /// Only note that another program, such as pg_dump, has just made one
    #[arg(long, conflicts_with = "file")]
    elsewhere: bool,
}

/// Makes a backup and notes it, or only notes it.
pub(crate) fn run(settings: GlobalArgs, args: &BackupArgs) -> Result<(), CliError> {
    let app = settings.open_existing()?;
    let Some(file) = &args.file else {
        note(&app, "elsewhere".to_owned())?;
        return output::line("noted that a backup was made just now");
    };
    let bytes = make(&app, file)?;
    let size = Lang::English.bytes(bytes);
    note(&app, format!("{}, {size}", single_line(&file.to_string_lossy())))?;
    output::told(&format!("backed up {} to {}, {size}", app.config.database_url, file.display()))
}

fn note(app: &App, what: String) -> Result<(), CliError> {
    wait_for(async { Ok(accounts::record_backup(app, what, &Actor::command_line()).await?) })
        .map_err(|error| error.hinting("the backup is whole, but the admin's overview does not know of it"))
}

/// The file has its name once everything is in it, has been read again, and is on the disk. Answers its
/// size in bytes.
fn make(app: &App, file: &Path) -> Result<u64, CliError> {
    if fs::symlink_metadata(file).is_ok() {
        return Err(CliError::failed(
            format!("{} is there already", file.display()),
            "name a file that is not: a backup overwrites nothing",
        ));
    }
    let part = in_the_making(file);
    claim(&part)?;
    fill(app, &part).inspect_err(|_| {
        // Nobody is served by half a backup, nor by an error about its end.
        let _ = fs::remove_file(&part);
    })?;
    settle(&part, file).map_err(|error| unwritable(file, &error))
}

fn in_the_making(file: &Path) -> PathBuf {
    let mut name = file.as_os_str().to_owned();
    name.push(".part");
    name.into()
}

/// Two at once would write into each other's.
fn claim(part: &Path) -> Result<(), CliError> {
    match create_new_private(part) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Err(CliError::failed(
            format!("{} is there: another backup is being made, or was broken off", part.display()),
            "remove it if none is being made",
        )),
        Err(error) => Err(unwritable(part, &error)),
    }
}

fn fill(app: &App, part: &Path) -> Result<(), CliError> {
    let mut bar = ProgressBar::new();
    let target = DatabaseUrl::Sqlite(part.to_owned());
    let settings = store_settings(&app.config);
    let copied =
        copy::run(&app.config.database_url, &target, settings, &mut |progress| show(&mut bar, progress));
    drop(bar);
    match copied {
        Ok(_) => Ok(()),
        Err(error @ CopyError::Value { .. }) => Err(CliError::failed(
            error.to_string(),
            "no backup was made; mend that in the database, and try again",
        )),
        Err(error) => Err(CliError::failed(error.to_string(), "no backup was made")),
    }
}

fn settle(part: &Path, file: &Path) -> io::Result<u64> {
    let whole = File::open(part)?;
    whole.sync_all()?;
    fs::rename(part, file)?;
    let folder = file.parent().filter(|folder| !folder.as_os_str().is_empty());
    File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    Ok(whole.metadata()?.len())
}

fn unwritable(path: &Path, error: &io::Error) -> CliError {
    CliError::failed(
        format!("cannot write {}: {error}", path.display()),
        "the folder must exist, be writable by this user, and have room",
    )
}
