//! `/admin/settings/site` and `/admin/settings/mail`: change the settings of a section. A setting that the file,
//! the environment or a flag sets is shown, and cannot be changed here.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;
use serde::Deserialize;

use crate::accounts::{self, ChangeSettingsError, ChangedSettings, SettingChange, TestMailError};
use crate::admin::flash::{Done, Flash};
use crate::admin::session::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::admin::settings::list::{LIST, help};
use crate::admin::settings::source;
use crate::app::{App, StoredSettingsError};
use crate::brand::logo::LogoError;
use crate::config::{ConfigProblem, SETTINGS, Setting, SmtpTls};
use crate::mail::ComposeError;
use crate::store::tables::stored_settings;
use crate::store::tables::stored_settings::StoredSettings;
use crate::texts::Lang;
use crate::types::{Email, trimmed};
use crate::web::layout::Layout;
use crate::web::{Page, PageError, PageForm};

/// The field with the version of the settings that the form displayed.
const VERSION: &str = "version";

/// The field of a secret: its name keeps it out of the form that waits for a re-authentication.
const SECRET: &str = "password";

/// The field of the logo, which the form sends as a file.
const LOGO: &str = "site.logo";

/// The checkbox that removes the stored secret or logo.
const REMOVE: &str = "remove";

/// The field with the receiver of the test email.
const TEST_TO: &str = "test_to";

/// The settings of a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum SettingsSection {
    Site,
    Mail,
}

impl SettingsSection {
    const fn prefix(self) -> &'static str {
        match self {
            Self::Site => "site.",
            Self::Mail => "mail.",
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Site => "/admin/settings/site",
            Self::Mail => "/admin/settings/mail",
        }
    }

    const fn heading(self, t: Lang) -> &'static str {
        match self {
            Self::Site => t.settings_site(),
            Self::Mail => t.settings_mail(),
        }
    }

    const fn is_mail(self) -> bool {
        matches!(self, Self::Mail)
    }

    fn settings(self) -> impl Iterator<Item = &'static Setting> {
        SETTINGS
            .iter()
            .filter(move |setting| setting.is_changeable() && setting.name.starts_with(self.prefix()))
    }
}

#[derive(Template)]
#[template(path = "admin/settings/form.html")]
struct SettingsFormPage {
    layout: Layout,
    trail: Vec<(String, String)>,
    heading: &'static str,
    section: SettingsSection,
    version: i64,
    /// The errors that belong to no field.
    errors: Vec<String>,
    fields: Vec<SettingField>,
    test_to: String,
    test_to_errors: Vec<String>,
}

/// A setting in the form.
struct SettingField {
    id: String,
    /// The name of the field.
    name: &'static str,
    label: &'static str,
    help: String,
    default: Option<&'static str>,
    value: String,
    /// What to choose from, if it takes one of a few words: the word, and what it is called.
    choices: Vec<(&'static str, &'static str)>,
    is_colour: bool,
    is_secret: bool,
    is_image: bool,
    /// Whether a value is stored that the field does not display.
    is_kept: bool,
    /// Value and source, if it cannot be changed here.
    fixed: Option<(String, String)>,
    errors: Vec<String>,
}

impl SettingsFormPage {
    fn has_errors(&self) -> bool {
        let has_errors = |field: &SettingField| !field.errors.is_empty();
        !self.errors.is_empty() || !self.test_to_errors.is_empty() || self.fields.iter().any(has_errors)
    }

    /// Puts an error beside the field of a setting, or above the form.
    fn add_error(&mut self, setting: &str, text: String) {
        match self.fields.iter_mut().find(|field| field.is(setting) && field.fixed.is_none()) {
            Some(field) => field.errors.push(text),
            None => self.errors.push(format!("{setting}: {text}")),
        }
    }

    fn render_for(self, admin: &Administrator) -> HttpResponse {
        let status = if self.has_errors() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        admin.render(Page::new(self).with_status(status))
    }
}

impl SettingField {
    fn is(&self, setting: &str) -> bool {
        self.id == id_of(setting)
    }
}

