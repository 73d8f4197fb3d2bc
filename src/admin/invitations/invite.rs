//! `/admin/users/invite`: one address or a pasted list of them. What was pasted is checked first, and the
//! page says whom it hits; then the invitations are sent. The list itself is on the page once, in its
//! field, and so long at most that it fits; of what became of it the page names the first.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use sha2::{Digest as _, Sha256};

use crate::accounts;
use crate::admin::invitations::addresses::Addresses;
use crate::admin::invitations::list;
use crate::admin::users::current_user_form;
use crate::app::App;
use crate::store::tables::{one_time_keys, users};
use crate::store::{Conn, StoreError};
use crate::types::{Email, Timestamp};
use crate::web::flash::{Done, Flash};
use crate::web::layout::{Layout, Section};
use crate::web::session::guard::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::web::truncate;
use crate::web::{Page, PageError, beginning};

/// How many addresses a list may have.
const MOST: usize = 1_000;

/// How much of a list fits, in bytes of the page.
const LONGEST: usize = 24_000;

/// How many new addresses the page names.
const NEW_NAMED: usize = 50;

/// How many of those that get no invitation it names, for each reason.
const OTHERS_NAMED: usize = 20;

/// The field that tells which addresses were checked.
const CHECKED: &str = "checked";

#[derive(Template)]
#[template(path = "admin/invitations/invite.html")]
struct InvitePage {
    shell: Layout,
    trail: Vec<(String, String)>,
    is_waiting: bool,
    typed: String,
    errors: Vec<String>,
    check: Option<Check>,
}

/// What became of a list that was checked.
#[derive(Default)]
struct Check {
    new: InvitedAddress<String>,
    /// Those who are invited already: an earlier link stops working.
    again: InvitedAddress<String>,
    /// The address, and whose it is: name and path.
    users: InvitedAddress<(String, String, String)>,
    /// Line, text and what is wrong.
    bad: InvitedAddress<(usize, String, String)>,
    repeated: usize,
    /// The fingerprint of the addresses, and of who is invited already.
    mark: String,
}

/// The first of some, and how many there are.
#[derive(Default)]
struct InvitedAddress<T> {
    first: Vec<T>,
    count: usize,
}

impl<T> InvitedAddress<T> {
    fn add(&mut self, most: usize, one: impl FnOnce() -> T) {
        self.count += 1;
        if self.count <= most {
            self.first.push(one());
        }
    }

    /// How many are not named.
    const fn more(&self) -> usize {
        self.count.saturating_sub(self.first.len())
    }
}

/// `GET`: the empty form.
pub(crate) async fn form(app: Data<App>, admin: RecentlyAuthenticated) -> HttpResponse {
    show(&app, &admin.0, "", Vec::new(), None)
}

/// `POST`: checks the list, or sends what was checked.
pub(crate) async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
) -> Result<HttpResponse, PageError> {
    let Post { admin, form } = post.0;
    let t = admin.t;
    let refused = |typed: &str, error: String| Ok(show(&app, &admin, typed, vec![error], None));
    let (typed, rest) = fitting(form.get("addresses"));
    if let Some(next) = Addresses::first_part(rest) {
        return refused(typed, t.invite_too_long(truncate::name(next)));
    }
    let list = Addresses::read(typed);
    if list.len() == 0 {
        return refused(typed, t.field_blank().to_owned());
    }
    if list.len() > MOST {
        return refused(typed, t.invite_too_many(t.number(MOST as u64)));
    }
    let emails = list.emails.clone();
    let check = check(&app, &admin, list).await?;
    let is_sent = form.get("do") == "send";
    if is_sent && form.get(CHECKED) == check.mark {
        return send(&app, &admin, emails).await;
    }
    let errors = if is_sent { vec![t.invite_unchecked().to_owned()] } else { Vec::new() };
    Ok(show(&app, &admin, typed, errors, Some(check)))
}

