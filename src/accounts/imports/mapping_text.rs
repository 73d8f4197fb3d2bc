//! A mapping as TOML, with the reasons as comments.

use std::fmt::Write as _;

use crate::accounts::imports::mapping::{ConfirmedBy, EmailMapping, GroupMapping, KeyKind, Mapping};

/// How long a line of a comment is at most, in bytes.
const WIDTH: usize = 100;

/// Why a key of the mapping has its value: the key with its section, and the reason.
pub(crate) type Reasons = Vec<(&'static str, String)>;

/// The mapping as TOML.
pub(crate) fn to_toml(mapping: &Mapping, reasons: &Reasons) -> String {
    let mut text = String::new();
    let users = &mapping.users;
    let mut section = Writer { text: &mut text, reasons, section: "users" };
    section.begin();
    section.text("table", &users.table);
    section.text("id", &users.id);
    section.text(
        "id_kind",
        match users.id_kind {
            KeyKind::Integer => "integer",
            KeyKind::Uuid => "uuid",
            KeyKind::Text => "text",
        },
    );
    section.text("username", &users.username);
    section.optional("email", users.email.as_ref());
    section.optional("password", users.password.as_ref());
    section.optional("active", users.active.as_ref());
    section.optional("admin", users.admin.as_ref());
    section.optional("joined", users.joined.as_ref());
    section.optional("last_login", users.last_login.as_ref());
    match &users.confirmed {
        ConfirmedBy::All => section.text("confirmed", "all"),
        ConfirmedBy::None => section.text("confirmed", "none"),
        ConfirmedBy::Emails => section.text("confirmed", "emails"),
        ConfirmedBy::Column(name) => section.text("confirmed", &format!("column:{name}")),
    }
    section.list("attributes", &users.attributes);
    if let Some(groups) = &mapping.groups {
        let mut section = Writer { text: &mut text, reasons, section: "groups" };
        section.begin();
        match groups {
            GroupMapping::Column(column) => section.text("column", column),
            GroupMapping::Tables { members, user, group, groups, id, name } => {
                let pairs = [
                    ("members", members),
                    ("user", user),
                    ("group", group),
                    ("groups", groups),
                    ("id", id),
                    ("name", name),
                ];
                pairs.into_iter().for_each(|(key, value)| section.text(key, value));
            }
        }
    }
    if let Some(emails) = &mapping.emails {
        let mut section = Writer { text: &mut text, reasons, section: "emails" };
        section.begin();
        write_emails(&mut section, emails);
    }
    if let Some(tokens) = &mapping.tokens {
        let mut section = Writer { text: &mut text, reasons, section: "tokens" };
        section.begin();
        section.text("outstanding", &tokens.outstanding);
        section.optional("blacklisted", tokens.blacklisted.as_ref());
    }
    text
}

fn write_emails(section: &mut Writer<'_>, emails: &EmailMapping) {
    match emails {
        EmailMapping::Column(column) => section.text("column", column),
        EmailMapping::Table { table, user, email, verified, primary } => {
            let pairs = [
                ("table", table),
                ("user", user),
                ("email", email),
                ("verified", verified),
                ("primary", primary),
            ];
            pairs.into_iter().for_each(|(key, value)| section.text(key, value));
        }
    }
}

struct Writer<'a> {
    text: &'a mut String,
    reasons: &'a Reasons,
    section: &'static str,
}

impl Writer<'_> {
    fn begin(&mut self) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        self.reason(None);
        self.line(&format!("[{}]", self.section));
    }

    /// Writes the reasons of a key, or of the section itself.
    fn reason(&mut self, key: Option<&str>) {
        let whole = key.map_or_else(|| self.section.to_owned(), |key| format!("{}.{key}", self.section));
        let reasons = self.reasons;
        for (_, reason) in reasons.iter().filter(|(place, _)| *place == whole) {
            let mut line = String::from("#");
            for word in reason.split_whitespace() {
                if line.len() + word.len() >= WIDTH {
                    self.line(&std::mem::replace(&mut line, String::from("#")));
                }
                line.push(' ');
                line.push_str(word);
            }
            self.line(&line);
        }
    }

    fn text(&mut self, key: &str, value: &str) {
        self.reason(Some(key));
        self.line(&format!("{key} = {}", quoted(value)));
    }

    fn optional(&mut self, key: &str, value: Option<&String>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    fn list(&mut self, key: &str, values: &[String]) {
        self.reason(Some(key));
        let values: Vec<String> = values.iter().map(|value| quoted(value)).collect();
        self.line(&format!("{key} = [{}]", values.join(", ")));
    }

    fn line(&mut self, line: &str) {
        // A line break in a name would end the comment.
        let line: String = line.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        // Writing to a text cannot fail.
        let _ = writeln!(self.text, "{line}");
    }
}

/// A basic string of TOML (TOML 1.0.0, "String").
fn quoted(value: &str) -> String {
    let mut text = String::from("\"");
    for c in value.chars() {
        match c {
            '"' | '\\' => {
                text.push('\\');
                text.push(c);
            }
            c if c.is_control() => {
                let _ = write!(text, "\\u{:04X}", u32::from(c));
            }
            c => text.push(c),
        }
    }
    text.push('"');
    text
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::accounts::imports::mapping::{TokenMapping, UserMapping};

    fn mapping(name: &str) -> Mapping {
        let name = || name.to_owned();
        Mapping {
            users: UserMapping {
                table: name(),
                id: name(),
                id_kind: KeyKind::Uuid,
                username: name(),
                email: Some(name()),
                password: None,
                active: Some(name()),
                admin: None,
                joined: Some(name()),
                last_login: None,
                confirmed: ConfirmedBy::Column(name()),
                attributes: vec![name(), name()],
            },
            groups: Some(GroupMapping::Column(name())),
            emails: Some(EmailMapping::Table {
                table: name(),
                user: name(),
                email: name(),
                verified: name(),
                primary: name(),
            }),
            tokens: Some(TokenMapping { outstanding: name(), blacklisted: None }),
        }
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_as_it_was(name in "\\PC{1,20}|[a-z\"\\\\\n\t'#=\\[\\]]{1,20}", reason: String) {
            let before = mapping(&name);
            let text = to_toml(&before, &vec![("users.id", reason)]);
            prop_assert_eq!(Mapping::parse(&text).unwrap(), before, "{}", text);
        }
    }

    #[test]
    fn a_reason_stands_above_its_key() {
        let reasons = vec![("users.id_kind", "keys are UUIDs".to_owned())];
        let text = to_toml(&mapping("x"), &reasons);
        assert!(text.contains("# keys are UUIDs\nid_kind = \"uuid\"\n"), "{text}");
    }
}
