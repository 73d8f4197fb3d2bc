//! `/admin/users/`: the list of users.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::admin::session::Administrator;
use crate::admin::users::query::{ADDED_WITHIN, LIST, UserQuery};
use crate::app::App;
use crate::store::queries::user_list;
use crate::store::queries::user_list::{ListedUser, SortKey, SortOrder, Totals, UserCursor, UserFilter};
use crate::texts::Lang;
use crate::web::abbreviate;
use crate::web::filters::FilterErrors;
use crate::web::layout::{Layout, see_other};
use crate::web::paging::{PageStart, Paged};
use crate::web::{Page, PageError, PageForm, When};

/// How many users a page has.
const PAGE_SIZE: usize = 50;

/// How far users are counted unless the exact count is asked for, so that a page of a million users costs no more
/// than another.
const MAX_COUNTED: usize = 1_000;

#[derive(Template)]
#[template(path = "admin/users/list.html")]
struct UsersPage {
    layout: Layout,
    query: UserQuery,
    errors: FilterErrors,
    columns: Vec<SortColumn>,
    /// The choices of the filter by creation: value and label.
    added_within: [(&'static str, &'static str); 4],
    users: Vec<UserRow>,
    totals: Vec<String>,
    /// Whether the list has no filter.
    is_unfiltered: bool,
    /// The URL of the list with an exact count.
    count_exactly: Option<String>,
    previous: Option<String>,
    next: Option<String>,
    /// The label of the checkbox that selects all matching users.
    select_all: String,
}

/// A column that the list can be sorted by.
struct SortColumn {
    label: &'static str,
    path: String,
    /// The value of `aria-sort`.
    sorted: Option<&'static str>,
    /// The text for screen readers.
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
    let (result, is_unfiltered, errors) = match query.filter(admin.now) {
        Ok(filter) => {
            let is_unfiltered = filter.is_empty();
            (
                load(&app, query.clone(), filter, fields.has("count")).await?,
                is_unfiltered,
                FilterErrors::default(),
            )
        }
        Err(errors) => (UserPageRows::default(), false, errors),
    };
    if result.users.is_empty() && query.has_position() {
        // The users of this page have been deleted.
        return Ok(see_other(&query.path(LIST)).finish());
    }
    let layout = admin.layout();
    let t = layout.t;
    let select_all = match result.totals {
        Totals { all, is_exact: true, .. } => t.choose_all(all),
        _ => t.choose_all_of_many().to_owned(),
    };
    // The links keep the order in which this page was read.
    let sorted = UserQuery { order: result.order, ..query.clone() };
    let page = UsersPage {
        columns: columns(&sorted, &layout),
        added_within: ADDED_WITHIN.map(|(word, _)| (word, t.added_within(word))),
        users: result.users.into_iter().map(|user| row(user, &layout)).collect(),
        count_exactly: (errors.is_empty() && !result.totals.is_exact).then(|| query.counted()),
        totals: totals_text(t, result.totals),
        is_unfiltered,
        previous: result.previous.map(|cursor| sorted.until(cursor)),
        next: result.next.map(|cursor| sorted.after(cursor)),
        select_all,
        errors,
        query,
        layout,
    };
    Ok(admin.render(Page::new(page)))
}

#[derive(Default)]
struct UserPageRows {
    users: Vec<ListedUser>,
    totals: Totals,
    order: SortOrder,
    previous: Option<UserCursor>,
    next: Option<UserCursor>,
}

/// Loads a page of the list and the totals.
async fn load(
    app: &App,
    query: UserQuery,
    filter: UserFilter,
    is_exact: bool,
) -> Result<UserPageRows, PageError> {
    let result = app.store.read_aside(move |conn| {
        let query_order = user_list::order_of_page(conn, &filter, query.order)?;
        let by = query_order.by;
        // The previous page is read in reverse order; `Paged` restores the order.
        let (order, start) = match &query.until {
            Some(cursor) => (query_order.reversed(), Some(cursor)),
            None => (query_order, query.after.as_ref()),
        };
        let users = user_list::page(conn, &filter, order, start, PAGE_SIZE + 1)?;
        let totals = match start {
            None if users.len() <= PAGE_SIZE => Totals::of_all(&users),
            _ if is_exact => user_list::exact_totals(conn, &filter)?,
            _ => user_list::totals(conn, &filter, MAX_COUNTED)?,
        };
        let page_start = PageStart::of(query.after.as_ref(), query.until.as_ref());
        let paged = Paged::new(users, PAGE_SIZE, page_start);
        let cursor = |user: Option<&ListedUser>| user.map(|user| UserCursor::at_user(user, &filter, by));
        Ok(UserPageRows {
            previous: cursor(paged.previous_end()),
            next: cursor(paged.next_start()),
            order: query_order,
            users: paged.rows,
            totals,
        })
    });
    Ok(result.await?)
}

/// How many users match, and how many of them are confirmed, active and so on; or how many match at least.
fn totals_text(t: Lang, totals: Totals) -> Vec<String> {
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
        false if all > MAX_COUNTED => vec![t.users_more_than(MAX_COUNTED)],
        false => vec![t.users_at_least(all)],
    }
}

fn row(user: ListedUser, layout: &Layout) -> UserRow {
    let created = layout.when(user.created_at());
    let last_login = user.last_login_at().map(|moment| layout.when(moment));
    UserRow {
        name: abbreviate::name(&user.username),
        email: abbreviate::email(&user.email),
        user,
        created,
        last_login,
    }
}

fn columns(query: &UserQuery, layout: &Layout) -> Vec<SortColumn> {
    let t = layout.t;
    let (sorted, order) = match query.order.descending {
        true => ("descending", t.sorted_falling()),
        false => ("ascending", t.sorted_rising()),
    };
    let column = |by: SortKey, label| {
        let is_sorted = query.order.by == by;
        let (sorted, order) = (is_sorted.then_some(sorted), is_sorted.then_some(order));
        SortColumn { label, path: query.sorted(by), sorted, order }
    };
    vec![
        column(SortKey::Username, t.column_username()),
        column(SortKey::Email, t.column_email()),
        column(SortKey::Created, t.column_created()),
        column(SortKey::LastLogin, t.column_login()),
    ]
}
