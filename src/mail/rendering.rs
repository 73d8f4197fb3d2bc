//! Renders a mail of the outbox: subject, text and HTML. Knows the site's name, colour, logo and URL, but no
//! headers and servers.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use minijinja::{Environment, Value};

use crate::brand::logo::Logo;
use crate::config::{Config, LinkPattern, SiteConfig};
use crate::mail::originals::Originals;
use crate::mail::samples::sample;
use crate::mail::templates;
use crate::mail::templates::TemplateError;
use crate::mail::text_parts::{split_subject, without_controls};
use crate::mail::words::{MailWords, Values};
use crate::texts::Lang;
use crate::types::{
    DUE, GREETED_AS, Link, MailCause, MailText, MailTextSource, MessageKind, OutboxMail, Timestamp, UID,
    USER_AGENT,
};

const SECONDS_AN_HOUR: u64 = 3600;

/// The parameters of mails that placeholders of the same name stand for.
const PARAMS: [&str; 3] = ["username", "new_email", "address"];

/// The Content-ID of the logo (RFC 2045 §7), by which the HTML names it, as `cid:logo@doorward` (RFC 2392).
pub(crate) const LOGO_ID: &str = "logo@doorward";

/// A rendered mail.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct RenderedMail {
    /// One line.
    pub subject: String,
    /// The text part, with `\n` at the end of each line.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

/// The words and templates of all mails, and the variables of all templates.
pub(crate) struct MailTemplates {
    templates: Environment<'static>,
    originals: Originals,
    site: BTreeMap<String, Value>,
    name: String,
    origin: String,
    confirm_email_url: Option<LinkPattern>,
    reset_password_url: Option<LinkPattern>,
    /// The logo of the site, if mail programs display it.
    logo: Option<Logo>,
    /// For readers whose language is not known.
    language: Lang,
}

/// Whether the link in a mail has its key.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum KeyVisibility {
    /// For the recipient.
    Visible,
    /// For all others.
    Hidden,
}

impl MailTemplates {
    /// Reads the templates, and tries each of them.
    pub(crate) fn load(config: &Config) -> Result<Self, TemplateError> {
        let origin = config.public_url.origin().to_owned();
        let (name, colour) = (without_controls(&config.site.name), config.site.colour);
        let site = [
            ("site", Value::from(name.as_str())),
            ("colour", Value::from_safe_string(colour.to_string())),
            ("ink", Value::from_safe_string(colour.ink().to_string())),
            // An origin has no character that is special in HTML (`config::WebOrigin`).
            ("url", Value::from_safe_string(origin.clone())),
            ("site_url", Value::from(config.site.url.as_ref().map_or("", |url| url.as_str()))),
        ];
        let site = site.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        let templates = templates::load(config.mail.templates.as_deref())?;
        let (originals, language) = (Originals::load()?, config.mail.language);
        let logo = logo_for_mails(&config.site);
        let (confirm_email_url, reset_password_url) =
            (config.account.confirm_email_url.clone(), config.account.reset_password_url.clone());
        let templates = Self {
            templates,
            originals,
            site,
            name,
            origin,
            confirm_email_url,
            reset_password_url,
            logo,
            language,
        };
        for (text, lang) in MailText::ALL.iter().flat_map(|text| Lang::ALL.map(|lang| (*text, lang))) {
            templates.try_out(text, lang)?;
        }
        Ok(templates)
    }

    /// The logo that the HTML of mails has.
    pub(crate) const fn logo(&self) -> Option<&Logo> {
        self.logo.as_ref()
    }

    /// Renders a mail: each part of a template of the operator, else of `edited`, else of the original words.
    pub(crate) fn render(
        &self,
        mail: &OutboxMail,
        edited: Option<&MailWords>,
        key: KeyVisibility,
    ) -> Result<RenderedMail, TemplateError> {
        let (text, lang) = (MailText::of(mail.kind, &mail.params), self.language_of(mail));
        let words = edited.unwrap_or_else(|| self.originals.words(text, lang));
        let values = self.values(mail, lang, key);
        let mut context = self.context(mail, lang, &values);
        context.insert("logo".to_owned(), Value::from_safe_string(self.logo_url(key)));
        let (subject, plain) = match templates::own(&self.templates, text, lang, "txt") {
            Some(name) => {
                let rendered = self.render_part(&name, &Value::from(context.clone()))?;
                split_subject(&rendered).ok_or(TemplateError::NoSubject(name))?
            }
            None => {
                context.insert("text".to_owned(), Value::from(words.text(&values)));
                let plain = self.render_part("_text.txt", &Value::from(context.clone()))?;
                (words.subject(&values), format!("{}\n", plain.trim_matches('\n')))
            }
        };
        let name = templates::own(&self.templates, text, lang, "html").unwrap_or_else(|| {
            context.insert("parts".to_owned(), words.html_parts(&values));
            "_text.html".to_owned()
        });
        context.extend(values.get("link").map(|link| ("link".to_owned(), html_link(link))));
        let html = self.render_part(&name, &Value::from(context))?;
        Ok(RenderedMail { subject, text: plain, html })
    }

    /// The original words of a text.
    pub(crate) fn original(&self, text: MailText, lang: Lang) -> &MailTextSource {
        self.originals.source(text, lang)
    }

    /// The file in the operator's folder that decides about the plain text of a mail, if there is one.
    pub(crate) fn own_file(&self, text: MailText, lang: Lang) -> Option<String> {
        ["txt", "html"].into_iter().find_map(|ending| templates::own(&self.templates, text, lang, ending))
    }

