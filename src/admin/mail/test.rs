//! `/admin/mail/test`: sends a test mail at once, and displays the error if that fails.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::accounts::{self, TestMailError};
use crate::admin::flash::{Done, Flash};
use crate::admin::mail::query::LIST;
use crate::admin::session::{Administrator, Post};
use crate::app::App;
use crate::mail::ComposeError;
use crate::types::{Email, trimmed};
use crate::web::PageError;
use crate::web::form_page::{Field, FormPage};

const PATH: &str = "/admin/mail/test";

/// `GET`. Without a mail server the page says what to set, and has no form.
pub(crate) async fn form(app: Data<App>, admin: Administrator) -> HttpResponse {
    let page = page(&admin, admin.user.email.to_string(), Vec::new());
    if app.current().mail.is_sent() {
        return page.render_for(&admin);
    }
    let mut page = page.without_form();
    page.warning = Some(admin.t.test_mail_no_server().into());
    page.remedy = Some((admin.t.settings_change_mail(), "/admin/settings/mail"));
    page.render_for(&admin)
}

/// `POST`.
pub(crate) async fn submit(app: Data<App>, post: Post) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post;
    let t = admin.t;
    let typed = trimmed(form.get("to")).to_owned();
    let Ok(to) = Email::parse(&typed) else {
        return Ok(page(&admin, typed, vec![t.mail_bad_address().to_owned()]).render_for(&admin));
    };
    let Err(error) = accounts::send_test_mail(&app, to.clone(), &admin.actor).await else {
        return Ok(admin.redirect(LIST, &Flash::One(Done::MailTested, to.to_string())));
    };
    let mut page = page(&admin, typed, Vec::new());
    match error {
        TestMailError::NoServer => page.errors.push(t.test_mail_no_server().to_owned()),
        TestMailError::Send(error) | TestMailError::Compose(ComposeError::Invalid(error)) => {
            page.errors.push(t.test_mail_failed(error.explain(t)));
            let hint = error.hint(t);
            page.errors.extend((!hint.is_empty()).then(|| t.test_mail_hint(hint)));
        }
        TestMailError::Compose(error) => page.errors.push(t.test_mail_failed(error)),
        TestMailError::Store(error) => return Err(error.into()),
    }
    Ok(page.render_for(&admin))
}

fn page(admin: &Administrator, to: String, errors: Vec<String>) -> FormPage {
    let t = admin.t;
    let above = (t.mail_heading(), LIST);
    let page = FormPage::new(admin.layout(), above, t.test_mail().to_owned(), t.test_mail_submit(), PATH);
    let field = Field {
        id: "to",
        label: t.column_to(),
        kind: "email",
        autocomplete: "email",
        value: to,
        errors,
        ..Field::default()
    };
    FormPage { lead: vec![t.test_mail_lead().to_owned()], fields: vec![field], ..page }
}
