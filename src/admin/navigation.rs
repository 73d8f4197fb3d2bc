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

/// The label, in the language of the page, and the path.
type Entry = (fn(Lang) -> &'static str, &'static str);

/// The links of the navigation. The first is the start page.
const LINKS: [Entry; 6] = [
    (|t| t.nav_home(), PATHS.root),
    (|t| t.nav_users(), "/admin/users/"),
    (|t| t.nav_mail(), "/admin/mail"),
    (|t| t.nav_login_help(), "/admin/login-help"),
    (|t| t.nav_audit(), "/admin/audit"),
    (|t| t.nav_settings(), "/admin/settings"),
];

/// The navigation on the page at `path`. A page that belongs to no other link belongs to the start page.
pub(crate) fn links(t: Lang, path: &str) -> Vec<NavLink> {
    let current = LINKS.iter().skip(1).position(|(_, link)| is_below(path, link)).map_or(0, |at| at + 1);
    let link =
        |(at, (label, path)): (usize, &Entry)| NavLink { label: label(t), path, is_current: at == current };
    LINKS.iter().enumerate().map(link).collect()
}

fn is_below(path: &str, link: &str) -> bool {
    path.strip_prefix(link.trim_end_matches('/'))
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['/', '?']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_page_belongs_to_one_link() {
        for (path, link) in [
            ("/admin", "/admin/"),
            ("/admin/", "/admin/"),
            ("/admin/users", "/admin/users/"),
            ("/admin/users/?q=mail", "/admin/users/"),
            ("/admin/users/7/edit", "/admin/users/"),
            ("/admin/mail/7", "/admin/mail"),
            ("/admin/mailbox", "/admin/"),
        ] {
            let current: Vec<_> = links(Lang::English, path)
                .iter()
                .filter(|link| link.is_current)
                .map(|link| link.path)
                .collect();
            assert_eq!(current, [link], "{path}");
        }
    }
}
