//! `/admin/users/invitations`: the open invitations, with sending one again and withdrawing it.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;
use url::form_urlencoded::byte_serialize;

use crate::accounts::{self, InviteError};
use crate::admin::flash::{Done, Flash, Undone};
use crate::admin::mail::row::MailRow;
use crate::admin::session::{Administrator, Post, RecentlyAuthenticatedPost};
use crate::admin::users::query::LIST as USERS;
use crate::app::App;
use crate::store::Conn;
use crate::store::queries::mail_list;
use crate::store::tables::mails::Mail;
use crate::store::tables::one_time_keys;
use crate::store::tables::one_time_keys::Invitation;
use crate::types::{Email, EmailKey, Link, MessageKind, Timestamp};
use crate::web::form_page::FormPage;
use crate::web::layout::{Layout, see_other};
use crate::web::{Page, PageError, PageForm, When};

/// The path of this page.
pub(crate) const LIST: &str = "/admin/users/invitations";

/// How far open invitations are counted.
const MAX_COUNTED: usize = 1_000;

/// How many invitations a page has.
const PAGE_SIZE: usize = 25;

#[derive(Template)]
#[template(path = "admin/invitations/list.html")]
struct InvitationsPage {
    layout: Layout,
    trail: Vec<(String, String)>,
    /// How many invitations are open.
    count: String,
    open: Vec<InvitationRow>,
    /// Whether this is the first page.
    is_first: bool,
    next: Option<String>,
}

#[derive(Template)]
#[template(path = "admin/invitations/link.html")]
struct InviteLinkPage {
    layout: Layout,
    trail: Vec<(String, String)>,
    email: Email,
    link: String,
}

struct InvitationRow {
    email: Email,
    invited: When,
    expires: When,
    /// The path of the page that withdraws it.
    withdraw: String,
    /// The last mail with the invitation, if it is still stored.
    mail: Option<MailRow>,
}

/// How many invitations are open, for the label of the list.
pub(crate) async fn open_count(app: &App, now: Timestamp) -> Result<String, PageError> {
    let count = move |conn: &mut Conn| one_time_keys::count_invitations(conn, now, MAX_COUNTED);
    Ok(count_text(app.store.read_aside(count).await?))
}

fn count_text(count: usize) -> String {
    if count < MAX_COUNTED { count.to_string() } else { format!("{MAX_COUNTED}+") }
}

/// `GET`: a page of the list, sorted by email.
pub(crate) async fn list(
    app: Data<App>,
    request: HttpRequest,
    admin: Administrator,
) -> Result<HttpResponse, PageError> {
    let query = PageForm::of_query(request.query_string());
    let after = query.get("after");
    let (now, key) = (admin.now, EmailKey::of(after));
    let limit = i64::try_from(PAGE_SIZE).unwrap_or(i64::MAX) + 1;
    let result = app.store.read_aside(move |conn| {
        let open = one_time_keys::invitations(conn, &key, now, limit)?;
        let mail = |invitation: &Invitation| mail_list::last_to(conn, &invitation.email, MessageKind::Invite);
        let mails = open.iter().map(mail).collect::<Result<Vec<_>, _>>()?;
        let count = one_time_keys::count_invitations(conn, now, MAX_COUNTED)?;
        Ok((open.into_iter().zip(mails).collect::<Vec<_>>(), count))
    });
    let (rows, count) = result.await?;
    let layout = admin.layout();
    let last = rows.get(PAGE_SIZE - 1).filter(|_| rows.len() > PAGE_SIZE);
    let next = last.map(|(last, _)| {
        let key: String = byte_serialize(last.email.key().as_str().as_bytes()).collect();
        format!("{LIST}?after={key}")
    });
    let page = InvitationsPage {
        trail: vec![(layout.t.users_heading().to_owned(), USERS.to_owned())],
        open: rows
            .into_iter()
            .take(PAGE_SIZE)
            .map(|(invitation, mail)| row(invitation, mail, &layout, now))
            .collect(),
        count: count_text(count),
        is_first: after.is_empty(),
        next,
        layout,
    };
    Ok(admin.render(Page::new(page)))
}

