//! What every page for a browser needs: the page with its headers and errors, forms, lists, exports, the
//! layout, and the browser session. `admin` and `pages` stand on it. It has no rules about accounts and knows no
//! area: what differs between areas is in [`session::area::Area`].

pub(crate) mod abbreviate;
mod account_errors;
pub(crate) mod csv;
mod delivery;
mod error;
pub(crate) mod export;
pub(crate) mod filters;
pub(crate) mod flash;
mod form;
pub(crate) mod form_page;
pub(crate) mod key_page;
mod language;
pub(crate) mod layout;
pub(crate) mod lists;
pub(crate) mod multipart;
pub(crate) mod open_sessions;
mod page;
pub(crate) mod paging;
mod panic;
pub(crate) mod personal_data;
pub(crate) mod session;
mod site;
mod when;

pub(crate) use abbreviate::{MAX_TYPED, abbreviate, beginning, size_in_page};
pub(crate) use account_errors::{
    AccountErrors, NEW_PASSWORD, OLD_PASSWORD, both, email, first_password, new_password, username,
};
pub(crate) use delivery::{asset, deliver_pages, static_file};
pub(crate) use error::{ErrorLink, PageError, Viewer, error_page, localized_errors};
pub(crate) use form::{FORM_TOKEN, PageForm};
pub(crate) use language::{language, language_cookie, time_zone, time_zone_cookie};
pub(crate) use page::Page;
pub(crate) use panic::recover;
pub(crate) use site::assets::{logo as site_logo, style_sheet as site_style_sheet};
pub(crate) use site::view::SiteView;
pub(crate) use when::When;
