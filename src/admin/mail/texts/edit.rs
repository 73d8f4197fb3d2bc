//! `/admin/mail/texts/{text}/{language}`: subject and body of a text, with a preview of what is typed, and the way
//! back to the original.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::accounts::{self, CurrentMailText, MailTextError};
use crate::admin::flash::{Done, Flash};
use crate::admin::mail::texts::list;
use crate::admin::mail::{detail, preview};
use crate::admin::session::{Administrator, Post, RecentlyAuthenticatedPost};
use crate::app::App;
use crate::mail::{MailWords, Preview, WordsError, WordsProblem, sample};
use crate::texts::Lang;
use crate::types::{MailText, MailTextSource};
use crate::web::form_page::FormPage;
use crate::web::layout::{Layout, see_other};
use crate::web::{Page, PageError, PageForm};

/// The field with the version of the words that the form displayed (optimistic locking).
const VERSION: &str = "version";

#[derive(Template)]
#[template(path = "admin/mail/texts/edit.html")]
struct MailTextPage {
    layout: Layout,
    trail: Vec<(String, String)>,
    heading: String,
    path: String,
    /// The path, the language and whether it is this one.
    languages: Vec<(String, Lang, bool)>,
    /// The file that decides instead, if there is one.
    own_file: Option<String>,
    is_edited: bool,
    version: String,
    source: MailTextSource,
    /// The text that another administrator saved meanwhile.
    theirs: Option<MailTextSource>,
    placeholders: Vec<(&'static str, &'static str)>,
    needs_link: bool,
    errors: MailTextErrors,
    /// The words of the fields as a mail.
    preview: Option<Preview>,
    /// Whether the preview is of words that are not saved.
    is_draft: bool,
}

/// The errors beside the fields, and those of the whole form.
#[derive(Default)]
struct MailTextErrors {
    subject: Vec<String>,
    body: Vec<String>,
    form: Vec<String>,
    /// Whether another administrator has changed the text.
    is_changed: bool,
}

impl MailTextErrors {
    fn of(t: Lang, errors: &[WordsError]) -> Self {
        let mut all = Self::default();
        for error in errors {
            let list = if error.is_in_subject { &mut all.subject } else { &mut all.body };
            list.push(error_text(t, error));
        }
        all
    }

    const fn are_none(&self) -> bool {
        self.subject.is_empty() && self.body.is_empty() && self.form.is_empty()
    }
}

fn error_text(t: Lang, error: &WordsError) -> String {
    let text = match &error.problem {
        WordsProblem::NoSubject => t.mail_text_no_subject().to_owned(),
        WordsProblem::TooLong(most) => t.mail_text_too_long(most),
        WordsProblem::Unclosed => t.mail_text_unclosed().to_owned(),
        WordsProblem::Statement => t.mail_text_statement().to_owned(),
        WordsProblem::UnknownPlaceholder(name) => t.mail_text_unknown(format!("{{{{ {name} }}}}")),
        WordsProblem::LinkInSubject => t.mail_text_link_in_subject().to_owned(),
        WordsProblem::NoLink => t.mail_text_no_link().to_owned(),
    };
    match error.line {
        Some(line) => t.mail_text_in_line(line, text),
        None => text,
    }
}

fn opened(path: &(String, String)) -> Result<(MailText, Lang), PageError> {
    let lang = Lang::ALL.into_iter().find(|lang| lang.tag() == path.1);
    MailText::named(&path.0).zip(lang).ok_or(PageError::NotFound)
}

/// `GET`.
pub(crate) async fn form(
    app: Data<App>,
    admin: Administrator,
    path: Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let (text, lang) = opened(&path)?;
    let current = accounts::current_mail_text(&app, text, lang).await?;
    Ok(render(&app, &admin, (text, lang), &current, None, MailTextErrors::default()))
}

/// `POST`: saves the words, or shows them as a mail.
pub(crate) async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    path: Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post.0;
    let (text, lang) = opened(&path)?;
    let typed = MailTextSource {
        subject: form.get("subject").to_owned(),
        body: form.get("body").replace("\r\n", "\n"),
    };
    if form.get("do") == "preview" {
        let current = accounts::current_mail_text(&app, text, lang).await?;
        let errors = MailWords::parse(text, &typed).err().unwrap_or_default();
        let errors = MailTextErrors::of(admin.t, &errors);
        return Ok(render(&app, &admin, (text, lang), &current, Some((typed, &form)), errors));
    }
    let version = form.get(VERSION);
    let errors = match accounts::edit_mail_text(&app, text, lang, typed.clone(), version, &admin.actor).await
    {
        Ok(()) => {
            let name = label(admin.t, text, lang);
            return Ok(admin.redirect(&list::path_of(text, lang), &Flash::One(Done::MailTextSaved, name)));
        }
        Err(MailTextError::Invalid(errors)) => MailTextErrors::of(admin.t, &errors),
        Err(MailTextError::Changed) => {
            let form = vec![admin.t.mail_text_changed().to_owned()];
            MailTextErrors { form, is_changed: true, ..MailTextErrors::default() }
        }
        Err(MailTextError::OwnFile(file)) => {
            let form = vec![admin.t.mail_text_own_file(file)];
            MailTextErrors { form, ..MailTextErrors::default() }
        }
        Err(MailTextError::Store(error)) => return Err(error.into()),
    };
    let current = accounts::current_mail_text(&app, text, lang).await?;
    Ok(render(&app, &admin, (text, lang), &current, Some((typed, &form)), errors))
}

