//! `/admin/mail/{id}`: the page of a mail, with its state, its content and the actions.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::accounts;
use crate::admin::invitations::list;
use crate::admin::mail::query::LIST;
use crate::admin::mail::row::state;
use crate::admin::session::Administrator;
use crate::admin::users::user_form;
use crate::app::App;
use crate::mail::{DeliveryError, DeliveryExplanation, Preview};
use crate::store::tables::mails;
use crate::store::tables::mails::{DeliveryState, Mail};
use crate::texts::Lang;
use crate::types::{MailId, MailText, MessageKind};
use crate::web::layout::Layout;
use crate::web::{Page, PageError, When};

#[derive(Template)]
#[template(path = "admin/mail/detail.html")]
struct MailPage {
    layout: Layout,
    trail: Vec<(String, String)>,
    kind: &'static str,
    state: (&'static str, &'static str),
    written: When,
    next_try: Option<When>,
    is_being_sent: bool,
    ended: Option<When>,
    /// Why the last attempt failed, and what may help.
    error: Option<(DeliveryExplanation, &'static str)>,
    can_retry: bool,
    can_drop: bool,
    /// What to do instead of sending it again: text, and path and label of a page.
    instead: Option<(&'static str, Option<(String, &'static str)>)>,
    /// The content, or why it cannot be rendered.
    preview: Result<Preview, String>,
    mail: Mail,
}

/// `GET /admin/mail/{id}`.
pub(crate) async fn page(
    app: Data<App>,
    admin: Administrator,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let mail = mail(&app, *id).await?;
    let layout = admin.layout();
    let is_being_sent = mail.is_being_sent(admin.now);
    let is_useless = mail.state == DeliveryState::Dead && !accounts::can_be_sent(&app, &mail).await?;
    let can_drop = matches!(mail.state, DeliveryState::Waiting | DeliveryState::Dead) && !is_being_sent;
    let edited = accounts::edited_words(&app, &mail.content).await?;
    let page = MailPage {
        trail: vec![trail(layout.t)],
        kind: layout.t.mail_text_label(MailText::of(mail.content.kind, &mail.content.params)),
        state: state(layout.t, &mail, admin.now),
        written: layout.when(mail.content.written_at),
        next_try: mail.due_at.filter(|due| *due > admin.now).map(|due| layout.until(due)),
        is_being_sent,
        ended: mail.ended_at.map(|moment| layout.when(moment)),
        error: mail.last_error.as_deref().map(|line| explanation(layout.t, line)),
        can_retry: can_drop && !is_useless,
        can_drop,
        instead: is_useless.then(|| instead(layout.t, &mail)),
        preview: app.mailer.preview(&mail.content, edited.as_ref()).map_err(|error| error.to_string()),
        mail,
        layout,
    };
    Ok(admin.render(Page::new(page).with_frames()))
}

fn explanation(t: Lang, line: &str) -> (DeliveryExplanation, &'static str) {
    let error = DeliveryError::of_stored(line);
    (error.explain(t), error.hint(t))
}

/// What to do instead of sending a mail whose link no longer works.
fn instead(t: Lang, mail: &Mail) -> (&'static str, Option<(String, &'static str)>) {
    let user = || mail.user.map(|user| (user_form::path_of(user), t.to_the_user()));
    match mail.content.kind {
        MessageKind::Invite => {
            (t.mail_key_gone_invite(), Some((list::LIST.to_owned(), t.invitations_heading())))
        }
        MessageKind::ConfirmEmail | MessageKind::ResetPassword => (t.mail_key_gone(), user()),
        MessageKind::EmailChanged
        | MessageKind::NewPlace
        | MessageKind::EmailChangedByAdministrator
        | MessageKind::PasswordChanged
        | MessageKind::ChangedByAdministrator
        | MessageKind::AccountDeleted
        | MessageKind::AlreadyRegistered
        | MessageKind::Test => (t.mail_key_gone_for_good(), user()),
    }
}

/// The mail with the id in the URL, or [`PageError::NotFound`].
pub(crate) async fn mail(app: &App, id: i64) -> Result<Mail, PageError> {
    app.store.read(move |conn| mails::by_id(conn, MailId::new(id))).await?.ok_or(PageError::NotFound)
}

/// The path of a mail's page.
pub(crate) fn path_of(id: MailId) -> String {
    format!("{LIST}/{id}")
}

/// The breadcrumb of the list.
pub(crate) fn trail(t: Lang) -> (String, String) {
    (t.mail_heading().to_owned(), LIST.to_owned())
}
