//! The browser session of the admin: the area with its guards, and signing in and out.
pub(crate) mod area;
mod not_administrator;
pub(crate) mod sign_in;
mod sign_in_page;

pub(crate) use area::{AdminArea, Administrator, Post, RecentlyAuthenticated, RecentlyAuthenticatedPost};