/// `GET`.
pub(crate) async fn form(
    app: Data<App>,
    admin: RecentlyAuthenticated,
    section: Path<SettingsSection>,
) -> Result<HttpResponse, PageError> {
    app.refresh_settings().await?;
    let stored = app.store.read(stored_settings::read).await?;
    Ok(page(&app, &admin.0, *section, &stored, None).render_for(&admin.0))
}

/// `POST`.
pub(crate) async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    section: Path<SettingsSection>,
) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post.0;
    let t = admin.t;
    let stored = app.store.read(stored_settings::read).await?;
    let again = |form: &PageForm| page(&app, &admin, *section, &stored, Some(form));
    let test_to = match (*section, trimmed(form.get(TEST_TO))) {
        (SettingsSection::Site, _) | (_, "") => admin.user.email.clone(),
        (SettingsSection::Mail, typed) => match Email::parse(typed) {
            Ok(to) => to,
            Err(_) => {
                let mut page = again(&form);
                page.test_to_errors.push(t.mail_bad_address().to_owned());
                return Ok(page.render_for(&admin));
            }
        },
    };
    let version = form.get(VERSION).parse().unwrap_or(-1);
    let changes = changes(&app, *section, &form);
    let error = match accounts::change_settings(&app, version, changes, test_to, &admin.actor).await {
        Ok(done) => {
            let done = match done {
                ChangedSettings::Unchanged => Done::SettingsUnchanged,
                ChangedSettings::Changed { is_tested: true } => Done::SettingsTested,
                ChangedSettings::Changed { is_tested: false } => Done::SettingsSaved,
            };
            return Ok(admin.redirect(LIST, &Flash::One(done, section.heading(t).to_owned())));
        }
        Err(ChangeSettingsError::Store(error)) => return Err(error.into()),
        Err(ChangeSettingsError::Test(TestMailError::Store(error))) => return Err(error.into()),
        Err(error) => error,
    };
    let mut page = match error {
        ChangeSettingsError::Stale => page(&app, &admin, *section, &stored, None),
        _ => again(&form),
    };
    explain(t, &mut page, &error);
    Ok(page.render_for(&admin))
}

/// What the form changes, but for settings that are fixed.
fn changes(app: &App, section: SettingsSection, form: &PageForm) -> Vec<SettingChange> {
    let change = |setting: &Setting| {
        if setting.is_secret || setting.name == LOGO {
            let typed = form.get(field_name(setting));
            return match (form.has(REMOVE), typed.is_empty()) {
                (true, _) => Some((setting.name, None)),
                (false, true) => None,
                (false, false) => Some((setting.name, Some(typed.to_owned()))),
            };
        }
        let typed = trimmed(form.get(setting.name));
        let is_default = typed.is_empty() || setting.default == Some(typed);
        Some((setting.name, (!is_default).then(|| typed.to_owned())))
    };
    section.settings().filter(|setting| !app.config.fixes(setting)).filter_map(change).collect()
}

fn explain(t: Lang, page: &mut SettingsFormPage, error: &ChangeSettingsError) {
    match error {
        ChangeSettingsError::Stale => page.errors.push(t.settings_stale().to_owned()),
        ChangeSettingsError::Unusable(StoredSettingsError::Config(error)) => {
            for problem in error.problems() {
                match problem {
                    ConfigProblem::Invalid { name, allowed, .. } => {
                        page.add_error(name, t.settings_not_allowed(allowed));
                    }
                    ConfigProblem::Unset { name, reason } => page.add_error(name, t.settings_needed(reason)),
                    other => page.errors.push(other.to_string()),
                }
            }
        }
        ChangeSettingsError::PasswordNeeded => {
            page.add_error("mail.smtp.password", t.settings_password_again().to_owned());
        }
        ChangeSettingsError::Unusable(StoredSettingsError::Logo(error)) => {
            page.add_error(LOGO, logo_error(t, error))
        }
        ChangeSettingsError::Unusable(error) => page.errors.push(t.settings_unusable(error)),
        ChangeSettingsError::Test(
            TestMailError::Send(error) | TestMailError::Compose(ComposeError::Invalid(error)),
        ) => {
            page.errors.push(t.settings_not_tested(error.explain(t)));
            let hint = error.hint(t);
            page.errors.extend((!hint.is_empty()).then(|| t.test_mail_hint(hint)));
        }
        ChangeSettingsError::Test(error) => page.errors.push(t.settings_not_tested(error)),
        ChangeSettingsError::Store(error) => page.errors.push(error.to_string()),
    }
}

