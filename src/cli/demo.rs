//! `doorward serve --demo`: a temporary database with users in it, and how to log in.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::error::CliError;
use super::output;
use crate::accounts::create_user;
use crate::accounts::{Actor, NewAccount, Rules};
use crate::app::App;
use crate::types::{Email, Password, Username};

/// The users of the demo: name, and whether they are administrators.
const USERS: [(&str, bool); 3] = [("admin", true), ("alice", false), ("bob", false)];

/// The folder of the demo, which is removed when the demo ends.
pub(super) struct Demo {
    folder: PathBuf,
}

impl Demo {
    /// Creates the folder.
    pub(super) fn new() -> Result<Self, CliError> {
        let folder = std::env::temp_dir().join(format!("doorward-demo-{:016x}", rand::random::<u64>()));
        std::fs::create_dir(&folder).map_err(|error| {
            CliError::failed(
                format!("cannot create {}: {error}", folder.display()),
                "set TMPDIR to a folder that you can write to",
            )
        })?;
        Ok(Self { folder })
    }

    /// The URL of the database.
    pub(super) fn database_url(&self) -> String {
        format!("sqlite:{}", self.folder.join("demo.db").display())
    }

    /// Adds the users and prints how to log in.
    pub(super) async fn add_users(&self, app: &App) -> Result<(), CliError> {
        let mut passwords = Vec::new();
        for (name, is_admin) in USERS {
            let password = random_password();
            add(app, name, &password, is_admin).await?;
            passwords.push((name, password));
        }
        print(app.config.public_url.origin(), &passwords)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // A temporary folder that stays is not worth an error message.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn add(app: &App, name: &str, password: &str, is_admin: bool) -> Result<(), CliError> {
    let invalid = |what: &str| CliError::failed(format!("the demo's {what} `{name}` is not valid"), "");
    let account = NewAccount {
        username: Username::parse(name).map_err(|_| invalid("name"))?,
        email: Email::parse(&format!("{name}@example.com")).map_err(|_| invalid("email"))?,
        password: Password::new(password.to_owned()),
        is_email_confirmed: is_admin,
        is_active: true,
        is_admin,
    };
    create_user(app, account, Rules::Enforced, &Actor::command_line()).await?;
    Ok(())
}

/// A password with 99 random bits, in groups that can be typed, without characters that look alike.
fn random_password() -> Zeroizing<String> {
    const ALPHABET: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let character = || char::from(ALPHABET[rand::random_range(0..ALPHABET.len())]);
    let groups: Vec<String> = (0..4).map(|_| (0..5).map(|_| character()).collect()).collect();
    Zeroizing::new(groups.join("-"))
}

fn print(origin: &str, users: &[(&str, Zeroizing<String>)]) -> Result<(), CliError> {
    output::line("doorward demo. All data is deleted when it stops.\n")?;
    for (name, password) in users {
        let email = format!("{name}@example.com");
        output::line(&format!("  {name:6} {email:18} password {}", password.as_str()))?;
    }
    if let Some((name, password)) = users.iter().find(|(name, _)| *name == "alice") {
        let password = password.as_str();
        output::line("\nLog in:")?;
        output::line(&format!("  curl -i -d username={name} -d password={password} {origin}/api/login/"))?;
    }
    output::line(&format!("\nAdmin:\n  {origin}/admin/\n"))
}
