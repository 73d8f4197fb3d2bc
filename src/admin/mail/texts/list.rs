//! `/admin/mail/texts`: the texts of emails, with which of them are edited.

use actix_web::HttpResponse;
use actix_web::web::Data;
use askama::Template;

use crate::admin::mail::detail;
use crate::admin::session::Administrator;
use crate::app::App;
use crate::store::tables::mails::texts as mail_texts;
use crate::texts::Lang;
use crate::types::MailText;
use crate::web::layout::Layout;
use crate::web::{Page, PageError};

/// The path of this page.
pub(crate) const LIST: &str = "/admin/mail/texts";

#[derive(Template)]
#[template(path = "admin/mail/texts/list.html")]
struct MailTextsPage {
    layout: Layout,
    trail: Vec<(String, String)>,
    texts: Vec<MailTextRow>,
}

struct MailTextRow {
    label: &'static str,
    /// One for each language.
    languages: Vec<MailTextLink>,
}

struct MailTextLink {
    lang: Lang,
    path: String,
    /// "edited", or the file that decides; empty for the original.
    state: String,
}

/// The path of a text in a language.
pub(crate) fn path_of(text: MailText, lang: Lang) -> String {
    format!("{LIST}/{}/{}", text.as_str(), lang.tag())
}

/// `GET`.
pub(crate) async fn page(app: Data<App>, admin: Administrator) -> Result<HttpResponse, PageError> {
    let edited = app.store.read(mail_texts::all).await?;
    let layout = admin.layout();
    let t = layout.t;
    let link = |text: MailText, lang: Lang| {
        let state = match app.mailer.own_file(text, lang) {
            Some(file) => file,
            None if edited.contains(&(text, lang)) => t.mail_text_edited().to_owned(),
            None => String::new(),
        };
        MailTextLink { lang, path: path_of(text, lang), state }
    };
    let row = |text: &MailText| MailTextRow {
        label: t.mail_text_label(*text),
        languages: Lang::ALL.map(|lang| link(*text, lang)).into(),
    };
    let texts = MailText::ALL.iter().map(row).collect();
    Ok(admin.render(Page::new(MailTextsPage { trail: vec![detail::trail(t)], texts, layout })))
}
