//! `doorward user deleted` and `doorward user forget`: which accounts were deleted, in a file, and their deletion in
//! a restored backup.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Read};
use std::path::Path;

use crate::accounts::{self, Actor};
use crate::app::App;
use crate::cli::error::CliError;
use crate::cli::output;
use crate::store::tables::deleted_accounts;
use crate::store::tables::deleted_accounts::DeletedAccount;
use crate::types::PublicId;

/// How many accounts are read at a time.
const PAGE: i64 = 500;

/// Prints the deleted accounts, one JSON object a line.
pub(super) async fn list(app: &App) -> Result<(), CliError> {
    let mut last = None;
    loop {
        let after = last.take();
        let page = app.store.read(move |conn| deleted_accounts::page(conn, after.as_ref(), PAGE)).await?;
        for account in &page {
            output::line(&account.to_json().to_string())?;
        }
        match page.into_iter().next_back() {
            Some(account) => last = Some(account),
            None => return Ok(()),
        }
    }
}

/// Deletes the accounts of the file that exist. Reads all of it first, so that a damaged file changes nothing.
pub(super) async fn forget(app: &App, from: &Path) -> Result<(), CliError> {
    let accounts = read(from)?;
    let outcome = accounts::forget_accounts(app, accounts, &Actor::command_line()).await?;
    output::line(&format!(
        "{} deleted again{}; {} not in this database",
        count(outcome.deleted.len()),
        ids(&outcome.deleted),
        count(outcome.absent)
    ))?;
    if outcome.last_administrators.is_empty() {
        return Ok(());
    }
    Err(CliError::failed(
        format!("the last administrator who can log in was not deleted{}", ids(&outcome.last_administrators)),
        "make another user an administrator first: `doorward user make-admin NAME`",
    ))
}

fn read(from: &Path) -> Result<Vec<DeletedAccount>, CliError> {
    let unreadable =
        |error: io::Error| CliError::failed(format!("cannot read {}: {error}", from.display()), "");
    let file: Box<dyn Read> = match from.as_os_str() == "-" {
        true => Box::new(io::stdin()),
        false => Box::new(File::open(from).map_err(unreadable)?),
    };
    let mut accounts = Vec::new();
    for (number, line) in BufReader::new(file).lines().enumerate() {
        let line = line.map_err(unreadable)?;
        if line.trim().is_empty() {
            continue;
        }
        let account = serde_json::from_str(&line).ok().as_ref().and_then(DeletedAccount::from_json);
        accounts.push(account.ok_or_else(|| {
            CliError::failed(
                format!(
                    "line {} of {} is no deleted account; nothing was deleted",
                    number + 1,
                    from.display()
                ),
                "the file is the output of `doorward user deleted`",
            )
        })?);
    }
    Ok(accounts)
}

fn count(accounts: usize) -> String {
    if accounts == 1 { "1 account".to_owned() } else { format!("{accounts} accounts") }
}

fn ids(users: &[PublicId]) -> String {
    if users.is_empty() {
        return String::new();
    }
    let ids: Vec<String> = users.iter().map(ToString::to_string).collect();
    format!(" (id {})", ids.join(", "))
}
