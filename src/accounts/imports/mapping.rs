//! Which tables and columns of the source are what: read from TOML, and checked against the source.

use toml::{Table, Value};

use crate::accounts::imports::error::{MappingError, nearest};
use crate::accounts::imports::origin_rows::SourceView;

/// What a key of a user is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum KeyKind {
    /// A number, which stays the id here.
    Integer,
    /// A UUID, in any spelling.
    Uuid,
    /// Any other text.
    Text,
}

/// What tells whether an address is confirmed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum ConfirmedBy {
    /// Every address is.
    All,
    /// None is.
    None,
    /// A column of users.
    Column(String),
    /// The table of addresses, as allauth has it.
    Emails,
}

/// The columns of users. What is `None` is not in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct UserMapping {
    pub table: String,
    pub id: String,
    pub id_kind: KeyKind,
    pub username: String,
    pub email: Option<String>,
    pub password: Option<String>,
    pub active: Option<String>,
    pub admin: Option<String>,
    pub joined: Option<String>,
    pub last_login: Option<String>,
    pub confirmed: ConfirmedBy,
    pub attributes: Vec<String>,
}

/// Where the groups of a user are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum GroupMapping {
    /// In a column of users: names, or keys of the table of groups in the same file.
    Column(String),
    /// In a table of members.
    Tables { members: String, user: String, group: String, groups: String, id: String, name: String },
}

/// Where the addresses of a user are, besides the one in users.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum EmailMapping {
    /// In a column of users: objects with `email`, `verified` and `primary`.
    Column(String),
    /// In a table.
    Table { table: String, user: String, email: String, verified: String, primary: String },
}

/// Where the refresh tokens are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TokenMapping {
    pub outstanding: String,
    pub blacklisted: Option<String>,
}

/// The whole mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mapping {
    pub users: UserMapping,
    pub groups: Option<GroupMapping>,
    pub emails: Option<EmailMapping>,
    pub tokens: Option<TokenMapping>,
}

const SECTIONS: &[(&str, &[&str])] = &[
    (
        "users",
        &[
            "table",
            "id",
            "id_kind",
            "username",
            "email",
            "password",
            "active",
            "admin",
            "joined",
            "last_login",
            "confirmed",
            "attributes",
        ],
    ),
    ("groups", &["column", "members", "user", "group", "groups", "id", "name"]),
    ("emails", &["column", "table", "user", "email", "verified", "primary"]),
    ("tokens", &["outstanding", "blacklisted"]),
];

impl Mapping {
    /// Reads a mapping.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub(crate) fn parse(text: &str) -> Result<Self, MappingError> {
        let document: Table = text
            .parse()
            .map_err(|error: toml::de::Error| MappingError::Syntax(error.message().to_owned()))?;
        refuse_unknown(&document)?;
        let section = |name: &'static str| section(&document, name);
        let users = section("users")?.ok_or(MappingError::Missing("users"))?;
        Ok(Self {
            users: users_of(&users)?,
            groups: section("groups")?.map(|groups| groups_of(&groups)).transpose()?,
            emails: section("emails")?.map(|emails| emails_of(&emails)).transpose()?,
            tokens: section("tokens")?.map(|tokens| tokens_of(&tokens)).transpose()?,
        })
    }

    /// Checks that the source has what the mapping names.
    ///
    /// # Errors
    /// The first table or column that it lacks, with the nearest name.
    pub(crate) fn check(&self, view: &SourceView) -> Result<(), MappingError> {
        let mut named = vec![("users.id", &self.users.id), ("users.username", &self.users.username)];
        let users = &self.users;
        let optional = [
            ("users.email", &users.email),
            ("users.password", &users.password),
            ("users.active", &users.active),
            ("users.admin", &users.admin),
            ("users.joined", &users.joined),
            ("users.last_login", &users.last_login),
        ];
        named.extend(optional.into_iter().filter_map(|(key, name)| Some((key, name.as_ref()?))));
        named.extend(users.attributes.iter().map(|name| ("users.attributes", name)));
        match &users.confirmed {
            ConfirmedBy::Column(name) => named.push(("users.confirmed", name)),
            ConfirmedBy::Emails if self.emails.is_none() => return Err(MappingError::Missing("emails")),
            ConfirmedBy::Emails | ConfirmedBy::All | ConfirmedBy::None => {}
        }
        if let Some(GroupMapping::Column(name)) = &self.groups {
            named.push(("groups.column", name));
        }
        if let Some(EmailMapping::Column(name)) = &self.emails {
            named.push(("emails.column", name));
        }
        columns(view, ("users.table", &users.table), &named)?;
        if let Some(GroupMapping::Tables { members, user, group, groups, id, name }) = &self.groups {
            columns(view, ("groups.members", members), &[("groups.user", user), ("groups.group", group)])?;
            columns(view, ("groups.groups", groups), &[("groups.id", id), ("groups.name", name)])?;
        }
        if let Some(EmailMapping::Table { table, user, email, verified, primary }) = &self.emails {
            let named = [
                ("emails.user", user),
                ("emails.email", email),
                ("emails.verified", verified),
                ("emails.primary", primary),
            ];
            columns(view, ("emails.table", table), &named)?;
        }
        if let Some(tokens) = &self.tokens {
            columns(view, ("tokens.outstanding", &tokens.outstanding), &[])?;
            if let Some(blacklisted) = &tokens.blacklisted {
                columns(view, ("tokens.blacklisted", blacklisted), &[])?;
            }
        }
        Ok(())
    }
}

