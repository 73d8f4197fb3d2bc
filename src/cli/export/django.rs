//! `doorward export django`: the way back. What an import read is written into the same columns.

use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};

use super::super::error::CliError;
use super::super::output;
use super::pages::{each_page, record};
use crate::accounts::{ConfirmedBy, DUPLICATE_EMAIL, EMAILS, KeyKind, Mapping, UserMapping, last_mapping};
use crate::app::App;
use crate::store::tables::users::ImportedUser;
use crate::types::PublicId;

/// The arguments of `doorward export django`.
#[derive(Debug, Args)]
pub(super) struct DjangoExportArgs {
    /// What to write
    #[arg(long, value_enum)]
    format: DjangoFormat,
    /// The model of users, as AUTH_USER_MODEL has it [default: that of the last import, else auth.user]
    #[arg(long, value_name = "APP.MODEL")]
    model: Option<String>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum DjangoFormat {
    /// A JSON array for `manage.py loaddata`
    Loaddata,
    /// A line for each user, with a line of column names
    Csv,
    /// JSON lines, as `doorward import django` reads them
    Jsonl,
}

/// Prints all users.
pub(super) async fn run(app: &App, args: &DjangoExportArgs) -> Result<(), CliError> {
    let mapping = last_mapping(app).await?.unwrap_or_else(stock);
    let model = args.model.clone().unwrap_or_else(|| model_of(&mapping.users.table));
    match args.format {
        DjangoFormat::Loaddata => {
            record(app, "all users for loaddata").await?;
            loaddata(app, &mapping, &model.to_lowercase()).await
        }
        DjangoFormat::Csv => {
            record(app, "all users as CSV for Django").await?;
            csv(app, &mapping).await
        }
        DjangoFormat::Jsonl => {
            record(app, "all users as JSON lines for Django").await?;
            json_lines(app, &mapping).await
        }
    }
}

/// The columns of Django's own users.
fn stock() -> Mapping {
    let some = |name: &str| Some(name.to_owned());
    let users = UserMapping {
        table: "auth.user".to_owned(),
        id: "id".to_owned(),
        id_kind: KeyKind::Integer,
        username: "username".to_owned(),
        email: some("email"),
        password: some("password"),
        active: some("is_active"),
        admin: some("is_superuser"),
        joined: some("date_joined"),
        last_login: some("last_login"),
        confirmed: ConfirmedBy::None,
        attributes: Vec::new(),
    };
    Mapping { users, groups: None, emails: None, tokens: None }
}

/// `people_person` and `people.person` are both `people.person`; a file has no model.
fn model_of(table: &str) -> String {
    match table.contains(['.', '_']) {
        true => table.replacen('_', ".", usize::from(!table.contains('.'))),
        false => "auth.user".to_owned(),
    }
}

/// Opens and closes an array, with commas in between.
async fn loaddata(app: &App, mapping: &Mapping, model: &str) -> Result<(), CliError> {
    let mut groups = std::collections::BTreeSet::new();
    let mut separator = "[\n";
    let mut addresses = 0;
    each_page(app, async |page| {
        let mut text = String::new();
        for (_, user) in page {
            let mut objects: Vec<Value> = Vec::new();
            for name in &user.groups {
                if groups.insert(name.clone()) {
                    // Without a key and without permissions: a group of this name that is there keeps its own.
                    objects.push(json!({"model": "auth.group", "fields": {"name": name}}));
                }
            }
            let emails = if mapping.emails.is_some() { emails(&user) } else { Vec::new() };
            let key = key(&user);
            let names: Vec<Value> = user.groups.iter().map(|name| json!([name])).collect();
            let mut fields = columns(user, mapping);
            fields.insert("groups".to_owned(), Value::Array(names));
            objects.push(json!({"model": model, "pk": key, "fields": fields}));
            for email in emails {
                addresses += 1;
                let mut fields = Map::from_iter([("user".to_owned(), key.clone())]);
                fields.extend(email.as_object().cloned().unwrap_or_default());
                objects.push(json!({"model": "account.emailaddress", "pk": addresses, "fields": fields}));
            }
            for object in objects {
                text.push_str(separator);
                text.push_str(&object.to_string());
                separator = ",\n";
            }
        }
        output::part(&text)
    })
    .await?;
    output::line(if separator == "[\n" { "[]" } else { "\n]" })
}

async fn json_lines(app: &App, mapping: &Mapping) -> Result<(), CliError> {
    each_page(app, async |page| {
        let mut text = String::new();
        for (_, user) in page {
            let mut line = Map::from_iter([("doorward".to_owned(), json!("user"))]);
            line.insert(id_column(mapping), key(&user));
            let (groups, emails) = (json!(user.groups), emails(&user));
            line.extend(columns(user, mapping));
            line.insert("groups".to_owned(), groups);
            if mapping.emails.is_some() {
                line.insert("emails".to_owned(), Value::Array(emails));
            }
            text.push_str(&format!("{}\n", Value::Object(line)));
        }
        output::part(&text)
    })
    .await
}

async fn csv(app: &App, mapping: &Mapping) -> Result<(), CliError> {
    let mut names = vec![id_column(mapping)];
    names.extend(column_names(mapping));
    names.extend(mapping.users.attributes.iter().cloned());
    names.push("groups".to_owned());
    output::part(&record_of(&names)?)?;
    each_page(app, async |page| {
        let mut text = String::new();
        for (_, user) in page {
            let (key, groups) = (key(&user), user.groups.join(";"));
            let mut fields = columns(user, mapping);
            fields.insert(id_column(mapping), key);
            fields.insert("groups".to_owned(), groups.into());
            let cell = |name: &String| match fields.get(name) {
                None | Some(Value::Null) => String::new(),
                Some(Value::String(text)) => text.clone(),
                Some(value) => value.to_string(),
            };
            text.push_str(&record_of(&names.iter().map(cell).collect::<Vec<_>>())?);
        }
        output::part(&text)
    })
    .await
}

/// A line of CSV (RFC 4180).
fn record_of(cells: &[String]) -> Result<String, CliError> {
    let failed = |error: String| CliError::failed(format!("cannot write CSV: {error}"), "");
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(cells).map_err(|error| failed(error.to_string()))?;
    let bytes = writer.into_inner().map_err(|error| failed(error.to_string()))?;
    String::from_utf8(bytes).map_err(|error| failed(error.to_string()))
}

/// The name of the key outside of a dump, where it is called `pk`.
fn id_column(mapping: &Mapping) -> String {
    match mapping.users.id.as_str() {
        "pk" => "id".to_owned(),
        name => name.to_owned(),
    }
}

fn key(user: &ImportedUser) -> Value {
    match &user.id {
        PublicId::Integer(id) => json!(id),
        PublicId::Text(text) => json!(text),
    }
}

/// The columns that every user has, but the key.
fn column_names(mapping: &Mapping) -> Vec<String> {
    let users = &mapping.users;
    let mut names = vec![users.username.clone()];
    let optional =
        [&users.email, &users.password, &users.active, &users.admin, &users.joined, &users.last_login];
    names.extend(optional.into_iter().flatten().cloned());
    match &users.confirmed {
        ConfirmedBy::Column(name) => names.push(name.clone()),
        ConfirmedBy::All | ConfirmedBy::None | ConfirmedBy::Emails => {}
    }
    let mut once = Vec::new();
    names.retain(|name| {
        !once.contains(name) && {
            once.push(name.clone());
            true
        }
    });
    names
}

/// The columns of a user but the key: what the mapping names, and the attributes.
fn columns(user: ImportedUser, mapping: &Mapping) -> Map<String, Value> {
    let users = &mapping.users;
    let mut fields = Map::new();
    let mut set = |name: &Option<String>, value: Value| {
        if let Some(name) = name {
            fields.insert(name.clone(), value);
        }
    };
    let own = user.email.as_str();
    // An address that another user had at the import.
    let email = match user.attributes.as_map().get(DUPLICATE_EMAIL) {
        Some(email) if own.is_empty() => email.clone(),
        _ => own.into(),
    };
    set(&users.email, email);
    set(&Some(users.username.clone()), user.username.as_str().into());
    set(&users.password, user.password_hash.as_stored().into());
    set(&users.active, user.is_active.into());
    set(&users.admin, user.is_admin.into());
    set(&users.joined, user.created_at.to_rfc3339_micros().into());
    set(&users.last_login, user.last_login_at.map(|at| at.to_rfc3339_micros()).into());
    if let ConfirmedBy::Column(name) = &users.confirmed {
        set(&Some(name.clone()), user.is_email_confirmed.into());
    }
    if users.admin.as_deref() == Some("is_superuser") {
        // A new administrator of doorward has no attributes.
        let is_staff = user.attributes.as_map().get("is_staff").cloned();
        set(&Some("is_staff".to_owned()), is_staff.unwrap_or_else(|| user.is_admin.into()));
    }
    for (name, value) in user.attributes.as_map() {
        if name != EMAILS && name != DUPLICATE_EMAIL && !fields.contains_key(name) {
            fields.insert(name.clone(), value.clone());
        }
    }
    fields
}

/// The addresses of a user as allauth has them: the own one is the primary one.
fn emails(user: &ImportedUser) -> Vec<Value> {
    let own = user.email.as_str();
    let own = (!own.is_empty())
        .then(|| json!({"email": own, "verified": user.is_email_confirmed, "primary": true}));
    let others = user.attributes.as_map().get(EMAILS).and_then(Value::as_array).cloned().unwrap_or_default();
    let others = others.into_iter().map(|mut other| {
        if own.is_some() {
            other["primary"] = false.into();
        }
        other
    });
    own.iter().cloned().chain(others.collect::<Vec<_>>()).collect()
}

#[cfg(test)]
mod tests {
    use super::model_of;

    #[test]
    fn the_model_is_that_of_the_table() {
        assert_eq!(model_of("auth_user"), "auth.user");
        assert_eq!(model_of("people.person"), "people.person");
        assert_eq!(model_of("my_site_person"), "my.site_person");
        assert_eq!(model_of("users"), "auth.user");
    }
}
