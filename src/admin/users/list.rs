//! `/admin/users/`: the list of users.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::admin::users::query::{LIST, SPANS, UserQuery};
use crate::app::App;
use crate::store::queries::user_list;
use crate::store::queries::user_list::{ListedUser, SortKey, Totals, UserCursor, UserFilter};
use crate::texts::Lang;
use crate::web::filters::FilterErrors;
use crate::web::layout::{Layout, Section, see_other};
use crate::web::paging::{PageStart, Paged};
use crate::web::session::guard::Administrator;
use crate::web::truncate;
use crate::web::{Page, PageError, PageForm, When};

/// How many users a page has.
const PAGE: usize = 50;

/// How far they are counted, unless somebody wants it exactly: a page costs the same among a million.
const COUNTED: usize = 1_000;

#[derive(Template)]
#[template(path = "admin/users/list.html")]
struct UsersPage {
    shell: Layout,
    query: UserQuery,
    wrong: FilterErrors,
    columns: Vec<SortColumn>,
    /// The spans within which an account may have been made: word and label.
    spans: [(&'static str, &'static str); 4],
    users: Vec<UserRow>,
    totals: Vec<String>,
    is_everybody: bool,
    count_exactly: Option<String>,
    previous: Option<String>,
    next: Option<String>,
    choose_all: String,
}

/// The head of a column.
struct SortColumn {
    label: &'static str,
    path: String,
    /// For `aria-sort`.
    sorted: Option<&'static str>,
    /// The same in words.
    order: Option<&'static str>,
}

struct UserRow {
    user: ListedUser,
    name: String,
    email: String,
    created: When,
    last_login: Option<When>,
}

/// `GET /admin/users/`.
pub(crate) async fn list(
    app: Data<App>,
    request: HttpRequest,
    admin: Administrator,
) -> Result<HttpResponse, PageError> {
    let fields = PageForm::of_query(request.query_string());
    let query = UserQuery::read(&fields);
    let (found, is_everybody, wrong) = match query.wanted(admin.now) {
        Ok(wanted) => {
            let is_everybody = wanted.is_empty();
            (
                look_up(&app, query.clone(), wanted, fields.has("count")).await?,
                is_everybody,
                FilterErrors::default(),
            )
        }
        Err(wrong) => (UserPageRows::default(), false, wrong),
    };
    if found.users.is_empty() && query.has_place() {
        // Those of this page are gone.
        return Ok(see_other(&query.path(LIST)).finish());
    }
    let shell = admin.shell(Section::Users);
    let t = shell.t;
    let choose_all = match found.totals {
        Totals { all, is_exact: true, .. } => t.choose_all(all),
        _ => t.choose_all_of_many().to_owned(),
    };
    let page = UsersPage {
        columns: columns(&query, &shell),
        spans: SPANS.map(|(word, _)| (word, t.added_within(word))),
        users: found.users.into_iter().map(|user| row(user, &shell)).collect(),
        count_exactly: (!wrong.is_any() && !found.totals.is_exact).then(|| query.counted()),
        totals: in_words(t, found.totals),
        is_everybody,
        previous: found.previous.map(|place| query.up_to(place)),
        next: found.next.map(|place| query.from(place)),
        choose_all,
        wrong,
        query,
        shell,
    };
    Ok(admin.answer(Page::new(page)))
}

#[derive(Default)]
struct UserPageRows {
    users: Vec<ListedUser>,
    totals: Totals,
    previous: Option<UserCursor>,
    next: Option<UserCursor>,
}

/// The page, and whether there is something before and after it.
async fn look_up(
    app: &App,
    query: UserQuery,
    wanted: UserFilter,
    exactly: bool,
) -> Result<UserPageRows, PageError> {
    let found = app.store.read_aside(move |conn| {
        let by = query.order.by;
        // Backwards it is read backwards, and turned round.
        let (order, from) = match &query.until {
            Some(place) => (query.order.reversed(), Some(place)),
            None => (query.order, query.after.as_ref()),
        };
        let users = user_list::page(conn, &wanted, order, from, PAGE + 1)?;
        let totals = match from {
            None if users.len() <= PAGE => Totals::of_all(&users),
            _ if exactly => user_list::exact_totals(conn, &wanted)?,
            _ => user_list::totals(conn, &wanted, COUNTED)?,
        };
        let way = PageStart::of(query.after.as_ref(), query.until.as_ref());
        let paged = Paged::new(users, PAGE, way);
        let place = |user: Option<&ListedUser>| user.map(|user| UserCursor::at_user(user, &wanted, by));
        Ok(UserPageRows {
            previous: place(paged.first()),
            next: place(paged.last()),
            users: paged.rows,
            totals,
        })
    });
    Ok(found.await?)
}

/// How many match, and what they are. Of more than are counted, how many at least.
fn in_words(t: Lang, totals: Totals) -> Vec<String> {
    let Totals { all, confirmed, active, admins, never, is_exact } = totals;
    match is_exact {
        true if all == 0 => vec![t.users_count(all)],
        true => vec![
            t.users_count(all),
            t.total_confirmed(confirmed),
            t.total_active(active),
            t.total_admins(admins),
            t.total_never(never),
        ],
        false if all > COUNTED => vec![t.users_more_than(COUNTED)],
        false => vec![t.users_at_least(all)],
    }
}

fn row(user: ListedUser, shell: &Layout) -> UserRow {
    let created = shell.when(user.created_at());
    let last_login = user.last_login_at().map(|moment| shell.when(moment));
    UserRow {
        name: truncate::name(&user.username),
        email: truncate::email(&user.email),
        user,
        created,
        last_login,
    }
}

fn columns(query: &UserQuery, shell: &Layout) -> Vec<SortColumn> {
    let t = shell.t;
    let (sorted, order) = match query.order.descending {
        true => ("descending", t.sorted_falling()),
        false => ("ascending", t.sorted_rising()),
    };
    let column = |by: SortKey, label| {
        let is_it = query.order.by == by;
        let (sorted, order) = (is_it.then_some(sorted), is_it.then_some(order));
        SortColumn { label, path: query.sorted(by), sorted, order }
    };
    vec![
        column(SortKey::Username, t.column_username()),
        column(SortKey::Email, t.column_email()),
        column(SortKey::Created, t.column_created()),
        column(SortKey::LastLogin, t.column_login()),
    ]
}