fn row(invitation: Invitation, mail: Option<Mail>, layout: &Layout, now: Timestamp) -> InvitationRow {
    let Invitation { email, created, expires } = invitation;
    let mail = mail.map(|mail| MailRow::new(mail, layout, now));
    let address: String = byte_serialize(email.as_str().as_bytes()).collect();
    let withdraw = format!("{LIST}/withdraw?address={address}");
    InvitationRow { email, invited: layout.when(created), expires: layout.until(expires), withdraw, mail }
}

/// `POST …/again`: sends an invitation again, with a new link.
pub(crate) async fn again(app: Data<App>, post: Post) -> Result<HttpResponse, PageError> {
    let email = email(&post)?;
    let language = accounts::language_of_invite(&app, email.clone()).await?;
    let done = if app.config.mail.is_sent() { Done::Invited } else { Done::InviteWaits };
    let flash = match accounts::invite(&app, email.clone(), language, &post.sender.actor).await {
        Ok(_) => Flash::One(done, email.to_string()),
        Err(InviteError::Taken) => Flash::Not(Undone::Registered),
        Err(InviteError::Store(error)) => return Err(error.into()),
    };
    Ok(post.sender.redirect(LIST, &flash))
}

/// `POST …/withdraw`.
pub(crate) async fn withdraw(app: Data<App>, post: Post) -> Result<HttpResponse, PageError> {
    let email = email(&post)?;
    let flash = match accounts::withdraw_invite(&app, email.clone(), &post.sender.actor).await? {
        true => Flash::One(Done::InviteWithdrawn, email.to_string()),
        false => Flash::Not(Undone::InviteGone),
    };
    Ok(post.sender.redirect(LIST, &flash))
}

/// `GET …/withdraw?address=…`: asks.
pub(crate) async fn withdraw_form(
    app: Data<App>,
    request: HttpRequest,
    admin: Administrator,
) -> Result<HttpResponse, PageError> {
    let query = PageForm::of_query(request.query_string());
    let Ok(email) = Email::parse(query.get("address")) else { return Ok(see_other(LIST).finish()) };
    let (now, address) = (admin.now, email.clone());
    if app.store.read(move |conn| one_time_keys::invitation(conn, &address, now)).await?.is_none() {
        return Ok(admin.redirect(LIST, &Flash::Not(Undone::InviteGone)));
    }
    let t = admin.t;
    let (above, action) = ((t.invitations_heading(), LIST), format!("{LIST}/withdraw"));
    let heading = t.withdraw_heading(&email);
    let mut page = FormPage::new(admin.layout(), above, heading, t.withdraw_submit(), &action);
    page.lead.push(t.withdraw_lead().to_owned());
    page.hidden.push(("address", email.to_string()));
    page.is_dangerous = true;
    Ok(page.render_for(&admin))
}

/// `POST …/link`: displays the link of an invitation, to be passed on by other means than mail. No redirect follows,
/// because no other page can display the link.
pub(crate) async fn link(app: Data<App>, post: RecentlyAuthenticatedPost) -> Result<HttpResponse, PageError> {
    let post = post.0;
    let email = email(&post)?;
    let admin = post.sender;
    let Some(key) = accounts::make_invite_key(&app, email.clone(), &admin.actor).await? else {
        return Ok(admin.redirect(LIST, &Flash::Not(Undone::InviteGone)));
    };
    let layout = admin.layout();
    let page = InviteLinkPage {
        trail: vec![
            (layout.t.users_heading().to_owned(), USERS.to_owned()),
            (layout.t.invitations_heading().to_owned(), LIST.to_owned()),
        ],
        email,
        link: Link::Invite.url(app.config.public_url.origin(), &key),
        layout,
    };
    Ok(admin.render(Page::new(page)))
}

/// `GET` of the others, where signing in leads when the session ended before the click: redirects to the list.
pub(crate) async fn to_list(_: Administrator) -> HttpResponse {
    see_other(LIST).finish()
}

fn email(post: &Post) -> Result<Email, PageError> {
    Email::parse(post.form.get("address")).map_err(|_| PageError::NotFound)
}
