//! The rows and the heads of the columns of the list of users.

use crate::admin::users::query::{SORTINGS, Sorting, UserQuery, sort_of};
use crate::store::queries::user_list::ListedUser;
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
    let displayed = SORTINGS.iter().filter(|sorting| query.columns.has(sorting.word));
    let column = |sorting: &'static Sorting| {
        let is_sorted = query.order.by == sorting.by;
        SortColumn {
            label: (sorting.label)(t),
            class: sorting.word,
            button: format!("sort:{}", sort_of(query.sorted(sorting.by).order)),
            sorted: is_sorted.then_some(sorted),
            order: is_sorted.then_some(order),
        }
    };
    displayed.map(column).collect()
}
