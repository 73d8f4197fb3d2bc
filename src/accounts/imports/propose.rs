//! The mapping that fits a source: what Django and its usual packages call things, and the reasons for the user.

use crate::accounts::imports::error::ImportError;
use crate::accounts::imports::mapping::{
    ConfirmedBy, EmailMapping, GroupMapping, KeyKind, Mapping, TokenMapping, UserMapping,
};
use crate::accounts::imports::mapping_text::Reasons;
use crate::accounts::imports::origin_rows::SourceView;
use crate::store::engine::origin::{OriginColumn, OriginTable};

/// Columns that say whether an address is confirmed, the usual names.
const CONFIRMED: &[&str] = &[
    "is_email_confirmed",
    "email_confirmed",
    "is_email_verified",
    "email_verified",
    "is_verified",
    "is_confirmed",
    "verified",
    "confirmed",
];

/// Tables whose content has no place here yet, by Django's names, and what they hold.
const NOT_YET: &[(&str, &str)] = &[
    ("otp_totp_totpdevice", "TOTP devices of django-otp"),
    ("otp_static_staticdevice", "recovery codes of django-otp"),
    ("otp_static_statictoken", "recovery codes of django-otp"),
    ("two_factor_phonedevice", "phones of django-two-factor-auth"),
    ("mfa_authenticator", "TOTP, recovery codes and passkeys of allauth"),
    ("socialaccount_socialaccount", "social logins of allauth"),
    ("authtoken_token", "tokens of rest_framework.authtoken"),
];

/// A mapping, why it is so, and what else there is to know.
pub(crate) struct Proposal {
    /// The mapping.
    pub mapping: Mapping,
    /// The reasons, by key.
    pub reasons: Reasons,
    /// What is in the source and is not imported.
    pub notes: Vec<String>,
}

/// The mapping that fits the source.
///
/// # Errors
/// If nothing in it looks like users.
pub(crate) fn propose(view: &SourceView) -> Result<Proposal, ImportError> {
    let mut reasons = Reasons::new();
    let table = user_table(view, &mut reasons).ok_or(ImportError::NoUsers)?;
    let emails = emails(view, table, &mut reasons);
    let groups = groups(view, table, &mut reasons);
    let tokens = tokens(view, &mut reasons);
    let users = users(view, table, emails.is_some(), &mut reasons).ok_or(ImportError::NoUsers)?;
    Ok(Proposal { mapping: Mapping { users, groups, emails, tokens }, reasons, notes: notes(view) })
}

/// A name as a table of a database and as a model of a dump.
fn is_named(table: &OriginTable, name: &str) -> bool {
    table.name == name || table.name.replacen('.', "_", 1) == name
}

fn named<'a>(view: &'a SourceView, name: &str) -> Option<&'a OriginTable> {
    view.tables.iter().find(|table| is_named(table, name))
}

fn user_table<'a>(view: &'a SourceView, reasons: &mut Reasons) -> Option<&'a OriginTable> {
    let looks_like_users = |table: &&OriginTable| {
        table.has("password") && table.has("last_login") && (table.has("is_active") || table.has("email"))
    };
    let candidates: Vec<&OriginTable> = view.tables.iter().filter(looks_like_users).collect();
    let stock = candidates.iter().copied().find(|table| is_named(table, "auth_user"));
    let largest = candidates.iter().copied().max_by_key(|table| view.rows_of(&table.name));
    let only = || {
        if view.tables.iter().filter(|table| table.name != "tokens").count() == 1 {
            view.tables.first()
        } else {
            None
        }
    };
    let chosen = stock.filter(|table| view.rows_of(&table.name) > 0).or(largest).or_else(only)?;
    let rows = view.rows_of(&chosen.name);
    let why = if is_named(chosen, "auth_user") {
        format!("Django's own table of users, {rows} rows")
    } else if named(view, "django_migrations").is_some() || candidates.contains(&chosen) {
        format!("a custom user model: it has password, last_login and is_active; {rows} rows")
    } else {
        format!("the only table of the file, {rows} rows")
    };
    reasons.push(("users.table", why));
    for other in candidates.iter().filter(|table| table.name != chosen.name) {
        reasons.push((
            "users.table",
            format!("`{}` looks like users as well, {} rows", other.name, view.rows_of(&other.name)),
        ));
    }
    Some(chosen)
}