/// As much of a list as fits the page, up to the end of a line or at least of an address, and the rest.
fn fitting(typed: &str) -> (&str, &str) {
    let kept = beginning(typed, LONGEST);
    if kept.len() == typed.len() {
        return (typed, "");
    }
    let ends: [fn(char) -> bool; 3] = [|c| c == '\n', |c| matches!(c, ',' | ';' | '\t'), char::is_whitespace];
    let end = ends.into_iter().find_map(|is_end| kept.rfind(is_end)).unwrap_or(kept.len());
    typed.split_at_checked(end).unwrap_or((typed, ""))
}

async fn send(app: &App, admin: &Administrator, emails: Vec<Email>) -> Result<HttpResponse, PageError> {
    let outcome = accounts::invite_many(app, emails, &admin.actor).await?;
    let done = if app.config.mail.smtp.is_some() { Done::Invited } else { Done::InviteWaits };
    Ok(admin.go_on(list::LIST, &Flash::Many(done, outcome.sent, outcome.taken)))
}

async fn check(app: &App, admin: &Administrator, list: Addresses) -> Result<Check, PageError> {
    let Addresses { emails, bad, repeated } = list;
    let mut check = Check { repeated, ..Check::default() };
    for bad in bad {
        let why: Vec<_> = bad.why.iter().map(|rule| admin.t.email_rule(*rule)).collect();
        check.bad.add(OTHERS_NAMED, || (bad.line, truncate::name(&bad.text), why.join(" ")));
    }
    let now = admin.now;
    Ok(app.store.read_aside(move |conn| check.with(conn, &emails, now)).await?)
}

impl Check {
    /// With the addresses, sorted by who has an account and who is invited.
    fn with(mut self, conn: &mut Conn, emails: &[Email], now: Timestamp) -> Result<Self, StoreError> {
        let mut digest = Sha256::new();
        for email in emails {
            let address = || truncate::email(email.as_str());
            let user = users::by_email(conn, email)?;
            let open = one_time_keys::invitation(conn, email, now)?;
            match (user, &open) {
                (Some(user), _) => self.users.add(OTHERS_NAMED, || {
                    (address(), truncate::name(user.username.as_str()), current_user_form::page_of(user.id))
                }),
                (None, Some(_)) => self.again.add(OTHERS_NAMED, address),
                (None, None) => self.new.add(NEW_NAMED, address),
            }
            // What is sent is what was checked, and a second click is another matter.
            digest.update(email.as_str());
            digest.update(open.map_or(0, |open| open.created.micros()).to_be_bytes());
        }
        self.mark = hex::encode(&digest.finalize()[..8]);
        Ok(self)
    }

    /// How many invitations would be sent.
    const fn sent(&self) -> usize {
        self.new.count + self.again.count
    }
}

fn show(
    app: &App,
    admin: &Administrator,
    typed: &str,
    errors: Vec<String>,
    check: Option<Check>,
) -> HttpResponse {
    let shell = admin.shell(Section::Users);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = InvitePage {
        trail: vec![(shell.t.users_heading().to_owned(), "/admin/users/".to_owned())],
        is_waiting: app.config.mail.smtp.is_none(),
        typed: typed.to_owned(),
        errors,
        check,
        shell,
    };
    admin.answer(Page::new(page).with_status(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_does_not_fit_is_cut_between_two_addresses() {
        let line = "Ada Lovelace <ada@x.example>, bob@x.example\r\n";
        assert_eq!(fitting(line), (line, ""));
        for (list, end) in
            [(line.repeat(1_000), "bob@x.example\r"), ("ada@x.example, ".repeat(2_000), "ada@x.example")]
        {
            let (kept, rest) = fitting(&list);
            assert!(kept.len() > 10_000 && kept.ends_with(end), "{}", kept.len());
            assert_eq!(format!("{kept}{rest}"), list);
        }
        let junk = "é".repeat(50_000);
        assert_eq!(fitting(&junk).0.len(), LONGEST);
    }
}