/// `GET …/preview`: the saved words as a mail, for the frame.
pub(crate) async fn frame(
    app: Data<App>,
    _: Administrator,
    path: Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let (text, lang) = opened(&path)?;
    let current = accounts::current_mail_text(&app, text, lang).await?;
    let preview = preview_of(&app, text, lang, &current.source).ok_or(PageError::NotFound)?;
    Ok(preview::respond(&preview.mail.html))
}

/// `GET …/reset`: asks whether to go back to the original.
pub(crate) async fn reset_form(
    app: Data<App>,
    admin: Administrator,
    path: Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let (text, lang) = opened(&path)?;
    let current = accounts::current_mail_text(&app, text, lang).await?;
    if !current.is_edited {
        return Ok(see_other(&list::path_of(text, lang)).finish());
    }
    Ok(reset_page(&admin, text, lang, &current).render_for(&admin))
}

/// `POST …/reset`.
pub(crate) async fn reset(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
    path: Path<(String, String)>,
) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post.0;
    let (text, lang) = opened(&path)?;
    let version = Some(form.get(VERSION)).filter(|version| !version.is_empty());
    match accounts::reset_mail_text(&app, text, lang, version, &admin.actor).await {
        Ok(()) => {
            let name = label(admin.t, text, lang);
            Ok(admin.redirect(&list::path_of(text, lang), &Flash::One(Done::MailTextReset, name)))
        }
        Err(MailTextError::Store(error)) => Err(error.into()),
        Err(_) => {
            let current = accounts::current_mail_text(&app, text, lang).await?;
            let page = reset_page(&admin, text, lang, &current);
            Ok(page.with_error(admin.t.mail_text_changed().to_owned()).render_for(&admin))
        }
    }
}

fn reset_page(admin: &Administrator, text: MailText, lang: Lang, current: &CurrentMailText) -> FormPage {
    let (t, path) = (admin.t, list::path_of(text, lang));
    let mut page = FormPage::new(
        admin.layout(),
        (t.mail_texts_heading(), list::LIST),
        t.mail_text_reset_heading().to_owned(),
        t.mail_text_reset(),
        &format!("{path}/reset"),
    )
    .below(&label(t, text, lang), path);
    page.lead.push(t.mail_text_reset_lead().to_owned());
    page.hidden.push((VERSION, current.version()));
    page
}

fn label(t: Lang, text: MailText, lang: Lang) -> String {
    format!("{} ({})", t.mail_text_label(text), lang.own_name())
}

fn preview_of(app: &App, text: MailText, lang: Lang, source: &MailTextSource) -> Option<Preview> {
    let words = MailWords::parse(text, source).ok()?;
    app.mailer.preview(&sample(text, Some(lang)), Some(&words)).ok()
}

fn render(
    app: &App,
    admin: &Administrator,
    (text, lang): (MailText, Lang),
    current: &CurrentMailText,
    typed: Option<(MailTextSource, &PageForm)>,
    errors: MailTextErrors,
) -> HttpResponse {
    let layout = admin.layout();
    let t = layout.t;
    let status = if errors.are_none() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let is_draft = typed.is_some();
    // A form that was refused keeps the version that it displayed, unless the page says that the words have changed.
    let version = match &typed {
        Some((_, form)) if errors.form.is_empty() => form.get(VERSION).to_owned(),
        _ => current.version(),
    };
    // What the other administrator saved, to compare with.
    let theirs = errors.is_changed.then(|| current.source.clone());
    let source = typed.map_or_else(|| current.source.clone(), |(typed, _)| typed);
    let page = MailTextPage {
        trail: vec![detail::trail(t), (t.mail_texts_heading().to_owned(), list::LIST.to_owned())],
        heading: t.mail_text_label(text).to_owned(),
        path: list::path_of(text, lang),
        languages: Lang::ALL.map(|other| (list::path_of(text, other), other, other == lang)).into(),
        own_file: app.mailer.own_file(text, lang),
        is_edited: current.is_edited,
        version,
        placeholders: text.placeholders().map(|name| (name, t.mail_placeholder(name))).collect(),
        needs_link: text.needs_link(),
        preview: preview_of(app, text, lang, &source),
        source,
        theirs,
        errors,
        is_draft,
        layout,
    };
    admin.render(Page::new(page).with_status(status).with_frames())
}