fn users(
    view: &SourceView,
    table: &OriginTable,
    has_emails: bool,
    reasons: &mut Reasons,
) -> Option<UserMapping> {
    let (id, id_kind) = key(table, reasons)?;
    let some = |name: &str| table.has(name).then(|| name.to_owned());
    let setting = |name: &str| {
        let value = view.settings.get(name)?.as_str()?.to_owned();
        table.has(&value).then_some(value)
    };
    let email = setting("EMAIL_FIELD").or_else(|| some("email"));
    let username = match (setting("USERNAME_FIELD"), some("username"), &email) {
        (Some(field), ..) => {
            reasons.push(("users.username", "the USERNAME_FIELD of the user model".to_owned()));
            field
        }
        (None, Some(username), _) => username,
        (None, None, Some(email)) => {
            reasons
                .push(("users.username", "there is no column `username`: users log in by email".to_owned()));
            email.clone()
        }
        (None, None, None) => return None,
    };
    let admin = some("is_superuser").or_else(|| some("is_staff"));
    if admin.as_deref() == Some("is_superuser") {
        let why = "may enter the admin of doorward, where every administrator may do everything, as a superuser \
                   may; is_staff alone allows only what its permissions say, and stays an attribute";
        reasons.push(("users.admin", why.to_owned()));
    }
    let confirmed = confirmed(table, has_emails, reasons);
    let mut attributes: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
    let mut used = vec![id.clone(), username.clone()];
    used.extend(["password", "is_active", "date_joined", "last_login"].map(str::to_owned));
    used.extend(email.iter().chain(&admin).cloned());
    used.extend(["groups", "emails", "user_permissions", "pk"].map(str::to_owned));
    if let ConfirmedBy::Column(column) = &confirmed {
        used.push(column.clone());
    }
    attributes.retain(|name| !used.contains(name));
    if !attributes.is_empty() {
        reasons.push(("users.attributes", "stored as they are, and part of every export".to_owned()));
    }
    Some(UserMapping {
        table: table.name.clone(),
        id,
        id_kind,
        username,
        email,
        password: some("password"),
        active: some("is_active"),
        admin,
        joined: some("date_joined").or_else(|| some("created_at")),
        last_login: some("last_login"),
        confirmed,
        attributes,
    })
}

fn key(table: &OriginTable, reasons: &mut Reasons) -> Option<(String, KeyKind)> {
    let keys: Vec<&OriginColumn> = table.columns.iter().filter(|column| column.is_key).collect();
    let column = ["pk", "id"].iter().find_map(|name| table.column(name)).or(keys.first().copied())?;
    let kind = column.kind.as_str();
    let is_integer = ["int", "serial"].iter().any(|word| kind.contains(word));
    // Django's UUIDField is `uuid` in PostgreSQL, and `char(32)` in SQLite.
    let id_kind = match kind {
        _ if is_integer => KeyKind::Integer,
        "uuid" | "char(32)" => KeyKind::Uuid,
        _ => KeyKind::Text,
    };
    let why = match id_kind {
        KeyKind::Integer => "the ids stay as they are, so the tokens of Django go on working",
        KeyKind::Uuid => "the keys are UUIDs: clients and tokens go on seeing them as `id` and `user_id`",
        KeyKind::Text => "the keys are texts: clients and tokens go on seeing them as `id` and `user_id`",
    };
    reasons.push(("users.id_kind", why.to_owned()));
    Some((column.name.clone(), id_kind))
}

