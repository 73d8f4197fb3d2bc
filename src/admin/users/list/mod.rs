//! `/admin/users/`: the list of users. Its buttons, such as "Next", send all ticks along and are answered by a
//! redirect to the address of the list that they lead to, so that everything works without JavaScript.

mod chips;
pub(crate) mod columns;
mod load;
pub(crate) mod position;
mod rows;
pub(crate) mod views;

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::admin::flash::{Flash, Undone};
use crate::admin::invitations::list as invitations;
use crate::admin::session::Administrator;
use crate::admin::users::list::chips::{Chip, ListTotal};
use crate::admin::users::list::load::LoadedPage;
use crate::admin::users::list::rows::{SortColumn, UserRow};
use crate::admin::users::list::views::ViewLink;
use crate::admin::users::query::{ADDED_WITHIN, LIST, NEW_TODAY, UserQuery};
use crate::app::App;
use crate::store::queries::user_list::{ListedUser, SortKey, UserFilter};
use crate::texts::Lang;
use crate::web::filters::FilterErrors;
use crate::web::layout::{Layout, see_other};
use crate::web::lists::back;
use crate::web::{Page, PageError, PageForm, abbreviate};

#[derive(Template)]
#[template(path = "admin/users/list.html")]
struct UsersPage {
    layout: Layout,
    /// The list as it was asked for, for the form of the search.
    query: UserQuery,
    /// The list in the order in which it was read, for the links of the page.
    sorted: UserQuery,
    errors: FilterErrors,
    columns: Vec<SortColumn>,
    /// The choices of the filter by creation: value and label.
    added_within: [(&'static str, &'static str); 4],
    users: Vec<UserRow>,
    /// The ids of the page, as the button that ticks them sends them.
    ids: String,
    /// The ticked users on other pages.
    elsewhere: Vec<i64>,
    totals: Vec<ListTotal>,
    /// The order of a search, in words.
    order: Option<&'static str>,
    chips: Vec<Chip>,
    /// Whether the list has no search and no filter.
    is_unfiltered: bool,
    /// The URL of the list without search and filters.
    cleared: String,
    /// The URL of the list with an exact count.
    count_exactly: Option<String>,
    /// "51–100 of 191".
    range: Option<String>,
    previous: Option<String>,
    next: Option<String>,
    /// The label of the button that selects all matching users, if other pages have more of them.
    select_all: Option<String>,
    /// The query of the links to users, which leads back here.
    back: String,
    views: Vec<ViewLink>,
    /// How many invitations are open.
    open_invitations: String,
    /// How many open invitations match the search.
    invitations: Option<String>,
    /// The users that the search names whole, among other matches: label and path.
    named_whole: Vec<(String, String)>,
}

/// `GET /admin/users/`.
pub(crate) async fn list(
    app: Data<App>,
    request: HttpRequest,
    admin: Administrator,
) -> Result<HttpResponse, PageError> {
    let fields = PageForm::of_query(request.query_string());
    let query = UserQuery::read(&fields);
    if let Some(answer) = redirect(&admin, &fields, &query) {
        return Ok(answer);
    }
    let (loaded, errors, filter) = match query.filter(admin.now) {
        Ok(filter) => {
            let loaded = load::load(&app, &admin, &query, filter.clone(), fields.has("count")).await?;
            (loaded, FilterErrors::default(), filter)
        }
        Err(errors) => (LoadedPage::default(), errors, UserFilter::default()),
    };
    if loaded.users.is_empty() && query.position.is_inside() && errors.is_empty() {
        // The users of this page have been deleted.
        return Ok(see_other(&query.at_beginning().list()).finish());
    }
    let views = views::links(&app, &admin).await?;
    let mut page = page(&admin, query, loaded, errors, &filter, views);
    page.open_invitations = invitations::open_count(&app, admin.now).await?;
    Ok(admin.render(Page::new(page).with_requests()))
}

