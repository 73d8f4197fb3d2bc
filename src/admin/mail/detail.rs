//! `/admin/mail/{id}`: one mail, what became of it and what can be done.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};
use askama::Template;

use crate::admin::invitations::list;
use crate::admin::mail::query::LIST;
use crate::admin::mail::row::state;
use crate::admin::users::current_user_form;
use crate::app::App;
use crate::mail::{DeliveryError, DeliveryExplanation, Preview};
use crate::store::tables::mails;
use crate::store::tables::mails::{DeliveryState, Mail};
use crate::texts::Lang;
use crate::types::{MailId, MessageKind};
use crate::web::layout::{Layout, Section};
use crate::web::session::guard::Administrator;
use crate::web::{Page, PageError, When};

#[derive(Template)]
#[template(path = "admin/mail/detail.html")]
struct MailPage {
    shell: Layout,
    trail: Vec<(String, String)>,
    kind: &'static str,
    state: (&'static str, &'static str),
    written: When,
    next_try: Option<When>,
    is_being_sent: bool,
    ended: Option<When>,
    /// DeliveryError it was not sent the last time, and what may help.
    error: Option<(DeliveryExplanation, &'static str)>,
    can_retry: bool,
    can_drop: bool,
    /// What to do instead, where it cannot be sent any more: words, and the path and label of a page.
    instead: Option<(&'static str, Option<(String, &'static str)>)>,
    /// The words, or why there are none.
    preview: Result<Preview, String>,
    mail: Mail,
}

/// `GET /admin/mail/{id}`.
///
/// # Errors
/// If there is no such mail, or the store fails.
pub(crate) async fn page(
    app: Data<App>,
    admin: Administrator,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let mail = find(&app, *id).await?;
    let shell = admin.shell(Section::Mail);
    let is_being_sent = mail.is_being_sent(admin.now);
    let has_lost_its_key = mail.state == DeliveryState::Dead && mail.content.kind.needs_key();
    let can_drop = matches!(mail.state, DeliveryState::Waiting | DeliveryState::Dead) && !is_being_sent;
    let page = MailPage {
        trail: vec![trail(shell.t)],
        kind: shell.t.mail_kind(mail.content.kind.as_str()),
        state: state(shell.t, &mail, admin.now),
        written: shell.when(mail.content.written_at),
        next_try: mail.due_at.filter(|due| *due > admin.now).map(|due| shell.until(due)),
        is_being_sent,
        ended: mail.ended_at.map(|moment| shell.when(moment)),
        error: mail.last_error.as_deref().map(|line| told(shell.t, line)),
        can_retry: can_drop && !has_lost_its_key,
        can_drop,
        instead: has_lost_its_key.then(|| instead(shell.t, &mail)),
        preview: app.mailer.preview(&mail.content).map_err(|error| error.to_string()),
        mail,
        shell,
    };
    Ok(admin.answer(Page::new(page).with_frames()))
}

fn told(t: Lang, line: &str) -> (DeliveryExplanation, &'static str) {
    let why = DeliveryError::of_stored(line);
    (why.explain(t), why.hint(t))
}

/// What to do instead of sending a mail that lost its link.
fn instead(t: Lang, mail: &Mail) -> (&'static str, Option<(String, &'static str)>) {
    let user = || mail.user.map(|user| (current_user_form::page_of(user), t.to_the_user()));
    match mail.content.kind {
        MessageKind::Invite => {
            (t.mail_key_gone_invite(), Some((list::LIST.to_owned(), t.invitations_heading())))
        }
        MessageKind::ConfirmEmail | MessageKind::ResetPassword => (t.mail_key_gone(), user()),
        _ => (t.mail_key_gone_for_good(), user()),
    }
}

/// The mail with the number in the URL.
///
/// # Errors
/// [`PageError::NotFound`] if there is none; if the store fails.
pub(crate) async fn find(app: &App, id: i64) -> Result<Mail, PageError> {
    app.store.read(move |conn| mails::by_id(conn, MailId::new(id))).await?.ok_or(PageError::NotFound)
}

/// The page of a mail.
pub(crate) fn page_of(id: MailId) -> String {
    format!("{LIST}/{id}")
}

/// The list, as the page above.
pub(crate) fn trail(t: Lang) -> (String, String) {
    (t.mail_heading().to_owned(), LIST.to_owned())
}
