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
const LINKS: [Entry; 2] = [(|t| t.nav_account(), HOME), (|t| t.nav_data(), "/account/data")];

/// The navigation on the page at `path`. A page that belongs to no other link belongs to the start page.
pub(super) fn links(t: Lang, path: &str) -> Vec<NavLink> {
    let current = LINKS.iter().skip(1).position(|(_, link)| path.starts_with(link)).map_or(0, |at| at + 1);
    let link =
        |(at, (label, path)): (usize, &Entry)| NavLink { label: label(t), path, is_current: at == current };
    LINKS.iter().enumerate().map(link).collect()
}
