//! `/admin/settings/api-keys/add`: makes an API key. The response displays the key, and no other page does.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;
use ipnet::IpNet;
use zeroize::Zeroizing;

use crate::accounts::{self, CreateApiKeyError, NewApiKey};
use crate::admin::api_keys::LIST;
use crate::admin::flash::{Flash, Undone};
use crate::admin::session::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::app::App;
use crate::config::parse_network;
use crate::texts::Lang;
use crate::types::{ApiKeyId, ApiKeyName, ApiScope, ApiScopes};
use crate::web::form_page::{Checkbox, CheckboxGroup, Field, FormPage};
use crate::web::layout::Layout;
use crate::web::{Page, PageError, PageForm, abbreviate};

/// The hidden field with the public part of the key to make.
const ID: &str = "id";

const DAY: Duration = Duration::from_secs(24 * 3600);

/// The most days that a key can be valid for.
const MAX_DAYS: u32 = 3650;

/// What the form proposes.
const DAYS: &str = "365";

/// The label of a scope, in the language of the page.
type ScopeLabel = fn(Lang) -> &'static str;

/// The checkboxes: scope, name of the field, label.
const SCOPES: [(ApiScope, &str, ScopeLabel); 4] = [
    (ApiScope::UsersRead, "users_read", |t| t.api_key_users_read()),
    (ApiScope::UsersWrite, "users_write", |t| t.api_key_users_write()),
    (ApiScope::AuditRead, "audit_read", |t| t.api_key_audit_read()),
    (ApiScope::TokensIntrospect, "tokens_introspect", |t| t.api_key_introspect()),
];

#[derive(Template)]
#[template(path = "admin/api_keys/made.html")]
struct MadePage {
    layout: Layout,
    trail: Vec<(String, String)>,
    name: String,
    key: Zeroizing<String>,
}

/// What is wrong with the fields.
#[derive(Default)]
struct KeyFormErrors {
    name: Vec<String>,
    days: Vec<String>,
    networks: Vec<String>,
    scopes: Vec<String>,
}

/// `GET`.
pub(crate) async fn form(admin: RecentlyAuthenticated) -> HttpResponse {
    let id = ApiKeyId::random().to_string();
    let form: PageForm = [(ID, id.as_str()), ("days", DAYS)].into_iter().collect();
    page(&admin.0, &form, KeyFormErrors::default()).render_for(&admin.0)
}

/// `POST`: makes the key. No redirect follows, because no other page can display it. Sending the form again, as
/// "reload" does, makes no second key.
pub(crate) async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post.0;
    let new = match read(admin.t, &form) {
        Ok(new) => new,
        Err(errors) => return Ok(page(&admin, &form, errors).render_for(&admin)),
    };
    match accounts::create_api_key(&app, new, &admin.actor).await {
        Ok((key, record)) => {
            let layout = admin.layout();
            let page = MadePage {
                trail: trail(&layout),
                name: abbreviate::name(&record.name),
                key: key.expose(),
                layout,
            };
            Ok(admin.render(Page::new(page)))
        }
        Err(CreateApiKeyError::Exists) => Ok(admin.redirect(LIST, &Flash::Not(Undone::ApiKeyMade))),
        Err(CreateApiKeyError::NoScope) => Ok(page(&admin, &form, no_scope(admin.t)).render_for(&admin)),
        Err(CreateApiKeyError::Store(error)) => Err(error.into()),
    }
}

fn trail(layout: &Layout) -> Vec<(String, String)> {
    vec![
        (layout.t.settings_heading().to_owned(), "/admin/settings".to_owned()),
        (layout.t.api_keys_heading().to_owned(), LIST.to_owned()),
    ]
}

fn no_scope(t: Lang) -> KeyFormErrors {
    KeyFormErrors { scopes: vec![t.api_key_no_scope().to_owned()], ..KeyFormErrors::default() }
}

/// Reads the form, or everything that is wrong.
fn read(t: Lang, form: &PageForm) -> Result<NewApiKey, KeyFormErrors> {
    let scopes =
        ApiScopes::new(SCOPES.iter().filter(|(_, name, _)| form.has(name)).map(|(scope, ..)| *scope));
    let name = ApiKeyName::parse(form.get("name"));
    let lifetime = lifetime(form.get("days"));
    let (networks, unreadable) = networks(form.get("networks"));
    let errors = KeyFormErrors {
        name: name.is_none().then(|| t.api_key_bad_name(ApiKeyName::MAX_CHARS)).into_iter().collect(),
        days: lifetime.is_none().then(|| t.api_key_bad_days().to_owned()).into_iter().collect(),
        networks: unreadable.iter().map(|text| t.api_key_bad_network(abbreviate::name(text))).collect(),
        scopes: if scopes.is_empty() { no_scope(t).scopes } else { Vec::new() },
    };
    match (name, lifetime) {
        (Some(name), Some(lifetime)) if errors.networks.is_empty() && errors.scopes.is_empty() => {
            // A form of another program may lack the id.
            let id = ApiKeyId::parse(form.get(ID)).unwrap_or_else(ApiKeyId::random);
            Ok(NewApiKey { id, name, scopes, networks, lifetime })
        }
        _ => Err(errors),
    }
}

