//! `/admin/users/chosen`: one thing for many users. The page says exactly whom it hits; should
//! others be meant by the time the form comes back, it asks again.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use sha2::{Digest as _, Sha256};

use super::flash::{Done, Flash};
use super::form_page::FormPage;
use super::guard::{Administrator, Post, Proven, ProvenPost};
use super::user_query::UserQuery;
use crate::accounts::{self, Bulk};
use crate::app::App;
use crate::html::{Form, PageError};
use crate::store::user_list::{self, Listed};
use crate::texts::Lang;
use crate::types::UserId;

/// How many users can be meant at once.
const MOST: usize = 10_000;

/// How many of them the page names.
const NAMED: usize = 100;

/// The field that tells which users the page named.
const WHOM: &str = "whom";

/// `GET`: whom it would hit.
///
/// # Errors
/// [`PageError::NotFound`] if nothing is to be done; if the store fails.
pub async fn form(app: Data<App>, request: HttpRequest, admin: Proven) -> Result<HttpResponse, PageError> {
    let choice = Choice::read(&Form::of_query(request.query_string()))?;
    let users = choice.users(&app).await?;
    Ok(page(&admin.0, &choice, &users).show(&admin.0))
}

/// `POST`: does it.
///
/// # Errors
/// As [`form`].
pub async fn submit(app: Data<App>, post: ProvenPost) -> Result<HttpResponse, PageError> {
    let Post { admin, form } = post.0;
    let choice = Choice::read(&form)?;
    let users = choice.users(&app).await?;
    if users.is_empty() || users.len() > MOST || form.get(WHOM) != mark(&users) {
        let mut page = page(&admin, &choice, &users);
        page.errors.push(admin.t.bulk_changed().to_owned());
        return Ok(page.show(&admin));
    }
    let ids = users.iter().map(Listed::id).collect();
    let outcome = accounts::change_many(&app, ids, choice.what, None, &admin.actor).await?;
    let done = match choice.what {
        Bulk::Confirm => Done::Confirmed,
        Bulk::Activate => Done::Activated,
        Bulk::Deactivate => Done::Deactivated,
        Bulk::Delete => Done::Deleted,
    };
    Ok(admin.go_on(&choice.query.path(super::user_query::LIST), &Flash::Many(done, outcome.done)))
}

/// What is to be done, and to whom.
struct Choice {
    what: Bulk,
    query: UserQuery,
    /// All whom the query means, and not only those ticked.
    is_all: bool,
    ids: Vec<i64>,
}

const DEEDS: [(&str, Bulk); 4] = [
    ("confirm", Bulk::Confirm),
    ("activate", Bulk::Activate),
    ("deactivate", Bulk::Deactivate),
    ("delete", Bulk::Delete),
];

impl Choice {
    fn read(form: &Form) -> Result<Self, PageError> {
        let deed = DEEDS.iter().find(|(word, _)| *word == form.get("do"));
        let (_, what) = *deed.ok_or(PageError::NotFound)?;
        let ids = form.all("id").filter_map(|id| id.parse().ok()).take(MOST + 1).collect();
        Ok(Self { what, query: UserQuery::read(form), is_all: form.has("all"), ids })
    }

    async fn users(&self, app: &App) -> Result<Vec<Listed>, PageError> {
        let (is_all, wanted, ids) = (self.is_all, self.query.wanted(), self.ids.clone());
        let found = app.store.read_aside(move |conn| match is_all {
            true => user_list::all(conn, &wanted, MOST),
            false => user_list::by_ids(conn, &ids.into_iter().map(UserId::new).collect::<Vec<_>>()),
        });
        Ok(found.await?)
    }

    fn hidden(&self, users: &[Listed]) -> Vec<(&'static str, String)> {
        let word = DEEDS.iter().find(|(_, what)| *what == self.what).map_or("", |(word, _)| word);
        let mut hidden = self.query.fields();
        hidden.push(("do", word.to_owned()));
        hidden.push((WHOM, mark(users)));
        if self.is_all {
            hidden.push(("all", "1".to_owned()));
        } else {
            hidden.extend(users.iter().map(|user| ("id", user.id().to_string())));
        }
        hidden
    }
}

/// A fingerprint of who is meant.
fn mark(users: &[Listed]) -> String {
    let mut digest = Sha256::new();
    for user in users {
        digest.update(user.id().get().to_be_bytes());
    }
    digest.finalize().iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn page(admin: &Administrator, choice: &Choice, users: &[Listed]) -> FormPage {
    let t = admin.t;
    let mut page = match users.len() {
        0 => empty(admin, t.bulk_nobody(), t.bulk_nobody_lead().to_owned()),
        1..=MOST => full(admin, choice, users),
        _ => empty(admin, t.bulk_too_many(), t.bulk_too_many_lead(t.number(MOST as u64))),
    };
    page.back = choice.query.path(super::user_query::LIST);
    page
}

fn empty(admin: &Administrator, heading: &str, lead: String) -> FormPage {
    let mut page = FormPage::new(admin, heading.to_owned(), "", "");
    page.lead.push(lead);
    page
}

fn full(admin: &Administrator, choice: &Choice, users: &[Listed]) -> FormPage {
    let t = admin.t;
    let (heading, lead, submit) = words(t, choice.what, users.len());
    let mut page = FormPage::new(admin, heading, submit, "/admin/users/chosen");
    page.lead = vec![lead.to_owned(), t.bulk_whom().to_owned()];
    page.whom = users.iter().take(NAMED).map(|user| format!("{} ({})", user.username, user.email)).collect();
    if users.len() > NAMED {
        page.whom.push(t.bulk_and_more(users.len() - NAMED));
    }
    page.hidden = choice.hidden(users);
    page.is_dangerous = matches!(choice.what, Bulk::Delete | Bulk::Deactivate);
    page
}

fn words(t: Lang, what: Bulk, count: usize) -> (String, &'static str, &'static str) {
    match what {
        Bulk::Confirm => (t.bulk_confirm_heading(count), t.bulk_confirm_lead(), t.bulk_confirm()),
        Bulk::Activate => (t.bulk_activate_heading(count), t.bulk_activate_lead(), t.bulk_activate()),
        Bulk::Deactivate => (t.bulk_deactivate_heading(count), t.bulk_deactivate_lead(), t.bulk_deactivate()),
        Bulk::Delete => (t.bulk_delete_heading(count), t.bulk_delete_lead(), t.bulk_delete()),
    }
}
