//! `/admin/users/invite`: one address or a pasted list of them. What was pasted is checked first, and the
//! page says whom it hits; then the invitations are sent.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;

use super::addresses::Addresses;
use super::flash::{Done, Flash};
use super::found;
use super::guard::{Administrator, Post, Proven, ProvenPost};
use super::invitations;
use super::shell::{Section, Shell};
use crate::accounts;
use crate::app::App;
use crate::html::{Page, PageError};
use crate::store::users;
use crate::types::Email;

/// How many addresses a list may have.
const MOST: usize = 1_000;

#[derive(Template)]
#[template(path = "admin/invite.html")]
struct InvitePage {
    shell: Shell,
    trail: Vec<(String, String)>,
    is_waiting: bool,
    typed: String,
    errors: Vec<String>,
    check: Option<Check>,
}

/// What became of a list that was checked.
struct Check {
    new: Vec<Email>,
    /// The address, and whose it is: name and path.
    users: Vec<(Email, String, String)>,
    /// Line, text and what is wrong.
    bad: Vec<(usize, String, String)>,
    repeated: usize,
}

/// `GET`: the empty form.
pub async fn form(app: Data<App>, admin: Proven) -> HttpResponse {
    show(&app, &admin.0, String::new(), Vec::new(), None)
}

/// `POST`: checks the list, or sends what was checked.
///
/// # Errors
/// If the store fails.
pub async fn submit(app: Data<App>, post: ProvenPost) -> Result<HttpResponse, PageError> {
    let Post { admin, form } = post.0;
    let typed = form.get("addresses").to_owned();
    let list = Addresses::read(&typed);
    let t = admin.t;
    if list.len() == 0 {
        return Ok(show(&app, &admin, typed, vec![t.field_blank().to_owned()], None));
    }
    if list.len() > MOST {
        let error = t.invite_too_many(t.number(MOST as u64));
        return Ok(show(&app, &admin, typed, vec![error], None));
    }
    if form.get("do") == "send" {
        return send(&app, &admin, list).await;
    }
    let check = check(&app, &admin, list).await?;
    Ok(show(&app, &admin, typed, Vec::new(), Some(check)))
}

async fn send(app: &App, admin: &Administrator, list: Addresses) -> Result<HttpResponse, PageError> {
    let outcome = accounts::invite_many(app, list.emails, &admin.actor).await?;
    let done = if app.config.mail.smtp.is_some() { Done::Invited } else { Done::InviteWaits };
    Ok(admin.go_on(invitations::LIST, &Flash::Many(done, outcome.sent, outcome.taken)))
}

async fn check(app: &App, admin: &Administrator, list: Addresses) -> Result<Check, PageError> {
    let Addresses { emails, bad, repeated } = list;
    let sorted = app.store.read_aside(move |conn| {
        let (mut new, mut known) = (Vec::new(), Vec::new());
        for email in emails {
            match users::by_email(conn, &email)? {
                Some(user) => known.push((email, user.username.to_string(), found::page_of(user.id))),
                None => new.push(email),
            }
        }
        Ok((new, known))
    });
    let (new, users) = sorted.await?;
    let why = |rules: &[_]| rules.iter().map(|rule| admin.t.email_rule(*rule)).collect::<Vec<_>>().join(" ");
    let bad = bad.into_iter().map(|bad| (bad.line, bad.text, why(&bad.why))).collect();
    Ok(Check { new, users, bad, repeated })
}

fn show(
    app: &App,
    admin: &Administrator,
    typed: String,
    errors: Vec<String>,
    check: Option<Check>,
) -> HttpResponse {
    let shell = admin.shell(Section::Users);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = InvitePage {
        trail: vec![(shell.t.users_heading().to_owned(), "/admin/users/".to_owned())],
        is_waiting: app.config.mail.smtp.is_none(),
        typed,
        errors,
        check,
        shell,
    };
    admin.answer(Page::new(page).with_status(status))
}

impl Check {
    /// The new addresses, for the form that sends.
    fn list(&self) -> String {
        self.new.iter().map(Email::as_str).collect::<Vec<_>>().join("\n")
    }
}
