//! What stands around every page of the admin: navigation, who is signed in, and what the last
//! action did. Each page's template has one.

use actix_web::http::header;
use actix_web::{HttpResponse, HttpResponseBuilder};
use askama::Template;

use crate::texts::Lang;
use crate::types::Timestamp;
use crate::web::flash::Flash;
use crate::web::session::cookies;
use crate::web::session::guard::Administrator;
use crate::web::{Page, When};

/// A part of the admin, as the navigation names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Section {
    Home,
    Users,
    Mail,
    LoginHelp,
    Audit,
    Settings,
}

impl Section {
    /// All of them, in the navigation's order.
    const ALL: [Self; 6] =
        [Self::Home, Self::Users, Self::Mail, Self::LoginHelp, Self::Audit, Self::Settings];

    /// The one that a page belongs to.
    pub(crate) fn of(path: &str) -> Self {
        let others = Self::ALL.into_iter().skip(1);
        others.into_iter().find(|part| path.starts_with(part.path())).unwrap_or(Self::Home)
    }

    fn label(self, t: Lang) -> &'static str {
        match self {
            Self::Home => t.nav_home(),
            Self::Users => t.nav_users(),
            Self::Mail => t.nav_mail(),
            Self::LoginHelp => t.nav_login_help(),
            Self::Audit => t.nav_audit(),
            Self::Settings => t.nav_settings(),
        }
    }

    const fn path(self) -> &'static str {
        match self {
            Self::Home => "/admin/",
            Self::Users => "/admin/users/",
            Self::Mail => "/admin/mail",
            Self::LoginHelp => "/admin/login-help",
            Self::Audit => "/admin/audit",
            Self::Settings => "/admin/settings",
        }
    }
}

/// A link of the navigation.
pub(crate) struct NavLink {
    pub label: &'static str,
    pub path: &'static str,
    pub is_here: bool,
}

/// What a page's template needs besides its own matter.
pub(crate) struct Layout {
    /// The language.
    pub t: Lang,
    /// Who is signed in.
    pub name: String,
    /// For the forms of the page.
    pub form_token: String,
    /// What the last action did.
    pub said: Option<String>,
    /// Whether that is that it did nothing, or not all.
    pub is_bad_news: bool,
    /// The page itself, as a parameter.
    pub here: String,
    /// The navigation.
    pub links: Vec<NavLink>,
    now: Timestamp,
}

impl Layout {
    /// A moment to come, ready to be shown.
    pub(crate) fn until(&self, moment: Timestamp) -> When {
        When::to_come(self.t, moment, self.now)
    }

    /// A moment, ready to be shown.
    pub(crate) fn when(&self, moment: Timestamp) -> When {
        When::new(self.t, moment, self.now)
    }
}

impl Administrator {
    /// The shell of a page in this part.
    pub(crate) fn shell(&self, section: Section) -> Layout {
        let link = |part: Section| NavLink {
            label: part.label(self.t),
            path: part.path(),
            is_here: part == section,
        };
        Layout {
            t: self.t,
            name: self.user.username.to_string(),
            form_token: self.key.form_token(),
            is_bad_news: self.flash.as_ref().is_some_and(Flash::is_bad),
            said: self.flash.as_ref().map(|flash| flash.text(self.t)),
            here: self.here.encoded(),
            links: Section::ALL.into_iter().map(link).collect(),
            now: self.now,
        }
    }

    /// Answers a page. What was to be said is said with it, and forgotten.
    pub(crate) fn answer<T: Template>(&self, page: Page<T>) -> HttpResponse {
        let mut response = page.with_script().into_response();
        if self.flash.is_some() {
            // Its text is ours and fits into a header.
            let _ = response.add_cookie(&cookies::without_flash(self.is_https));
        }
        response
    }

    /// After a form: on to a page, which says what was done (Post/Redirect/Get).
    pub(crate) fn go_on(&self, path: &str, flash: &Flash) -> HttpResponse {
        see_other(path).cookie(cookies::flashing(flash, self.is_https)).finish()
    }
}

/// On to another page.
pub(crate) fn see_other(path: &str) -> HttpResponseBuilder {
    let mut response = HttpResponse::SeeOther();
    response.insert_header((header::LOCATION, path)).insert_header((header::CACHE_CONTROL, "no-store"));
    response
}
