//! The rows and the heads of the columns of the list of users.

use crate::admin::users::query::{UserQuery, sort_of};
use crate::store::queries::user_list::{ListedUser, SortKey};
use crate::texts::Lang;
use crate::web::layout::Layout;
use crate::web::lists::Selection;
use crate::web::{When, abbreviate};

/// A column that the list can be sorted by.
pub(super) struct SortColumn {
    pub(super) label: &'static str,
    /// The class of its cells.
    pub(super) class: &'static str,
    /// The value of the button that sorts by it.
    pub(super) button: String,
    /// The value of `aria-sort`.
    pub(super) sorted: Option<&'static str>,
    /// The text for screen readers.
    pub(super) order: Option<&'static str>,
}

pub(super) struct UserRow {
    pub(super) user: ListedUser,
    pub(super) name: String,
    pub(super) email: String,
    pub(super) created: When,
    pub(super) last_login: Option<When>,
    pub(super) is_ticked: bool,
}

pub(super) fn row(user: ListedUser, layout: &Layout, selection: &Selection) -> UserRow {
    let created = layout.when(user.created_at());
    let last_login = user.last_login_at().map(|moment| layout.when(moment));
    UserRow {
        name: abbreviate::name(&user.username),
        email: abbreviate::email(&user.email),
        is_ticked: selection.has(user.id().get()),
        user,
        created,
        last_login,
    }
}

/// The columns that the list has and can be sorted by.
pub(super) fn columns(query: &UserQuery, t: Lang) -> Vec<SortColumn> {
    let (sorted, order) = match query.order.descending {
        true => ("descending", t.sorted_falling()),
        false => ("ascending", t.sorted_rising()),
    };
    let all = [
        (SortKey::Username, "username", t.column_username()),
        (SortKey::Email, "email", t.column_email()),
        (SortKey::Created, "added", t.column_created()),
        (SortKey::LastLogin, "login", t.column_login()),
    ];
    let displayed = all.into_iter().filter(|(_, word, _)| query.columns.has(word));
    let column = |(by, class, label)| {
        let is_sorted = query.order.by == by;
        let (sorted, order) = (is_sorted.then_some(sorted), is_sorted.then_some(order));
        let button = format!("sort:{}", sort_of(query.sorted(by).order));
        SortColumn { label, class, button, sorted, order }
    };
    displayed.map(column).collect()
}
