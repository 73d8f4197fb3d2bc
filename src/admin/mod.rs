//! Administrators' pages: a folder for each area of the navigation. Reads forms, calls `accounts`, answers
//! HTML; holds no rule about accounts and writes nothing itself. `web::session::guard` protects every page
//! but signing in and the first start.

pub(crate) mod audit;
pub(crate) mod invitations;
pub(crate) mod language;
pub(crate) mod login_help;
pub(crate) mod mail;
pub(crate) mod overview;
pub(crate) mod settings;
pub(crate) mod setup;
pub(crate) mod users;
