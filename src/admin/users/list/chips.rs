//! The totals of the list, each a link to the users it counts, and the filters, each with a link that takes it away.

use crate::admin::users::list::load::MAX_COUNTED;
use crate::admin::users::query::{LIST, UserQuery};
use crate::store::queries::user_list::Totals;
use crate::texts::Lang;
use crate::web::abbreviate;

/// A total, and the path of the list of the users that it counts, unless there are none.
pub(super) struct ListTotal {
    pub(super) text: String,
    pub(super) path: Option<String>,
    /// Whether that is this list.
    pub(super) is_current: bool,
}

/// A filter in words, and the path of the list without it.
pub(super) struct Chip {
    pub(super) text: String,
    pub(super) path: String,
}

/// How many users match, and how many of them are confirmed, active and so on; or how many match at least.
pub(super) fn totals(t: Lang, query: &UserQuery, totals: &Totals) -> Vec<ListTotal> {
    let Totals { all, confirmed, active, admins, never, is_exact } = *totals;
    let of = |count: usize, text: String, part: &UserQuery| {
        let path = (count > 0).then(|| part.at_beginning().path(LIST));
        ListTotal { text, path, is_current: part.filters() == query.filters() }
    };
    let all_users = |text: String| vec![of(all, text, query)];
    match is_exact {
        false if all > MAX_COUNTED => return all_users(t.users_more_than(MAX_COUNTED)),
        false => return all_users(t.users_at_least(all)),
        true if all == 0 => return all_users(t.users_count(all)),
        true => {}
    }
    let link = |count: usize, text: String, change: fn(&mut UserQuery)| {
        let mut part = query.clone();
        change(&mut part);
        of(count, text, &part)
    };
    let mut totals = all_users(t.users_count(all));
    totals
        .push(link(confirmed, t.total_confirmed(confirmed), |query| "yes".clone_into(&mut query.confirmed)));
    totals.push(link(active, t.total_active(active), |query| "yes".clone_into(&mut query.active)));
    totals.push(link(admins, t.total_admins(admins), |query| "yes".clone_into(&mut query.admin)));
    totals.push(link(never, t.total_never(never), |query| {
        "never".clone_into(&mut query.login);
        query.since.clear();
    }));
    totals
}

/// The search and the filters of the list, with the name of the group.
pub(super) fn filters(t: Lang, query: &UserQuery, group: Option<&str>) -> Vec<Chip> {
    let answer = |value: &str| match value {
        "yes" => t.yes().to_owned(),
        "no" => t.no().to_owned(),
        other => abbreviate::name(other),
    };
    let mut chips = Vec::new();
    for (name, value) in query.filters() {
        let text = match (name, value.as_str()) {
            ("q", words) => format!("“{}”", abbreviate::name(words)),
            ("confirmed", value) => format!("{}: {}", t.filter_confirmed(), answer(value)),
            ("active", value) => format!("{}: {}", t.filter_active(), answer(value)),
            ("admin", value) => format!("{}: {}", t.filter_admin(), answer(value)),
            ("deletion", value) => format!("{}: {}", t.filter_deletion(), answer(value)),
            ("login", "never") => format!("{}: {}", t.filter_login(), t.login_never()),
            ("since", day) => format!("{} {}", t.since_day(), abbreviate::name(day)),
            ("added", span) => format!("{} {}", t.filter_added(), t.added_within(span)),
            ("group", number) => {
                format!("{}: {}", t.filter_group(), abbreviate::name(group.unwrap_or(number)))
            }
            // "before" is said with its day.
            _ => continue,
        };
        chips.push(Chip { text, path: query.without(name).list() });
    }
    chips
}
