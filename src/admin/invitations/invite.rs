//! `/admin/users/invite`: invites one email or a pasted list of emails. The list is checked first, and the page
//! says who will be invited; then the invitations are sent. The page has the whole list once, in its field, and
//! names only the first emails of each group.

use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Data;
use askama::Template;
use sha2::{Digest as _, Sha256};

use crate::accounts;
use crate::admin::flash::{Done, Flash};
use crate::admin::invitations::addresses::Addresses;
use crate::admin::invitations::list;
use crate::admin::session::{Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
use crate::admin::users::query::LIST as USERS;
use crate::admin::users::user_form;
use crate::app::App;
use crate::store::tables::{one_time_keys, users};
use crate::store::{Conn, StoreError};
use crate::types::{Email, Timestamp};
use crate::web::abbreviate;
use crate::web::layout::Layout;
use crate::web::{Page, PageError, beginning};

/// How many emails a list may have.
const MAX_EMAILS: usize = 1_000;

/// The longest list, in bytes of the page.
const MAX_SIZE: usize = 24_000;

/// How many emails without an account or invitation the page names.
const NEW_NAMED: usize = 50;

/// How many emails of every other group the page names.
const OTHERS_NAMED: usize = 20;

/// The field with the digest of the checked list.
const CHECKED: &str = "checked";

#[derive(Template)]
#[template(path = "admin/invitations/invite.html")]
struct InvitePage {
    layout: Layout,
    trail: Vec<(String, String)>,
    /// Whether mails wait, because no mail server is set up.
    is_waiting: bool,
    typed: String,
    errors: Vec<String>,
    check: Option<Check>,
}

/// The result of checking a list.
#[derive(Default)]
struct Check {
    new: Group<String>,
    /// The emails invited already. Their earlier link stops working.
    again: Group<String>,
    /// The emails of accounts, with the username and the path of the user.
    users: Group<(String, String, String)>,
    /// Line, text and error of what is no email.
    invalid: Group<(usize, String, String)>,
    repeated: usize,
    /// A digest of the emails and their open invitations.
    digest: String,
}

/// The first entries of a group, and how many there are.
#[derive(Default)]
struct Group<T> {
    first: Vec<T>,
    count: usize,
}

impl<T> Group<T> {
    fn add(&mut self, max_named: usize, entry: impl FnOnce() -> T) {
        self.count += 1;
        if self.count <= max_named {
            self.first.push(entry());
        }
    }

    /// How many entries the page does not name.
    const fn more(&self) -> usize {
        self.count.saturating_sub(self.first.len())
    }
}

/// `GET`: the empty form.
pub(crate) async fn form(app: Data<App>, admin: RecentlyAuthenticated) -> HttpResponse {
    render(&app, &admin.0, "", Vec::new(), None)
}

/// `POST`: checks the list, or sends the invitations of a list that was checked.
pub(crate) async fn submit(
    app: Data<App>,
    post: RecentlyAuthenticatedPost,
) -> Result<HttpResponse, PageError> {
    let Post { sender: admin, form } = post.0;
    let t = admin.t;
    let invalid = |typed: &str, error: String| Ok(render(&app, &admin, typed, vec![error], None));
    let (typed, rest) = split_at_limit(form.get("addresses"));
    if let Some(next) = Addresses::first_part(rest) {
        return invalid(typed, t.invite_too_long(abbreviate::name(next)));
    }
    let list = Addresses::parse(typed);
    if list.len() == 0 {
        return invalid(typed, t.field_blank().to_owned());
    }
    if list.len() > MAX_EMAILS {
        return invalid(typed, t.invite_too_many(t.number(MAX_EMAILS as u64)));
    }
    let emails = list.emails.clone();
    let check = check(&app, &admin, list).await?;
    let is_sent = form.get("do") == "send";
    if is_sent && form.get(CHECKED) == check.digest {
        return send(&app, &admin, emails).await;
    }
    let errors = if is_sent { vec![t.invite_unchecked().to_owned()] } else { Vec::new() };
    Ok(render(&app, &admin, typed, errors, Some(check)))
}

/// Splits a list at the longest beginning that fits the page and ends with a line or at least with an email.
fn split_at_limit(typed: &str) -> (&str, &str) {
    let head = beginning(typed, MAX_SIZE);
    if head.len() == typed.len() {
        return (typed, "");
    }
    let ends: [fn(char) -> bool; 3] = [|c| c == '\n', |c| matches!(c, ',' | ';' | '\t'), char::is_whitespace];
    let end = ends.into_iter().find_map(|is_end| head.rfind(is_end)).unwrap_or(head.len());
    typed.split_at_checked(end).unwrap_or((typed, ""))
}

async fn send(app: &App, admin: &Administrator, emails: Vec<Email>) -> Result<HttpResponse, PageError> {
    let outcome = accounts::invite_many(app, emails, &admin.actor).await?;
    let done = if app.config.mail.is_sent() { Done::Invited } else { Done::InviteWaits };
    Ok(admin.redirect(list::LIST, &Flash::Many(done, outcome.sent, outcome.taken)))
}

async fn check(app: &App, admin: &Administrator, list: Addresses) -> Result<Check, PageError> {
    let Addresses { emails, invalid, repeated } = list;
    let mut check = Check { repeated, ..Check::default() };
    for part in invalid {
        let errors: Vec<_> = part.rules.iter().map(|rule| admin.t.email_rule(*rule)).collect();
        check.invalid.add(OTHERS_NAMED, || (part.line, abbreviate::name(&part.text), errors.join(" ")));
    }
    let now = admin.now;
    Ok(app.store.read_aside(move |conn| check.with(conn, &emails, now)).await?)
}

impl Check {
    /// Adds the emails to their groups.
    fn with(mut self, conn: &mut Conn, emails: &[Email], now: Timestamp) -> Result<Self, StoreError> {
        let mut digest = Sha256::new();
        for email in emails {
            let address = || abbreviate::email(email.as_str());
            let user = users::by_recovery_address(conn, email)?;
            let open = one_time_keys::invitation(conn, email, now)?;
            match (user, &open) {
                (Some(user), _) => self.users.add(OTHERS_NAMED, || {
                    (address(), abbreviate::name(user.username.as_str()), user_form::path_of(user.id))
                }),
                (None, Some(_)) => self.again.add(OTHERS_NAMED, address),
                (None, None) => self.new.add(NEW_NAMED, address),
            }
            // The time of an open invitation makes a second click another list than the first one.
            digest.update(email.as_str());
            digest.update(open.map_or(0, |open| open.created.micros()).to_be_bytes());
        }
        self.digest = hex::encode(&digest.finalize()[..8]);
        Ok(self)
    }

    /// How many invitations would be sent.
    const fn sent(&self) -> usize {
        self.new.count + self.again.count
    }
}

fn render(
    app: &App,
    admin: &Administrator,
    typed: &str,
    errors: Vec<String>,
    check: Option<Check>,
) -> HttpResponse {
    let layout = admin.layout();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = InvitePage {
        trail: vec![(layout.t.users_heading().to_owned(), USERS.to_owned())],
        is_waiting: !app.config.mail.is_sent(),
        typed: typed.to_owned(),
        errors,
        check,
        layout,
    };
    admin.render(Page::new(page).with_status(status))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_is_too_long_is_split_between_two_emails() {
        let line = "Ada Lovelace <ada@x.example>, bob@x.example\r\n";
        assert_eq!(split_at_limit(line), (line, ""));
        for (list, end) in
            [(line.repeat(1_000), "bob@x.example\r"), ("ada@x.example, ".repeat(2_000), "ada@x.example")]
        {
            let (head, rest) = split_at_limit(&list);
            assert!(head.len() > 10_000 && head.ends_with(end), "{}", head.len());
            assert_eq!(format!("{head}{rest}"), list);
        }
        let junk = "é".repeat(50_000);
        assert_eq!(split_at_limit(&junk).0.len(), MAX_SIZE);
    }
}
