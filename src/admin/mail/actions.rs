//! `/admin/mail/{id}/retry` and `/admin/mail/{id}/drop`.

use actix_web::HttpResponse;
use actix_web::web::{Data, Path};

use crate::accounts::{self, MailError};
use crate::admin::mail::detail::{find, page_of};
use crate::admin::mail::query::LIST;
use crate::app::App;
use crate::store::tables::mails::{DeliveryState, Mail};
use crate::texts::Lang;
use crate::types::MailId;
use crate::web::PageError;
use crate::web::flash::{Done, Flash};
use crate::web::form_page::FormPage;
use crate::web::layout::{Section, see_other};
use crate::web::session::guard::{Administrator, Post};

/// `GET …/retry`: who comes here after signing in again is sent to the mail.
pub(crate) async fn to_mail(_: Administrator, id: Path<i64>) -> HttpResponse {
    see_other(&page_of(MailId::new(*id))).finish()
}

/// `POST …/retry`.
///
/// # Errors
/// If there is no such mail, or the store fails.
pub(crate) async fn retry(app: Data<App>, post: Post, id: Path<i64>) -> Result<HttpResponse, PageError> {
    let Post { admin, .. } = post;
    let mail = find(&app, *id).await?;
    if let Err(error) = accounts::retry_mail(&app, mail.id, &admin.actor).await {
        let why = in_words(admin.t, error)?;
        return Ok(page(&admin, &mail, admin.t.mail_number(mail.id), "").refused(why).show(&admin));
    }
    let done = if app.config.mail.smtp.is_some() { Done::MailRetried } else { Done::MailRetriedLater };
    Ok(admin.go_on(&page_of(mail.id), &Flash::One(done, mail.content.to.to_string())))
}

/// `GET …/drop`.
///
/// # Errors
/// If there is no such mail, or the store fails.
pub(crate) async fn drop_form(
    app: Data<App>,
    admin: Administrator,
    id: Path<i64>,
) -> Result<HttpResponse, PageError> {
    let mail = find(&app, *id).await?;
    if !matches!(mail.state, DeliveryState::Waiting | DeliveryState::Dead) {
        return Ok(see_other(&page_of(mail.id)).finish());
    }
    Ok(drop_page(&admin, &mail).show(&admin))
}

/// `POST …/drop`.
///
/// # Errors
/// If there is no such mail, or the store fails.
pub(crate) async fn drop(app: Data<App>, post: Post, id: Path<i64>) -> Result<HttpResponse, PageError> {
    let Post { admin, .. } = post;
    let mail = find(&app, *id).await?;
    if let Err(error) = accounts::drop_mail(&app, mail.id, &admin.actor).await {
        let why = in_words(admin.t, error)?;
        return Ok(drop_page(&admin, &mail).closed().refused(why).show(&admin));
    }
    Ok(admin.go_on(&page_of(mail.id), &Flash::One(Done::MailDropped, mail.content.to.to_string())))
}

fn drop_page(admin: &Administrator, mail: &Mail) -> FormPage {
    let t = admin.t;
    let page = page(admin, mail, t.drop_mail_heading(&mail.content.to), t.drop_mail_submit());
    FormPage { lead: vec![t.drop_mail_lead().to_owned()], is_dangerous: true, ..page }
}

fn page(admin: &Administrator, mail: &Mail, heading: String, submit: &'static str) -> FormPage {
    let (t, path) = (admin.t, page_of(mail.id));
    let action = format!("{path}/drop");
    FormPage::under(admin, Section::Mail, (t.mail_heading(), LIST), heading, submit, &action)
        .below(&t.mail_number(mail.id), path)
}

/// Why a mail stays as it is; what is no answer to that is an error.
fn in_words(t: Lang, error: MailError) -> Result<String, PageError> {
    match error {
        MailError::BeingSent(_) => Ok(t.mail_being_sent().to_owned()),
        MailError::KeyGone(_) => Ok(t.mail_key_gone_for_good().to_owned()),
        MailError::Ended(_, DeliveryState::Sent) => Ok(t.mail_has_ended(t.state_sent())),
        MailError::Ended(..) => Ok(t.mail_has_ended(t.state_dropped())),
        MailError::NotFound => Err(PageError::NotFound),
        MailError::Store(error) => Err(error.into()),
    }
}
