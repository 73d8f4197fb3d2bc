//! Reads a page of the list of users, and what the page says about all matches.

use crate::admin::overview::statistics;
use crate::admin::search::invitations;
use crate::admin::session::Administrator;
use crate::admin::users::list::position::{ListPosition, ListStart};
use crate::admin::users::query::UserQuery;
use crate::app::App;
use crate::store::queries::user_list;
use crate::store::queries::user_list::{ListedUser, SortOrder, Totals, UserCursor, UserFilter};
use crate::store::tables::users::groups;
use crate::store::{Conn, StoreError};
use crate::types::Timestamp;
use crate::web::PageError;
use crate::web::lists::SearchTerms;
use crate::web::paging::{PageStart, Paged};

/// How far users are counted unless the exact count is asked for, so that a page of a million users costs no more
/// than another.
pub(super) const MAX_COUNTED: usize = 1_000;

/// A page of the list.
#[derive(Default)]
pub(super) struct LoadedPage {
    pub(super) users: Vec<ListedUser>,
    pub(super) totals: Totals,
    /// The order in which the page was read.
    pub(super) order: SortOrder,
    /// How many users are before the page, if that is known.
    pub(super) before: Option<usize>,
    pub(super) invitations: usize,
    /// The users that the search names whole, if there are other matches.
    pub(super) named_whole: Vec<ListedUser>,
    /// Whether the search is the whole address of the only user of the list.
    pub(super) is_whole_address: bool,
    /// The name of the group that the list is of.
    pub(super) group: Option<String>,
    previous: Option<UserCursor>,
    next: Option<UserCursor>,
}

impl LoadedPage {
    pub(super) const fn has_more_pages(&self) -> bool {
        self.previous.is_some() || self.next.is_some()
    }

    /// The value of the button "Previous".
    pub(super) fn previous_button(&self, query: &UserQuery) -> Option<String> {
        let before = self.before.map(|before| before.saturating_sub(query.size.rows()));
        self.previous.as_ref().map(|cursor| format!("until:{}", ListPosition::button(cursor, before)))
    }

    /// The value of the button "Next".
    pub(super) fn next_button(&self, query: &UserQuery) -> Option<String> {
        let before = self.before.map(|before| before.saturating_add(query.size.rows()));
        self.next.as_ref().map(|cursor| format!("after:{}", ListPosition::button(cursor, before)))
    }
}

/// Loads the page, and counts: all matches if `is_exact`, else a limited number.
pub(super) async fn load(
    app: &App,
    admin: &Administrator,
    query: &UserQuery,
    filter: UserFilter,
    is_exact: bool,
) -> Result<LoadedPage, PageError> {
    let (query, is_unfiltered, now) = (query.clone(), filter.is_empty(), admin.now);
    let read = move |conn: &mut Conn| read(conn, &query, &filter, is_exact, now);
    let mut page = app.store.read_aside(read).await?;
    if is_unfiltered && !page.totals.is_exact {
        // The overview has counted all users.
        let known = statistics::load(app, admin.user.id).await?;
        let count = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
        page.totals = Totals {
            all: count(known.users),
            confirmed: count(known.confirmed),
            active: count(known.active),
            admins: count(known.administrators),
            never: count(known.never_logged_in),
            is_exact: true,
        };
    }
    Ok(page)
}

fn read(
    conn: &mut Conn,
    query: &UserQuery,
    filter: &UserFilter,
    is_exact: bool,
    now: Timestamp,
) -> Result<LoadedPage, StoreError> {
    let size = query.size.rows();
    let has_id = filter.id.is_some();
    let filter = &user_list::resolve(conn, filter.clone())?;
    let order = user_list::order_of_page(conn, filter, query.order)?;
    // The previous page is read in reverse order; `Paged` restores the order.
    let (direction, cursor, start) = match &query.position.start {
        ListStart::First => (order, None, PageStart::Beginning),
        ListStart::After(cursor) => (order, Some(cursor), PageStart::After),
        ListStart::Until(cursor) => (order.reversed(), Some(cursor), PageStart::Before),
        ListStart::Last => (order.reversed(), None, PageStart::End),
    };
    let users = user_list::page(conn, filter, direction, cursor, size + 1)?;
    let totals = match start {
        PageStart::Beginning if users.len() <= size => Totals::of_all(&users),
        _ if is_exact => user_list::exact_totals(conn, filter)?,
        _ => user_list::totals(conn, filter, MAX_COUNTED)?,
    };
    let rows = match (start, totals.all % size) {
        // The last page has as many users as if the pages before it were full.
        (PageStart::End, rest) if totals.is_exact && rest > 0 => rest,
        _ => size,
    };
    let paged = Paged::new(users, rows, start);
    let cursor = |user: Option<&ListedUser>| user.map(|user| UserCursor::at_user(user, filter, order.by));
    let before = match start {
        PageStart::End => totals.is_exact.then(|| totals.all.saturating_sub(paged.rows.len())),
        _ => query.position.before(),
    };
    let terms = SearchTerms::parse(&query.term);
    let invitations = match terms.words.is_empty() {
        true => 0,
        false => invitations::matching(conn, &terms, now)?.len(),
    };
    let group = filter.group.map(|group| groups::name_of(conn, group)).transpose()?.flatten();
    Ok(LoadedPage {
        previous: cursor(paged.previous_end()),
        next: cursor(paged.next_start()),
        named_whole: if totals.all > 1 { user_list::named_whole(conn, filter)? } else { Vec::new() },
        is_whole_address: filter.id.is_some() && !has_id && totals.all > 0,
        users: paged.rows,
        totals,
        order,
        before,
        invitations,
        group,
    })
}