fn confirmed(table: &OriginTable, has_emails: bool, reasons: &mut Reasons) -> ConfirmedBy {
    let is_boolean = |column: &OriginColumn| {
        column.kind.contains("bool") || matches!(column.kind.as_str(), "" | "integer" | "tinyint(1)")
    };
    let column = CONFIRMED.iter().find(|name| table.column(name).is_some_and(is_boolean));
    let (confirmed, why) = match column {
        Some(name) => (
            ConfirmedBy::Column((*name).to_owned()),
            format!("the column `{name}` says whether an address is confirmed"),
        ),
        None if has_emails => (
            ConfirmedBy::Emails,
            "an address is confirmed if allauth has it as a verified one of its user".to_owned(),
        ),
        None => (
            ConfirmedBy::None,
            "nothing in the source says whether addresses are confirmed; users can log in and reset passwords \
             all the same; `all` if you know that they are"
                .to_owned(),
        ),
    };
    reasons.push(("users.confirmed", why));
    confirmed
}

fn emails(view: &SourceView, users: &OriginTable, reasons: &mut Reasons) -> Option<EmailMapping> {
    if users.has("emails") && users.columns.iter().any(|column| column.name == "emails" && !column.is_key) {
        reasons.push(("emails", "the addresses of allauth".to_owned()));
        return Some(EmailMapping::Column("emails".to_owned()));
    }
    let table = named(view, "account_emailaddress")?;
    let user = ["user_id", "user"].into_iter().find(|name| table.has(name))?;
    if !["email", "verified", "primary"].iter().all(|name| table.has(name)) {
        return None;
    }
    reasons.push((
        "emails",
        "the addresses of allauth; those besides the user's own become an attribute".to_owned(),
    ));
    Some(EmailMapping::Table {
        table: table.name.clone(),
        user: user.to_owned(),
        email: "email".to_owned(),
        verified: "verified".to_owned(),
        primary: "primary".to_owned(),
    })
}

fn groups(view: &SourceView, users: &OriginTable, reasons: &mut Reasons) -> Option<GroupMapping> {
    if users.has("groups") {
        reasons.push(("groups", "the names of the groups; permissions are not imported".to_owned()));
        return Some(GroupMapping::Column("groups".to_owned()));
    }
    let members = view.table(&format!("{}_groups", users.name))?;
    let groups = view.table("auth_group").filter(|table| table.has("id") && table.has("name"))?;
    let user =
        members.columns.iter().find(|column| column.name.ends_with("_id") && column.name != "group_id")?;
    if !members.has("group_id") {
        return None;
    }
    reasons.push(("groups", "the names of the groups; permissions are not imported".to_owned()));
    Some(GroupMapping::Tables {
        members: members.name.clone(),
        user: user.name.clone(),
        group: "group_id".to_owned(),
        groups: groups.name.clone(),
        id: "id".to_owned(),
        name: "name".to_owned(),
    })
}

fn tokens(view: &SourceView, reasons: &mut Reasons) -> Option<TokenMapping> {
    let outstanding = named(view, "token_blacklist_outstandingtoken").or_else(|| named(view, "tokens"))?;
    if !outstanding.has("jti") {
        return None;
    }
    let why = "read only with --with-tokens: outstanding refresh tokens become sessions, blacklisted ones ended \
               sessions. Before Simple JWT 5.5 rotated tokens were not listed there: a token that is not stays good \
               by its signature";
    reasons.push(("tokens", why.to_owned()));
    Some(TokenMapping {
        outstanding: outstanding.name.clone(),
        blacklisted: named(view, "token_blacklist_blacklistedtoken").map(|table| table.name.clone()),
    })
}

