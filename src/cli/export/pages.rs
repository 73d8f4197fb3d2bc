//! All users, a page at a time, for an export that is recorded.

use super::super::error::CliError;
use crate::accounts::{Actor, record_export};
use crate::app::App;
use crate::store::tables::users;
use crate::store::tables::users::ImportedUser;
use crate::types::UserId;

/// How many users are read at a time.
const PAGE: i64 = 500;

/// Records the export before anything is printed: one that was read in part was read.
pub(super) async fn record(app: &App, what: &str) -> Result<(), CliError> {
    Ok(record_export(app, what.to_owned(), &Actor::command_line()).await?)
}

/// Passes all users to `print`, a page at a time, by rising number.
pub(super) async fn each_page(
    app: &App,
    mut print: impl AsyncFnMut(Vec<(UserId, ImportedUser)>) -> Result<(), CliError>,
) -> Result<(), CliError> {
    let mut after = UserId::new(0);
    loop {
        let page = app.store.read_aside(move |conn| users::imported(conn, after, PAGE)).await?;
        let Some((last, _)) = page.last() else { return Ok(()) };
        after = *last;
        print(page).await?;
    }
}
