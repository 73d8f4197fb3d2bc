//! Administrators' pages: a folder for each area of the navigation. Reads forms, calls `accounts`, answers
//! HTML; holds no rule about accounts and writes nothing itself. `web::session::guard` protects every page
//! but signing in and the first start.

pub mod audit;
pub mod invitations;
pub mod language;
pub mod login_help;
pub mod mail;
pub mod overview;
pub mod settings;
pub mod setup;
pub mod users;