fn notes(view: &SourceView) -> Vec<String> {
    let has = |(name, _): &&(&str, &str)| named(view, name).is_some();
    let note = |(name, what): &(&str, &str)| format!("not yet: {what} (`{name}`) are not imported");
    NOT_YET.iter().filter(has).map(note).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(name: &str, columns: &[(&str, &str)]) -> OriginTable {
        let column = |(name, kind): &(&str, &str)| OriginColumn {
            name: (*name).to_owned(),
            kind: (*kind).to_owned(),
            is_key: *name == "id",
        };
        OriginTable { name: name.to_owned(), columns: columns.iter().map(column).collect() }
    }

    fn user_columns(id: &'static str) -> Vec<(&'static str, &'static str)> {
        let texts = ["password", "username", "email", "first_name"].map(|name| (name, "varchar(150)"));
        let rest = [("id", id), ("last_login", "datetime"), ("is_active", "bool"), ("is_superuser", "bool")];
        rest.into_iter().chain(texts).collect()
    }

    fn view(tables: Vec<OriginTable>) -> SourceView {
        let rows = tables.iter().map(|table| (table.name.clone(), 3)).collect();
        SourceView { tables, rows, ..SourceView::default() }
    }

    #[test]
    fn a_stock_django_is_recognised() {
        let members =
            table("auth_user_groups", &[("id", "integer"), ("user_id", "integer"), ("group_id", "integer")]);
        let groups = table("auth_group", &[("id", "integer"), ("name", "varchar(150)")]);
        let view = view(vec![table("auth_user", &user_columns("integer")), members, groups]);
        let proposal = propose(&view).unwrap();
        let users = &proposal.mapping.users;
        assert_eq!((users.table.as_str(), users.id_kind), ("auth_user", KeyKind::Integer));
        assert_eq!(users.attributes, ["first_name"]);
        assert_eq!((users.admin.as_deref(), &users.confirmed), (Some("is_superuser"), &ConfirmedBy::None));
        assert!(matches!(proposal.mapping.groups, Some(GroupMapping::Tables { .. })));
        proposal.mapping.check(&view).unwrap();
    }

    #[test]
    fn a_custom_user_with_uuids_and_allauth_is_recognised() {
        let emails = [
            ("id", "integer"),
            ("user_id", "char(32)"),
            ("email", "varchar"),
            ("verified", "bool"),
            ("primary", "bool"),
        ];
        let members = table(
            "people_person_groups",
            &[("id", "integer"), ("person_id", "char(32)"), ("group_id", "integer")],
        );
        let groups = table("auth_group", &[("id", "integer"), ("name", "varchar(150)")]);
        let second = table("otp_totp_totpdevice", &[("id", "integer")]);
        let view = view(vec![
            table("account_emailaddress", &emails),
            groups,
            second,
            table("people_person", &user_columns("char(32)")),
            members,
        ]);
        let proposal = propose(&view).unwrap();
        let users = &proposal.mapping.users;
        assert_eq!((users.table.as_str(), users.id_kind), ("people_person", KeyKind::Uuid));
        assert_eq!(users.confirmed, ConfirmedBy::Emails);
        assert!(proposal.notes[0].contains("django-otp"), "{:?}", proposal.notes);
        let Some(GroupMapping::Tables { user, .. }) = &proposal.mapping.groups else { panic!() };
        assert_eq!(user, "person_id");
        proposal.mapping.check(&view).unwrap();
    }

    #[test]
    fn a_column_that_says_what_is_confirmed_comes_first() {
        let mut columns = user_columns("bigint");
        columns.push(("is_email_confirmed", "boolean"));
        let proposal = propose(&view(vec![table("auth_user", &columns)])).unwrap();
        assert_eq!(proposal.mapping.users.confirmed, ConfirmedBy::Column("is_email_confirmed".to_owned()));
    }

    #[test]
    fn a_source_without_users_is_refused() {
        let other = table("shop_order", &[("id", "integer"), ("total", "decimal")]);
        let more = table("shop_item", &[("id", "integer")]);
        assert!(matches!(propose(&view(vec![other, more])), Err(ImportError::NoUsers)));
    }
}
