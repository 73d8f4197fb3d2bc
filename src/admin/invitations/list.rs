//! `/admin/users/invitations`: who is invited and has not accepted yet; sends again, and withdraws.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use url::form_urlencoded::byte_serialize;

use crate::accounts::{self, InviteError};
use crate::admin::mail::row::MailRow;
use crate::app::App;
use crate::store::queries::mail_list;
use crate::store::tables::mails::Mail;
use crate::store::tables::one_time_keys;
use crate::store::tables::one_time_keys::Invitation;
use crate::types::{Email, EmailKey, MessageKind, Timestamp};
use crate::web::flash::{Done, Flash, Undone};
use crate::web::layout::{Layout, Section, see_other};
use crate::web::session::guard::{Administrator, Post};
use crate::web::{Page, PageError, PageForm, When};

/// This page.
pub(crate) const LIST: &str = "/admin/users/invitations";

/// How many invitations a page has.
const PAGE: usize = 25;

#[derive(Template)]
#[template(path = "admin/invitations/list.html")]
struct InvitationsPage {
    shell: Layout,
    trail: Vec<(String, String)>,
    open: Vec<InvitationRow>,
    /// Whether these are the first ones.
    is_first: bool,
    next: Option<String>,
}

struct InvitationRow {
    email: Email,
    invited: When,
    expires: When,
    /// The last mail with it, if it is still kept.
    mail: Option<MailRow>,
}

/// `GET`: by address, a page at a time.
pub(crate) async fn list(
    app: Data<App>,
    request: HttpRequest,
    admin: Administrator,
) -> Result<HttpResponse, PageError> {
    let query = PageForm::of_query(request.query_string());
    let after = query.get("after").replace('\0', "");
    let (now, key) = (admin.now, EmailKey::of(&after));
    let limit = i64::try_from(PAGE).unwrap_or(i64::MAX) + 1;
    let found = app.store.read_aside(move |conn| {
        let open = one_time_keys::invitations(conn, &key, now, limit)?;
        let mail = |invitation: &Invitation| mail_list::last_to(conn, &invitation.email, MessageKind::Invite);
        let mails = open.iter().map(mail).collect::<Result<Vec<_>, _>>()?;
        Ok(open.into_iter().zip(mails).collect::<Vec<_>>())
    });
    let found = found.await?;
    let shell = admin.shell(Section::Users);
    let last = found.get(PAGE - 1).filter(|_| found.len() > PAGE);
    let next = last.map(|(last, _)| {
        let key: String = byte_serialize(last.email.key().as_str().as_bytes()).collect();
        format!("{LIST}?after={key}")
    });
    let page = InvitationsPage {
        trail: vec![(shell.t.users_heading().to_owned(), "/admin/users/".to_owned())],
        open: found
            .into_iter()
            .take(PAGE)
            .map(|(invitation, mail)| row(invitation, mail, &shell, now))
            .collect(),
        is_first: after.is_empty(),
        next,
        shell,
    };
    Ok(admin.answer(Page::new(page)))
}

fn row(invitation: Invitation, mail: Option<Mail>, shell: &Layout, now: Timestamp) -> InvitationRow {
    let Invitation { email, created, expires } = invitation;
    let mail = mail.map(|mail| MailRow::new(mail, shell, now));
    InvitationRow { email, invited: shell.when(created), expires: shell.until(expires), mail }
}

/// `POST …/again`: sends one again, with a new link.
pub(crate) async fn again(app: Data<App>, post: Post) -> Result<HttpResponse, PageError> {
    let email = email(&post)?;
    let done = if app.config.mail.smtp.is_some() { Done::Invited } else { Done::InviteWaits };
    let flash = match accounts::invite(&app, email.clone(), &post.admin.actor).await {
        Ok(_) => Flash::One(done, email.to_string()),
        Err(InviteError::Taken) => Flash::Not(Undone::Registered),
        Err(InviteError::Store(error)) => return Err(error.into()),
    };
    Ok(post.admin.go_on(LIST, &flash))
}

/// `POST …/withdraw`.
pub(crate) async fn withdraw(app: Data<App>, post: Post) -> Result<HttpResponse, PageError> {
    let email = email(&post)?;
    let flash = match accounts::withdraw_invite(&app, email.clone(), &post.admin.actor).await? {
        true => Flash::One(Done::InviteWithdrawn, email.to_string()),
        false => Flash::Not(Undone::InviteGone),
    };
    Ok(post.admin.go_on(LIST, &flash))
}

/// `GET` of both: who comes here after signing in again is sent to the list.
pub(crate) async fn to_list(_: Administrator) -> HttpResponse {
    see_other(LIST).finish()
}

fn email(post: &Post) -> Result<Email, PageError> {
    Email::parse(post.form.get("address")).map_err(|_| PageError::NotFound)
}
