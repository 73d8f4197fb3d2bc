//! The paths that every account page links to, and the navigation.

use crate::texts::Lang;
use crate::web::layout::NavLink;
use crate::web::session::paths::AreaPaths;

pub(super) const PATHS: AreaPaths = AreaPaths {
    root: "/account/",
    sign_in: "/sign-in",
    sign_out: "/sign-out",
    reauthenticate: "/account/confirm-password",
    language: "/account/language/",
    search: None,
};

/// The start page.
pub(super) const HOME: &str = "/account";

/// The label, in the language of the page, and the path.
type Entry = (fn(Lang) -> &'static str, &'static str);

/// The links of the navigation.
const LINKS: [Entry; 5] = [
    (|t| t.nav_account(), HOME),
    (|t| t.nav_security(), "/account/security"),
    (|t| t.nav_sessions(), "/account/sessions"),
    (|t| t.nav_activity(), "/account/activity"),
    (|t| t.nav_data(), "/account/data"),
];

/// The navigation on the page at `path`, for an administrator with the way to the admin. A page that belongs to no other
/// link belongs to the start page.
pub(super) fn links(t: Lang, path: &str, is_admin: bool) -> Vec<NavLink> {
    let current = LINKS.iter().skip(1).position(|(_, link)| path.starts_with(link)).map_or(0, |at| at + 1);
    let link = |(at, (label, path)): (usize, &Entry)| NavLink {
        label: label(t),
        path,
        icon: "",
        is_current: at == current,
    };
    let admin = NavLink { label: t.home_page_admin(), path: "/admin/", icon: "", is_current: false };
    LINKS.iter().enumerate().map(link).chain(is_admin.then_some(admin)).collect()
}