    /// The language of a mail.
    pub(crate) fn language_of(&self, mail: &OutboxMail) -> Lang {
        mail.language().unwrap_or(self.language)
    }

    /// What placeholders stand for.
    fn values(&self, mail: &OutboxMail, lang: Lang, key: KeyVisibility) -> Values {
        let mut values = Values::from([
            ("site", self.name.clone()),
            ("url", self.origin.clone()),
            ("when", lang.mail_when(mail.written_at)),
        ]);
        for name in PARAMS {
            values.extend(mail.params.get(name).map(|value| (name, without_controls(value))));
        }
        if let Some(due) = mail.params.get(DUE).and_then(|due| due.parse().ok()) {
            values.insert("due", lang.date(Timestamp::from_micros(due)));
        }
        if mail.kind == MessageKind::NewPlace {
            values.insert("device", lang.device(mail.params.get(USER_AGENT).map_or("", String::as_str)));
        }
        if let Some(name) = mail.params.get(GREETED_AS) {
            values.insert("username", without_controls(name));
        }
        if let Some(link) = mail.kind.link() {
            values.insert("link", self.link(link, mail, key));
            values.insert("valid_for", lang.mail_lifetime(link.lifetime().as_secs() / SECONDS_AN_HOUR));
        }
        values
    }

    /// The link of a mail: to the page of a front end, or to the one of this server.
    fn link(&self, link: Link, mail: &OutboxMail, key: KeyVisibility) -> String {
        let pattern = match link {
            Link::ConfirmEmail => self.confirm_email_url.as_ref(),
            Link::ResetPassword => self.reset_password_url.as_ref(),
            Link::Setup | Link::UndoEmail | Link::NotMe | Link::Invite => None,
        };
        let (uid, key) = (mail.params.get(UID).map(String::as_str), key_text(mail, key));
        let elsewhere = pattern.and_then(|pattern| pattern.url(uid, key));
        elsewhere.unwrap_or_else(|| format!("{}{}{key}", self.origin, link.path()))
    }

    /// The logo as the source of an image: the part of the mail, or for a preview, which has no parts, the image
    /// itself. Empty without one.
    fn logo_url(&self, key: KeyVisibility) -> String {
        match (&self.logo, key) {
            (None, _) => String::new(),
            (Some(_), KeyVisibility::Visible) => format!("cid:{LOGO_ID}"),
            (Some(logo), KeyVisibility::Hidden) => {
                format!("data:{};base64,{}", logo.content_type, STANDARD.encode(&logo.bytes))
            }
        }
    }

    /// The variables of a template.
    fn context(&self, mail: &OutboxMail, lang: Lang, values: &Values) -> BTreeMap<String, Value> {
        let mut context: BTreeMap<String, Value> =
            values.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str()))).collect();
        context.extend(self.site.clone());
        context.insert("language".to_owned(), Value::from(lang.tag()));
        context.insert("button_hint".to_owned(), Value::from(lang.mail_button_hint()));
        context.extend(
            mail.params.get("change").map(|change| ("change".to_owned(), Value::from(change.as_str()))),
        );
        let cause = match MailCause::of(&mail.params) {
            MailCause::Owner => "owner",
            MailCause::Administrator => "administrator",
        };
        context.insert("cause".to_owned(), Value::from(cause));
        if let Some(link) = values.get("link") {
            context.insert("link".to_owned(), Value::from(link.as_str()));
        }
        context
    }

    /// Replaces a template without trying it.
    #[cfg(test)]
    pub(crate) fn replace(&mut self, name: &'static str, source: String) {
        self.templates.add_template_owned(name, source).unwrap();
    }

    fn render_part(&self, name: &str, context: &Value) -> Result<String, TemplateError> {
        let template = self.templates.get_template(name);
        let rendered = template.and_then(|template| template.render(context.clone()));
        rendered.map_err(|error| TemplateError::broken(name, &error))
    }

    /// Renders a sample of a text, and checks that it has its link.
    fn try_out(&self, text: MailText, lang: Lang) -> Result<(), TemplateError> {
        let sample = sample(text, Some(lang));
        let rendered = self.render(&sample, None, KeyVisibility::Visible)?;
        let Some(key) = &sample.key else { return Ok(()) };
        for (part, ending) in [(&rendered.text, "txt"), (&rendered.html, "html")] {
            if !part.contains(key.expose()) {
                let own = templates::own(&self.templates, text, lang, ending);
                return Err(TemplateError::NoLink(own.unwrap_or_else(|| format!("_text.{ending}"))));
            }
        }
        Ok(())
    }
}

/// The logo of the site, if mail programs display it. A file that cannot be read is left out: the pages, which read
/// it again and again, log why.
fn logo_for_mails(site: &SiteConfig) -> Option<Logo> {
    site.logo.as_ref().and_then(|source| Logo::of_source(source).ok()).filter(Logo::is_for_mail)
}

/// The link in HTML. A URL has none of the characters that are special there but `&` and `'`; the slashes stay as they
/// are.
fn html_link(link: &str) -> Value {
    Value::from_safe_string(link.replace('&', "&amp;").replace('\'', "&#39;"))
}

fn key_text(mail: &OutboxMail, key: KeyVisibility) -> &str {
    match (&mail.key, key) {
        (Some(key), KeyVisibility::Visible) => key.expose(),
        (Some(_), KeyVisibility::Hidden) => "(hidden)",
        (None, _) => "(removed)",
    }
}
