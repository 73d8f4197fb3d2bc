//! How users look on a terminal and in JSON. The password's hash is in neither.

use std::io::Write as _;

use serde_json::{Value, json};

use crate::types::User;

/// One line on standard output. A reader that went away, such as `head`, is no error.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

/// A user as JSON.
pub fn json_of(user: &User) -> Value {
    json!({
        "id": user.id,
        "username": user.username,
        "email": user.email,
        "is_email_confirmed": user.is_email_confirmed,
        "is_active": user.is_active,
        "is_admin": user.is_admin,
        "created_at": user.created_at.to_rfc3339(),
        "updated_at": user.updated_at.to_rfc3339(),
        "last_login_at": user.last_login_at.map(|moment| moment.to_rfc3339()),
    })
}

/// A user on several lines.
pub fn details(user: &User) {
    let moments = [("created", Some(user.created_at)), ("changed", Some(user.updated_at))];
    line(&format!("{} (id {})", user.username, user.id));
    line(&format!("  email      {}", user.email));
    line(&format!("  state      {}", state(user)));
    for (what, moment) in moments.into_iter().chain([("last login", user.last_login_at)]) {
        let moment = moment.map_or_else(|| "never".to_owned(), |moment| moment.to_rfc3339());
        line(&format!("  {what:10} {moment}"));
    }
}

/// The flags in words.
fn state(user: &User) -> String {
    let words = [
        (true, if user.is_active { "active" } else { "inactive" }),
        (true, if user.is_email_confirmed { "confirmed" } else { "unconfirmed" }),
        (user.is_admin, "administrator"),
    ];
    words.into_iter().filter_map(|(said, word)| said.then_some(word)).collect::<Vec<_>>().join(", ")
}

/// A list of users that is printed as it is read: a table, or a JSON array.
pub struct Listing {
    as_json: bool,
    count: usize,
}

impl Listing {
    /// Prints what comes before the first user.
    pub fn begin(as_json: bool) -> Self {
        if as_json {
            let _ = write!(std::io::stdout(), "[");
        } else {
            line(&format!("{:>8}  {:30}  {:40}  {}", "id", "name", "email", "state"));
        }
        Self { as_json, count: 0 }
    }

    /// Prints one user.
    pub fn user(&mut self, user: &User) {
        if self.as_json {
            let comma = if self.count == 0 { "" } else { "," };
            let _ = write!(std::io::stdout(), "{comma}\n  {}", json_of(user));
        } else {
            let (name, email) = (user.username.as_str(), user.email.as_str());
            line(&format!("{:>8}  {name:30}  {email:40}  {}", user.id.get(), state(user)));
        }
        self.count += 1;
    }

    /// Prints what comes after the last user.
    pub fn end(self) {
        if self.as_json {
            line(if self.count == 0 { "]" } else { "\n]" });
        }
    }
}
