//! `/admin/users/groups`: all groups, with links to their users. Groups are given and taken on the page of a user.

use actix_web::web::Data;
use actix_web::{HttpRequest, HttpResponse};
use askama::Template;

use crate::admin::session::Administrator;
use crate::admin::users::query::LIST;
use crate::app::App;
use crate::store::tables::users::groups;
use crate::store::tables::users::groups::Group;
use crate::texts::Lang;
use crate::web::layout::Layout;
use crate::web::{Page, PageError, PageForm, abbreviate};

/// The path of the list.
const GROUPS: &str = "/admin/users/groups";

/// How many groups a page has.
const LISTED: usize = 200;

/// The most users of a group that are counted.
const MAX_COUNTED: i64 = 10_000;

#[derive(Template)]
#[template(path = "admin/groups/list.html")]
struct GroupListPage {
    layout: Layout,
    trail: Vec<(String, String)>,
    groups: Vec<GroupView>,
    /// The path of the next page.
    next: Option<String>,
    /// Whether this is not the first page.
    is_later: bool,
}

/// A group for display.
struct GroupView {
    name: String,
    users: String,
    /// The path of the list of its users.
    path: String,
}

/// `GET /admin/users/groups`.
pub(crate) async fn list(
    app: Data<App>,
    request: HttpRequest,
    admin: Administrator,
) -> Result<HttpResponse, PageError> {
    let after: Option<i64> = PageForm::of_query(request.query_string()).get("after").parse().ok();
    let limit = LISTED as i64 + 1;
    let mut page = app.store.read_aside(move |conn| groups::page(conn, after, limit, MAX_COUNTED)).await?;
    let has_more = page.len() > LISTED;
    page.truncate(LISTED);
    let layout = admin.layout();
    let last = page.last().filter(|_| has_more);
    let page = GroupListPage {
        trail: vec![(layout.t.users_heading().to_owned(), LIST.to_owned())],
        next: last.map(|last| format!("{GROUPS}?after={}", last.id)),
        is_later: after.is_some(),
        groups: page.iter().map(|group| GroupView::new(group, layout.t)).collect(),
        layout,
    };
    Ok(admin.render(Page::new(page)))
}

impl GroupView {
    fn new(group: &Group, t: Lang) -> Self {
        Self {
            name: abbreviate::name(&group.name),
            users: match group.users > MAX_COUNTED {
                true => t.users_more_than(MAX_COUNTED as usize),
                false => t.users_count(usize::try_from(group.users).unwrap_or(0)),
            },
            path: format!("{LIST}?group={}", group.id),
        }
    }
}
