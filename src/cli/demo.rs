//! `doorward serve --demo`: a throw-away database with people in it, and what to type next.

use std::path::PathBuf;

use zeroize::Zeroizing;

use super::error::CliError;
use super::output;
use crate::accounts::create_user;
use crate::accounts::{Actor, NewAccount, Rules};
use crate::app::App;
use crate::types::{Email, Password, Username};

/// Who lives in the demo: name, and whether an administrator.
const PEOPLE: [(&str, bool); 3] = [("admin", true), ("alice", false), ("bob", false)];

/// A folder that is gone when the demo ends.
pub(crate) struct Demo {
    folder: PathBuf,
}

impl Demo {
    /// Makes the folder.
    pub(crate) fn new() -> Result<Self, CliError> {
        let folder = std::env::temp_dir().join(format!("doorward-demo-{:016x}", rand::random::<u64>()));
        std::fs::create_dir(&folder).map_err(|error| {
            CliError::failed(
                format!("cannot make {}: {error}", folder.display()),
                "set TMPDIR to a folder you can write",
            )
        })?;
        Ok(Self { folder })
    }

    /// The database's URL.
    pub(crate) fn database_url(&self) -> String {
        format!("sqlite:{}", self.folder.join("demo.db").display())
    }

    /// Makes the people and prints how to log in.
    pub(crate) async fn furnish(&self, app: &App) -> Result<(), CliError> {
        let mut passwords = Vec::new();
        for (name, is_admin) in PEOPLE {
            let password = random_password();
            add(app, name, &password, is_admin).await?;
            passwords.push((name, password));
        }
        print(app.config.public_url.origin(), &passwords)
    }
}

impl Drop for Demo {
    fn drop(&mut self) {
        // Nothing in it is worth an error message.
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

async fn add(app: &App, name: &str, password: &str, is_admin: bool) -> Result<(), CliError> {
    let broken = |what: &str| CliError::failed(format!("the demo's {what} `{name}` is not valid"), "");
    let account = NewAccount {
        username: Username::parse(name).map_err(|_| broken("name"))?,
        email: Email::parse(&format!("{name}@example.com")).map_err(|_| broken("email"))?,
        password: Password::new(password.to_owned()),
        is_email_confirmed: is_admin,
        is_active: true,
        is_admin,
    };
    create_user(app, account, Rules::Enforced, &Actor::command_line()).await?;
    Ok(())
}

/// 95 random bits without look-alikes, in groups that can be typed.
fn random_password() -> Zeroizing<String> {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyz23456789";
    let letter = || char::from(LETTERS[rand::random_range(0..LETTERS.len())]);
    let groups: Vec<String> = (0..4).map(|_| (0..5).map(|_| letter()).collect()).collect();
    Zeroizing::new(groups.join("-"))
}

fn print(origin: &str, people: &[(&str, Zeroizing<String>)]) -> Result<(), CliError> {
    output::line("doorward demo. Everything in it is thrown away when it stops.\n")?;
    for (name, password) in people {
        let email = format!("{name}@example.com");
        output::line(&format!("  {name:6} {email:18} password {}", password.as_str()))?;
    }
    if let Some((name, password)) = people.iter().find(|(name, _)| *name == "alice") {
        let password = password.as_str();
        output::line("\nLog in:")?;
        output::line(&format!("  curl -i -d username={name} -d password={password} {origin}/api/login/"))?;
    }
    output::line(&format!("\nAdmin:\n  {origin}/admin/\n"))
}
