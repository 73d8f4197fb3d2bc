//! The layout of an area's pages: the navigation, the signed-in user, and the message about the last action.
//! The template of each page has one as `layout`.

use actix_web::http::header;
use actix_web::{HttpResponse, HttpResponseBuilder};

use crate::texts::Lang;
use crate::types::{TimeZone, Timestamp};
use crate::web::When;
use crate::web::flash::UndoForm;
use crate::web::session::paths::AreaPaths;

/// A link of the navigation.
pub(crate) struct NavLink {
    pub label: &'static str,
    pub path: &'static str,
    /// The name of its drawing in `static/icons.svg`; empty for none.
    pub icon: &'static str,
    /// Whether the page belongs to this link.
    pub is_current: bool,
}

/// What the template of a page needs besides its content.
pub(crate) struct Layout {
    pub t: Lang,
    pub paths: AreaPaths,
    /// The signed-in user.
    pub username: String,
    /// For the forms of the page.
    pub form_token: String,
    /// The message about the last action.
    pub notice: Option<String>,
    /// What undoes the last action.
    pub undo: Option<UndoForm>,
    /// Whether the message says that the action failed or was done in part.
    pub is_bad_notice: bool,
    /// The page itself, as the value of a parameter.
    pub here: String,
    /// The query of the page, to add a parameter to: empty, or with `&` at its end.
    pub query: String,
    pub links: Vec<NavLink>,
    /// The name of the site or program in the header.
    pub brand: String,
    /// The page that the user's name leads to.
    pub account_page: Option<&'static str>,
    /// The name of the user whose pages an administrator views, if the page is such a view.
    pub viewed: Option<String>,
    /// The moment that relative times refer to.
    pub now: Timestamp,
    /// The time zone of the reader.
    pub zone: TimeZone,
}

impl Layout {
    /// A moment in the past, for display.
    pub(crate) fn when(&self, moment: Timestamp) -> When {
        When::new(self.t, &self.zone, moment, self.now)
    }

    /// A moment as a date with its hour.
    pub(crate) fn dated(&self, moment: Timestamp) -> When {
        When::dated(self.t, &self.zone, moment)
    }

    /// A moment in the future, for display.
    pub(crate) fn until(&self, moment: Timestamp) -> When {
        When::to_come(self.t, &self.zone, moment, self.now)
    }
}

/// A redirect to another page, after a form or instead of this page.
pub(crate) fn see_other(path: &str) -> HttpResponseBuilder {
    let mut response = HttpResponse::SeeOther();
    response.insert_header((header::LOCATION, path)).insert_header((header::CACHE_CONTROL, "no-store"));
    response
}