/// The redirect that answers a button, or a form whose empty fields the address should not have.
fn redirect(admin: &Administrator, fields: &PageForm, query: &UserQuery) -> Option<HttpResponse> {
    let has_empty = fields.fields().any(|(_, value)| value.is_empty());
    if !has_empty && !["go", "id", "col", "all"].iter().any(|field| fields.has(field)) {
        return None;
    }
    let there = query.clone().after_button(fields.get("go"), fields.get("rows"));
    Some(match there.selection.is_too_long() {
        true => admin.redirect(&there.list(), &Flash::Not(Undone::TooManySelected)),
        false => see_other(&there.list()).finish(),
    })
}

fn page(
    admin: &Administrator,
    query: UserQuery,
    loaded: LoadedPage,
    errors: FilterErrors,
    filter: &UserFilter,
    views: Vec<ViewLink>,
) -> UsersPage {
    let layout = admin.layout();
    let t = layout.t;
    let sorted = UserQuery { order: loaded.order, ..query.clone() };
    let ids: Vec<i64> = loaded.users.iter().map(|user| user.id().get()).collect();
    let elsewhere = query.selection.rows().iter().copied().filter(|id| !ids.contains(id)).collect();
    let is_unfiltered = errors.is_empty() && filter.is_empty();
    let (total, size) = (loaded.totals.all, loaded.users.len());
    let range = (loaded.has_more_pages() && size > 0).then(|| range(t, &loaded)).flatten();
    let select_all = loaded.has_more_pages().then(|| match loaded.totals.is_exact {
        true => t.choose_all(total),
        false => t.choose_all_of_many().to_owned(),
    });
    UsersPage {
        columns: rows::columns(&sorted, t),
        added_within: ADDED_WITHIN.map(|(word, _)| (word, t.added_within(word))),
        count_exactly: (errors.is_empty() && !loaded.totals.is_exact).then(|| query.counted()),
        totals: chips::totals(t, &query, &loaded.totals),
        order: match loaded.is_whole_address {
            true => Some(t.only_whole_address()),
            false => (!query.term.is_empty() && total > 1).then(|| order_text(t, &sorted)).flatten(),
        },
        chips: chips::filters(t, &query, loaded.group.as_deref()),
        cleared: UserQuery { size: query.size, columns: query.columns, ..UserQuery::default() }.path(LIST),
        previous: loaded.previous_button(&query),
        next: loaded.next_button(&query),
        open_invitations: String::new(),
        invitations: (loaded.invitations > 0).then(|| t.invitations_match(loaded.invitations)),
        named_whole: loaded.named_whole.iter().map(|user| whole_link(t, &query, user)).collect(),
        back: back::query(&sorted.list(), &sorted.list_without_ticks()),
        users: loaded.users.into_iter().map(|user| rows::row(user, &layout, &query.selection)).collect(),
        ids: ids.iter().map(i64::to_string).collect::<Vec<_>>().join("."),
        elsewhere,
        is_unfiltered,
        range,
        select_all,
        views,
        errors,
        query,
        sorted,
        layout,
    }
}

/// A user whose id or name is the search.
fn whole_link(t: Lang, query: &UserQuery, user: &ListedUser) -> (String, String) {
    let label = match user.public_id().to_string() == query.term || user.id().to_string() == query.term {
        true => t.user_with_id(&query.term),
        false => t.user_with_name().to_owned(),
    };
    (format!("{label} {}", abbreviate::name(&user.username)), format!("{LIST}{}", user.id()))
}

fn range(t: Lang, loaded: &LoadedPage) -> Option<String> {
    let from = loaded.before? + 1;
    let to = from + loaded.users.len() - 1;
    let number = |number: usize| t.number(number as u64);
    Some(match loaded.totals.is_exact {
        true if to > loaded.totals.all => return None,
        true => t.list_range(number(from), number(to), number(loaded.totals.all)),
        false => t.list_range_open(number(from), number(to)),
    })
}

/// The order of a search in words, where the arrow of a column does not tell.
fn order_text(t: Lang, sorted: &UserQuery) -> Option<&'static str> {
    match sorted.order.by {
        SortKey::Match => Some(t.order_match()),
        SortKey::Username if !sorted.order.descending => Some(t.order_username()),
        _ => None,
    }
}
