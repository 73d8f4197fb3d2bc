//! `/admin/mail/{id}/retry` and `/admin/mail/{id}/drop`: sends a mail again, or gives it up.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts::{self, MailError};
use crate::admin::flash::{Done, Flash};
use crate::admin::mail::detail;
use crate::admin::mail::detail::path_of;
use crate::admin::mail::query::LIST;
use crate::admin::session::{Administrator, Post};
use crate::app::App;
use crate::store::tables::mails::{DeliveryState, Mail};
use crate::texts::Lang;
use crate::types::MailId;
use crate::web::PageError;
use crate::web::form_page::FormPage;
use crate::web::layout::see_other;

/// `GET …/retry`, where signing in leads when the session ended before the click: redirects to the mail.
pub(crate) async fn to_mail(_: Administrator, id: Path<i64>) -> HttpResponse {
    see_other(&path_of(MailId::new(*id))).finish()
}

/// `POST …/retry`.
pub(crate) async fn retry(app: Data<App>, post: Post, id: Path<i64>) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, .. } = post;
    let mail = detail::mail(&app, *id).await?;
    if let Err(error) = accounts::retry_mail(&app, mail.id, &admin.actor).await {
        let text = error_text(admin.t, error)?;
        return Ok(page(&admin, &mail, admin.t.mail_number(mail.id), "").with_error(text).render_for(&admin));
    }
    let done = if app.current().mail.is_sent() { Done::MailRetried } else { Done::MailRetriedLater };
    Ok(admin.redirect(&path_of(mail.id), &Flash::One(done, mail.content.to.to_string())))
}

/// `GET …/drop`.
pub(crate) async fn drop_form(
    app: Data<App>,
    admin: Administrator,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let mail = detail::mail(&app, *id).await?;
    if !matches!(mail.state, DeliveryState::Waiting | DeliveryState::Dead) {
        return Ok(see_other(&path_of(mail.id)).finish());
    }
    Ok(drop_page(&admin, &mail).render_for(&admin))
}

/// `POST …/drop`.
pub(crate) async fn drop(app: Data<App>, post: Post, id: Path<i64>) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, .. } = post;
    let mail = detail::mail(&app, *id).await?;
    if let Err(error) = accounts::drop_mail(&app, mail.id, &admin.actor).await {
        let text = error_text(admin.t, error)?;
        return Ok(drop_page(&admin, &mail).without_form().with_error(text).render_for(&admin));
    }
    Ok(admin.redirect(&path_of(mail.id), &Flash::One(Done::MailDropped, mail.content.to.to_string())))
}

fn drop_page(admin: &Administrator, mail: &Mail) -> FormPage {
    let t = admin.t;
    let page = page(admin, mail, t.drop_mail_heading(&mail.content.to), t.drop_mail_submit());
    FormPage { lead: vec![t.drop_mail_lead().to_owned()], is_dangerous: true, ..page }
}

fn page(admin: &Administrator, mail: &Mail, heading: String, submit: &'static str) -> FormPage {
    let (t, path) = (admin.t, path_of(mail.id));
    let action = format!("{path}/drop");
    FormPage::new(admin.layout(), (t.mail_heading(), LIST), heading, submit, &action)
        .below(&t.mail_number(mail.id), path)
}

/// Why the action is not possible. Other errors are pages of their own.
fn error_text(t: Lang, error: MailError) -> Result<String, PageError> {
    match error {
        MailError::BeingSent(_) => Ok(t.mail_being_sent().to_owned()),
        MailError::LinkGone(_) => Ok(t.mail_key_gone_for_good().to_owned()),
        MailError::Ended(_, DeliveryState::Sent) => Ok(t.mail_has_ended(t.state_sent())),
        MailError::Ended(..) => Ok(t.mail_has_ended(t.state_dropped())),
        MailError::NotFound => Err(PageError::NotFound),
        MailError::Store(error) => Err(error.into()),
    }
}
