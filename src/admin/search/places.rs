//! What a search matches besides users: pages, settings and actions of the audit log, by their names and
//! descriptions.

use crate::admin::audit::query::{AuditQuery, LOG};
use crate::admin::settings;
use crate::admin::settings::list::help;
use crate::app::App;
use crate::config::SETTINGS;
use crate::store::tables::audit::Action;
use crate::texts::Lang;
use crate::web::lists::SearchTerms;

/// A result: a link with a description.
pub(super) struct Place {
    pub(super) label: String,
    pub(super) description: String,
    pub(super) path: String,
}

/// The label, in the language of the page, and the path.
type Entry = (fn(Lang) -> &'static str, &'static str);

const PAGES: [Entry; 27] = [
    (|t| t.nav_home(), "/admin/"),
    (|t| t.nav_users(), "/admin/users/"),
    (|t| t.add_user(), "/admin/users/add"),
    (|t| t.invite_people(), "/admin/users/invite"),
    (|t| t.invitations_heading(), "/admin/users/invitations"),
    (|t| t.nav_mail(), "/admin/mail"),
    (|t| t.test_mail(), "/admin/mail/test"),
    (|t| t.nav_login_help(), "/admin/login-help"),
    (|t| t.explain_heading(), "/admin/login-help"),
    (|t| t.nav_audit(), LOG),
    (|t| t.bulk_recent(), "/admin/users/bulk"),
    (|t| t.groups(), "/admin/users/groups"),
    (|t| t.imports_heading(), "/admin/users/imports"),
    (|t| t.mail_texts_heading(), "/admin/mail/texts"),
    (|t| t.nav_settings(), "/admin/settings"),
    (|t| t.settings_site(), "/admin/settings/site"),
    (|t| t.settings_mail(), "/admin/settings/mail"),
    (|t| t.api_keys_heading(), "/admin/settings/api-keys"),
    (|t| t.api_key_add(), "/admin/settings/api-keys/add"),
    (|t| t.account_heading(), "/account"),
    (|t| t.step_address(), "/admin/settings#public_url"),
    (|t| t.search_reset(), "/admin/users/"),
    (|t| t.search_delete(), "/admin/users/"),
    (|t| t.search_deactivate(), "/admin/users/"),
    (|t| t.search_sign_out(), "/admin/users/"),
    (|t| t.theme(), "/admin/#theme"),
    (|t| t.zone_heading(), "/admin/time-zone"),
];

/// The pages whose name has every word, in any language.
pub(super) fn pages(t: Lang, terms: &SearchTerms) -> Vec<Place> {
    let matching = PAGES.iter().filter(|(label, _)| terms.are_in(&Lang::ALL.map(label).join(" ")));
    let place = |(label, path): &Entry| Place {
        label: label(t).to_owned(),
        description: String::new(),
        path: (*path).to_owned(),
    };
    matching.map(place).collect()
}

/// The settings whose name, label or description has every word, in any language: documents are in English. One that
/// can be changed leads to its field.
pub(super) fn settings(app: &App, t: Lang, terms: &SearchTerms) -> Vec<Place> {
    let mut places = Vec::new();
    for setting in SETTINGS.iter() {
        let texts = Lang::ALL.map(|lang| help(lang, setting));
        let label = t.setting(setting.name);
        let text = format!("{} {label} {}", setting.name, texts.join(" "));
        // The names of settings are in British English.
        if terms.are_in(&text) || terms.are_in(&text.replace("colour", "color")) {
            let help = help(t, setting);
            let description = help.split_once(". ").map_or(help.as_str(), |(first, _)| first).to_owned();
            let field = settings::form::path_of_field(app, setting);
            let path = field.unwrap_or_else(|| format!("/admin/settings#{}", setting.name));
            let label =
                if label == setting.name { label.to_owned() } else { format!("{label} ({})", setting.name) };
            places.push(Place { label, description, path });
        }
    }
    // A setting with the words in its name comes first.
    places.sort_by_key(|place| !terms.are_in(&place.label));
    places
}

/// The actions of the audit log whose name has every word, in any language.
pub(super) fn actions(t: Lang, terms: &SearchTerms) -> Vec<Place> {
    let mut places = Vec::new();
    for action in Action::ALL {
        let (word, text) = (action.as_str(), t.action(action.as_str()));
        if terms.are_in(&format!("{} {word}", Lang::ALL.map(|lang| lang.action(word)).join(" "))) {
            let path = AuditQuery { action: word.to_owned(), ..AuditQuery::default() }.path(LOG);
            places.push(Place { label: text.to_owned(), description: String::new(), path });
        }
    }
    places.sort_by(|one, two| one.label.cmp(&two.label));
    places
}
