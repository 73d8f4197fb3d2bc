//! Users as text and as JSON. Neither has the password hash.

use serde_json::{Value, json};

use crate::cli::error::CliError;
use crate::cli::output;
use crate::types::User;

/// A user as JSON.
pub(super) fn json_of(user: &User) -> Value {
    json!({
        "id": user.public_id(),
        "username": user.username,
        "email": user.email,
        "is_email_confirmed": user.is_email_confirmed,
        "is_active": user.is_active,
        "is_admin": user.is_admin,
        "deletion_due_at": user.deletion_due_at.map(|moment| moment.to_rfc3339()),
        "created_at": user.created_at.to_rfc3339(),
        "updated_at": user.updated_at.to_rfc3339(),
        "last_login_at": user.last_login_at.map(|moment| moment.to_rfc3339()),
    })
}

/// A user on several lines.
pub(super) fn details(user: &User) -> Result<(), CliError> {
    output::escaped_line(&format!("{} (id {})", user.username, user.public_id()))?;
    output::escaped_line(&format!("  email      {}", user.email))?;
    output::line(&format!("  state      {}", state(user)))?;
    if let Some(due) = user.deletion_due_at {
        output::line(&format!("  {:10} {}", "deletion", due.to_rfc3339()))?;
    }
    let moments = [
        ("created", Some(user.created_at)),
        ("changed", Some(user.updated_at)),
        ("last login", user.last_login_at),
    ];
    for (what, moment) in moments {
        let moment = moment.map_or_else(|| "never".to_owned(), |moment| moment.to_rfc3339());
        output::line(&format!("  {what:10} {moment}"))?;
    }
    Ok(())
}

/// The state as words.
fn state(user: &User) -> String {
    let words = [
        (true, if user.is_active { "active" } else { "inactive" }),
        (user.is_to_be_deleted(), "to be deleted"),
        (true, if user.is_email_confirmed { "confirmed" } else { "unconfirmed" }),
        (user.is_admin, "administrator"),
    ];
    words.into_iter().filter_map(|(applies, word)| applies.then_some(word)).collect::<Vec<_>>().join(", ")
}

/// A list of users that is printed as it is read: a table, or a JSON array.
pub(super) struct UserListing {
    as_json: bool,
    count: usize,
}

impl UserListing {
    /// Prints the head of the list.
    pub(super) fn begin(as_json: bool) -> Result<Self, CliError> {
        if as_json {
            output::part("[")?;
        } else {
            output::line(&format!("{:>8}  {:30}  {:40}  {}", "id", "username", "email", "state"))?;
        }
        Ok(Self { as_json, count: 0 })
    }

    /// Prints one user.
    pub(super) fn user(&mut self, user: &User) -> Result<(), CliError> {
        if self.as_json {
            let comma = if self.count == 0 { "" } else { "," };
            output::part(&format!("{comma}\n  {}", json_of(user)))?;
        } else {
            let (name, email) = (user.username.as_str(), user.email.as_str());
            output::escaped_line(&format!(
                "{:>8}  {name:30}  {email:40}  {}",
                user.public_id().to_string(),
                state(user)
            ))?;
        }
        self.count += 1;
        Ok(())
    }

    /// Prints the end of the list.
    pub(super) fn end(self) -> Result<(), CliError> {
        match (self.as_json, self.count) {
            (true, 0) => output::line("]"),
            (true, _) => output::line("\n]"),
            (false, _) => Ok(()),
        }
    }
}
