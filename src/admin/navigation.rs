//! The paths that every page of the admin links to, and the navigation.

use crate::texts::Lang;
use crate::web::layout::NavLink;
use crate::web::session::paths::AreaPaths;

pub(crate) const PATHS: AreaPaths = AreaPaths {
    root: "/admin/",
    sign_in: "/admin/sign-in",
    sign_out: "/admin/sign-out",
    reauthenticate: "/admin/prove",
    language: "/admin/language/",
    search: Some("/admin/search"),
};

/// The label, in the language of the page, the path, and the drawing.
type Entry = (fn(Lang) -> &'static str, &'static str, &'static str);

/// The links of the navigation. The first is the start page.
const LINKS: [Entry; 6] = [
    (|t| t.nav_home(), PATHS.root, "home"),
    (|t| t.nav_users(), "/admin/users/", "users"),
    (|t| t.nav_mail(), "/admin/mail", "mail"),
    (|t| t.nav_login_help(), "/admin/login-help", "help"),
    (|t| t.nav_audit(), "/admin/audit", "audit"),
    (|t| t.nav_settings(), "/admin/settings", "settings"),
];

/// The navigation on the page at `path`. The search belongs to no link.
pub(crate) fn links(t: Lang, path: &str) -> Vec<NavLink> {
    let is_current = |link: &str| match link == PATHS.root {
        true => path.trim_end_matches('/') == PATHS.root.trim_end_matches('/'),
        false => is_below(path, link),
    };
    LINKS
        .iter()
        .map(|(label, path, icon)| NavLink { label: label(t), path, icon, is_current: is_current(path) })
        .collect()
}

fn is_below(path: &str, link: &str) -> bool {
    path.strip_prefix(link.trim_end_matches('/'))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_belongs_to_one_link_but_for_the_search() {
        for (path, expected) in [
            ("/admin", &["/admin/"][..]),
            ("/admin/", &["/admin/"]),
            ("/admin/users", &["/admin/users/"]),
            ("/admin/users/?q=mail", &["/admin/users/"]),
            ("/admin/users/7/edit", &["/admin/users/"]),
            ("/admin/mail/7", &["/admin/mail"]),
            ("/admin/mailbox", &[]),
            ("/admin/search", &[]),
        ] {
            let current: Vec<_> = links(Lang::English, path)
                .iter()
                .filter(|link| link.is_current)
                .map(|link| link.path)
                .collect();
            assert_eq!(current, expected, "{path}");
        }
    }
}