fn logo_error(t: Lang, error: &LogoError) -> String {
    match error {
        LogoError::TooLarge => t.settings_logo_too_large().to_owned(),
        LogoError::Incomplete => t.settings_logo_incomplete().to_owned(),
        LogoError::Format => t.settings_logo_format().to_owned(),
        LogoError::Unreadable(..) => error.to_string(),
    }
}

/// The page with the stored values, or with what was typed; never with a secret.
fn page(
    app: &App,
    admin: &Administrator,
    section: SettingsSection,
    stored: &StoredSettings,
    typed: Option<&PageForm>,
) -> SettingsFormPage {
    let layout = admin.layout();
    let t = layout.t;
    let field = |setting: &'static Setting| field(app, t, setting, stored, typed);
    let version = match typed {
        Some(form) => form.get(VERSION).parse().unwrap_or(-1),
        None => stored.version,
    };
    let test_to = typed.map_or_else(|| admin.user.email.to_string(), |form| form.get(TEST_TO).to_owned());
    SettingsFormPage {
        trail: vec![(t.settings_heading().to_owned(), LIST.to_owned())],
        heading: section.heading(t),
        section,
        version,
        errors: Vec::new(),
        fields: section.settings().map(field).collect(),
        test_to,
        test_to_errors: Vec::new(),
        layout,
    }
}

fn field(
    app: &App,
    t: Lang,
    setting: &'static Setting,
    stored: &StoredSettings,
    typed: Option<&PageForm>,
) -> SettingField {
    let stored = stored.values.iter().find(|(name, _)| name == setting.name).map(|(_, value)| value.as_str());
    let is_image = setting.name == LOGO;
    let is_hidden = setting.is_secret || is_image;
    let value = match typed {
        _ if is_hidden => "",
        Some(form) => form.get(setting.name),
        None => stored.or(setting.default).unwrap_or_default(),
    };
    let line = app.config.describe().iter().find(|line| line.name == setting.name);
    let fixed = line
        .filter(|_| app.config.fixes(setting))
        .map(|line| (line.value.clone(), source::in_words(t, &line.origin)));
    let choices = match setting.name {
        "mail.smtp.tls" => SmtpTls::WORDS.map(|(word, _)| (word, word)).into(),
        "mail.language" => Lang::ALL.map(|lang| (lang.tag(), lang.own_name())).into(),
        _ => Vec::new(),
    };
    SettingField {
        id: id_of(setting.name),
        name: field_name(setting),
        label: t.setting(setting.name),
        help: help(t, setting),
        default: setting.default,
        value: value.to_owned(),
        choices,
        is_colour: setting.name == "site.colour",
        is_secret: setting.is_secret,
        is_image,
        is_kept: is_hidden && stored.is_some(),
        fixed,
        errors: Vec::new(),
    }
}

/// The path of the form with the field of a setting; `None` if it cannot be changed here.
pub(crate) fn path_of_field(app: &App, setting: &Setting) -> Option<String> {
    let section = [SettingsSection::Site, SettingsSection::Mail]
        .into_iter()
        .find(|section| setting.is_changeable() && setting.name.starts_with(section.prefix()))?;
    (!app.config.fixes(setting)).then(|| format!("{}#{}", section.path(), id_of(setting.name)))
}

fn field_name(setting: &Setting) -> &'static str {
    if setting.is_secret { SECRET } else { setting.name }
}

fn id_of(setting: &str) -> String {
    setting.replace('.', "-")
}