/// Refuses a table, or columns of it, that the source does not have.
fn columns(
    view: &SourceView,
    (table_key, table): (&str, &str),
    named: &[(&str, &String)],
) -> Result<(), MappingError> {
    let Some(found_table) = view.table(table) else {
        return Err(MappingError::NoTable {
            key: table_key.to_owned(),
            name: table.to_owned(),
            near: nearest(table, view.tables.iter().map(|table| table.name.as_str())),
        });
    };
    match named.iter().find(|(_, name)| !found_table.has(name)) {
        None => Ok(()),
        Some((key, name)) => Err(MappingError::NoColumn {
            key: (*key).to_owned(),
            name: (*name).clone(),
            table: table.to_owned(),
            near: nearest(name, found_table.columns.iter().map(|column| column.name.as_str())),
        }),
    }
}

fn refuse_unknown(document: &Table) -> Result<(), MappingError> {
    for (name, value) in document {
        let Some((_, keys)) = SECTIONS.iter().find(|(section, _)| section == name) else {
            let near = nearest(name, SECTIONS.iter().map(|(section, _)| *section));
            return Err(MappingError::UnknownKey { key: name.clone(), near });
        };
        let unknown = value.as_table().and_then(|table| {
            let mut names = table.keys();
            names.find(|key| !keys.contains(&key.as_str())).cloned()
        });
        if let Some(key) = unknown {
            let near = nearest(&key, keys.iter().copied()).map(|near| format!("{name}.{near}"));
            return Err(MappingError::UnknownKey { key: format!("{name}.{key}"), near });
        }
    }
    Ok(())
}

/// A section of the document, with its name for errors.
struct Section<'a> {
    name: &'static str,
    table: &'a Table,
}

fn section<'a>(document: &'a Table, name: &'static str) -> Result<Option<Section<'a>>, MappingError> {
    match document.get(name) {
        None => Ok(None),
        Some(Value::Table(table)) => Ok(Some(Section { name, table })),
        Some(_) => Err(MappingError::Value { key: name.to_owned(), expected: "a section" }),
    }
}

impl Section<'_> {
    fn value_error(&self, key: &str, expected: &'static str) -> MappingError {
        MappingError::Value { key: format!("{}.{key}", self.name), expected }
    }

    /// A text; `None` if it is missing or empty.
    fn optional(&self, key: &str) -> Result<Option<String>, MappingError> {
        match self.table.get(key) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text.clone()).filter(|text| !text.is_empty())),
            Some(_) => Err(self.value_error(key, "the name of a column or table, in quotes")),
        }
    }

    fn required(&self, key: &'static str, whole: &'static str) -> Result<String, MappingError> {
        self.optional(key)?.ok_or(MappingError::Missing(whole))
    }
}

fn users_of(users: &Section<'_>) -> Result<UserMapping, MappingError> {
    let id_kind = match users.optional("id_kind")?.as_deref() {
        None | Some("integer") => KeyKind::Integer,
        Some("uuid") => KeyKind::Uuid,
        Some("text") => KeyKind::Text,
        Some(_) => return Err(users.value_error("id_kind", "integer, uuid or text")),
    };
    let confirmed = match users.optional("confirmed")?.as_deref() {
        Some("all") => ConfirmedBy::All,
        None | Some("none") => ConfirmedBy::None,
        Some("emails") => ConfirmedBy::Emails,
        Some(other) => match other.strip_prefix("column:") {
            Some(column) if !column.is_empty() => ConfirmedBy::Column(column.to_owned()),
            _ => return Err(users.value_error("confirmed", "all, none, emails or column:NAME")),
        },
    };
    let attributes = match users.table.get("attributes") {
        None => Vec::new(),
        Some(Value::Array(names)) => {
            let names = names.iter().map(|name| name.as_str().map(str::to_owned));
            let names: Option<Vec<String>> = names.collect();
            names.ok_or_else(|| users.value_error("attributes", "a list of columns"))?
        }
        Some(_) => return Err(users.value_error("attributes", "a list of columns")),
    };
    Ok(UserMapping {
        table: users.required("table", "users.table")?,
        id: users.required("id", "users.id")?,
        id_kind,
        username: users.required("username", "users.username")?,
        email: users.optional("email")?,
        password: users.optional("password")?,
        active: users.optional("active")?,
        admin: users.optional("admin")?,
        joined: users.optional("joined")?,
        last_login: users.optional("last_login")?,
        confirmed,
        attributes,
    })
}

fn groups_of(groups: &Section<'_>) -> Result<GroupMapping, MappingError> {
    if let Some(column) = groups.optional("column")? {
        return Ok(GroupMapping::Column(column));
    }
    Ok(GroupMapping::Tables {
        members: groups.required("members", "groups.members")?,
        user: groups.required("user", "groups.user")?,
        group: groups.required("group", "groups.group")?,
        groups: groups.required("groups", "groups.groups")?,
        id: groups.required("id", "groups.id")?,
        name: groups.required("name", "groups.name")?,
    })
}

fn emails_of(emails: &Section<'_>) -> Result<EmailMapping, MappingError> {
    if let Some(column) = emails.optional("column")? {
        return Ok(EmailMapping::Column(column));
    }
    Ok(EmailMapping::Table {
        table: emails.required("table", "emails.table")?,
        user: emails.required("user", "emails.user")?,
        email: emails.required("email", "emails.email")?,
        verified: emails.required("verified", "emails.verified")?,
        primary: emails.required("primary", "emails.primary")?,
    })
}

fn tokens_of(tokens: &Section<'_>) -> Result<TokenMapping, MappingError> {
    Ok(TokenMapping {
        outstanding: tokens.required("outstanding", "tokens.outstanding")?,
        blacklisted: tokens.optional("blacklisted")?,
    })
}