/// The lifetime of so many days, `None` in it for none; `None` for what is no number of days.
fn lifetime(days: &str) -> Option<Option<Duration>> {
    match days.trim() {
        "" => Some(None),
        days => {
            let days = days.parse().ok().filter(|days| (1..=MAX_DAYS).contains(days));
            days.map(|days| Some(DAY * days))
        }
    }
}

/// The networks in a list, and what is none.
fn networks(typed: &str) -> (Vec<IpNet>, Vec<&str>) {
    let parts =
        typed.split(|c: char| c == ',' || c == ';' || c.is_whitespace()).filter(|part| !part.is_empty());
    let (mut networks, mut unreadable) = (Vec::new(), Vec::new());
    for part in parts {
        match parse_network(part) {
            Ok(network) => networks.push(network),
            Err(_) => unreadable.push(part),
        }
    }
    (networks, unreadable)
}

fn page(admin: &Administrator, form: &PageForm, errors: KeyFormErrors) -> FormPage {
    let t = admin.t;
    let mut page = FormPage::new(
        admin.layout(),
        (t.settings_heading(), "/admin/settings"),
        t.api_key_add().to_owned(),
        t.api_key_add(),
        "/admin/settings/api-keys/add",
    )
    .below(t.api_keys_heading(), LIST.to_owned());
    page.hidden.push((ID, form.get(ID).to_owned()));
    let field = |id, label, hint: &'static str, is_optional, errors| Field {
        id,
        label,
        hint: hint.into(),
        kind: "text",
        autocomplete: "off",
        value: form.get(id).to_owned(),
        is_optional,
        errors,
        ..Field::default()
    };
    page.fields = vec![
        field("name", t.api_key_name(), t.api_key_name_hint(), false, errors.name),
        field("days", t.api_key_days(), t.api_key_days_hint(), true, errors.days),
        field("networks", t.api_key_networks(), t.api_key_networks_hint(), true, errors.networks),
    ];
    let checkbox = |(_, id, label): &(ApiScope, &'static str, ScopeLabel)| Checkbox {
        id,
        label: label(t),
        is_checked: form.has(id),
    };
    page.group = CheckboxGroup {
        legend: t.api_key_what_may(),
        checkboxes: SCOPES.iter().map(checkbox).collect(),
        errors: errors.scopes,
    };
    page
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_with(fields: &[(&'static str, &'static str)]) -> Result<NewApiKey, KeyFormErrors> {
        read(Lang::English, &fields.iter().copied().collect())
    }

    #[test]
    fn a_form_is_a_key_with_its_scopes_networks_and_lifetime() {
        let new = read_with(&[
            ("id", "0123456789abcdef"),
            ("name", " billing "),
            ("days", "30"),
            ("networks", "10.0.0.0/8, 2001:db8::1"),
            ("users_read", "1"),
            ("audit_read", "1"),
        ]);
        let new = new.ok().unwrap();
        assert_eq!((new.id.to_string().as_str(), new.name.as_str()), ("0123456789abcdef", "billing"));
        assert_eq!((new.scopes.joined().as_str(), new.lifetime), ("users:read audit:read", Some(DAY * 30)));
        let networks: Vec<String> = new.networks.iter().map(ToString::to_string).collect();
        assert_eq!(networks, ["10.0.0.0/8", "2001:db8::1/128"]);
        assert_eq!(read_with(&[("name", "x"), ("users_read", "1")]).ok().unwrap().lifetime, None);
    }

    #[test]
    fn everything_that_is_wrong_is_said_at_once() {
        let errors = read_with(&[("days", "0"), ("networks", "here, 10.0.0.0/33")]).err().unwrap();
        let counts = [errors.name.len(), errors.days.len(), errors.networks.len(), errors.scopes.len()];
        assert_eq!(counts, [1, 1, 2, 1]);
        for days in ["-1", "1.5", "3651", "many", "99999999999"] {
            assert_eq!(lifetime(days), None, "{days}");
        }
    }
}
