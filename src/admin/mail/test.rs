//! `/admin/mail/test`: sends a test mail, and says what goes wrong.

use actix_web::HttpResponse;
use actix_web::web::Data;

use crate::accounts::{self, TestMailError};
use crate::admin::mail::query::LIST;
use crate::app::App;
use crate::mail::ComposeError;
use crate::types::{Email, trimmed};
use crate::web::PageError;
use crate::web::flash::{Done, Flash};
use crate::web::form_page::{Field, FormPage};
use crate::web::layout::Section;
use crate::web::session::guard::{Administrator, Post};

const PATH: &str = "/admin/mail/test";

/// `GET`.
pub(crate) async fn form(admin: Administrator) -> HttpResponse {
    page(&admin, admin.user.email.to_string(), Vec::new()).show(&admin)
}

/// `POST`.
pub(crate) async fn submit(app: Data<App>, post: Post) -> Result<HttpResponse, PageError> {
    let Post { admin, form } = post;
    let t = admin.t;
    let typed = trimmed(form.get("to")).to_owned();
    let Ok(to) = Email::parse(&typed) else {
        return Ok(page(&admin, typed, vec![t.mail_bad_address().to_owned()]).show(&admin));
    };
    let Err(error) = accounts::send_test_mail(&app, to.clone(), &admin.actor).await else {
        return Ok(admin.go_on(LIST, &Flash::One(Done::MailTested, to.to_string())));
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
    Ok(page.show(&admin))
}

fn page(admin: &Administrator, to: String, errors: Vec<String>) -> FormPage {
    let t = admin.t;
    let above = (t.mail_heading(), LIST);
    let page =
        FormPage::under(admin, Section::Mail, above, t.test_mail().to_owned(), t.test_mail_submit(), PATH);
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
