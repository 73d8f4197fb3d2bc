//! `doorward group …`: groups, and which users are in them.

use clap::Subcommand;
use serde_json::json;

use super::error::CliError;
use super::global_args::GlobalArgs;
use super::output;
use super::runtime::block_on;
use super::user::UserSelector;
use crate::accounts::{self, Actor, GroupChange};
use crate::app::App;
use crate::store::tables::users;
use crate::store::tables::users::groups;
use crate::types::{GroupName, UserId};

/// The commands for groups.
#[derive(Debug, Subcommand)]
pub(super) enum GroupCommand {
    /// List all groups, with the number of their users
    List {
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// List the users of a group
    Users {
        /// The name of the group
        group: String,
        /// Print JSON
        #[arg(long)]
        json: bool,
    },
    /// Add a user to groups; those that do not exist are made
    Add {
        #[command(flatten)]
        user: UserSelector,
        /// The names of the groups
        #[arg(required = true)]
        groups: Vec<String>,
    },
    /// Remove a user from groups
    Remove {
        #[command(flatten)]
        user: UserSelector,
        /// The names of the groups
        #[arg(required = true)]
        groups: Vec<String>,
    },
    /// Delete a group; its users stay
    Delete {
        /// The name of the group
        group: String,
    },
}

/// The most groups that are listed.
const MAX_GROUPS: i64 = 100_000;

/// How many users are read at a time.
const PAGE: i64 = 500;

/// Runs a command.
pub(super) fn run(global: GlobalArgs, command: GroupCommand) -> Result<(), CliError> {
    let app = global.open_existing()?;
    block_on(async {
        match command {
            GroupCommand::List { json } => list(&app, json).await,
            GroupCommand::Users { group, json } => list_users(&app, &group, json).await,
            GroupCommand::Add { user, groups } => change(&app, &user, &groups, true).await,
            GroupCommand::Remove { user, groups } => change(&app, &user, &groups, false).await,
            GroupCommand::Delete { group } => {
                let name = existing(&app, &group).await?;
                accounts::delete_group(&app, name.clone(), &Actor::command_line()).await?;
                output::escaped_line(&format!("the group {name} is deleted"))
            }
        }
    })
}

async fn list(app: &App, as_json: bool) -> Result<(), CliError> {
    let all = app.store.read_aside(|conn| groups::all(conn, MAX_GROUPS)).await?;
    if as_json {
        let all: Vec<_> = all.iter().map(|group| json!({"name": group.name, "users": group.users})).collect();
        return output::line(&format!("{:#}", json!(all)));
    }
    for group in all {
        output::escaped_line(&format!("{:>8}  {}", group.users, group.name))?;
    }
    Ok(())
}

async fn list_users(app: &App, typed: &str, as_json: bool) -> Result<(), CliError> {
    let name = existing(app, typed).await?;
    let (mut after, mut all) = (UserId::new(0), Vec::new());
    loop {
        let group = name.clone();
        let page = app.store.read_aside(move |conn| {
            let ids = groups::users_of(conn, &group, after, PAGE)?;
            let found = ids.iter().filter_map(|id| users::by_id(conn, *id).transpose());
            Ok((ids.last().copied(), found.collect::<Result<Vec<_>, _>>()?))
        });
        let (last, found) = page.await?;
        for user in found {
            match as_json {
                true => all.push(json!({"id": user.public_id(), "username": user.username})),
                false => output::escaped_line(&format!("{} (id {})", user.username, user.public_id()))?,
            }
        }
        let Some(last) = last else { break };
        after = last;
    }
    if as_json { output::line(&format!("{:#}", json!(all))) } else { Ok(()) }
}

/// Adds the user to the groups or removes it from them.
async fn change(app: &App, user: &UserSelector, typed: &[String], adds: bool) -> Result<(), CliError> {
    let user = user.find(app).await?;
    let mut names = Vec::with_capacity(typed.len());
    for one in typed {
        let name = parse(one)?;
        match app.store.read(move |conn| groups::find(conn, &name)).await? {
            Some(known) => names.push(known),
            None if adds => names.push(parse(one)?.as_str().to_owned()),
            None => return Err(unknown(one)),
        }
    }
    let (word, list) = (if adds { "is in" } else { "is not in" }, names.join(", "));
    let change = if adds { GroupChange::Add(names) } else { GroupChange::Remove(names) };
    let is_changed = accounts::change_groups(app, user.id, change, &Actor::command_line()).await?;
    let note = if is_changed { "" } else { "; nothing was changed" };
    output::escaped_line(&format!("{} (id {}) {word} {list}{note}", user.username, user.public_id()))
}

/// The exact name of a group that exists.
async fn existing(app: &App, typed: &str) -> Result<String, CliError> {
    let name = parse(typed)?;
    let found = app.store.read(move |conn| groups::find(conn, &name)).await?;
    found.ok_or_else(|| unknown(typed))
}

fn parse(typed: &str) -> Result<GroupName, CliError> {
    GroupName::parse(typed).ok_or_else(|| {
        CliError::usage(
            format!("`{typed}` cannot be the name of a group"),
            format!("a name has 1 to {} characters, on one line", GroupName::MAX_CHARS),
        )
    })
}

fn unknown(typed: &str) -> CliError {
    CliError::failed(format!("there is no group `{typed}`"), "`doorward group list` lists all groups")
}
