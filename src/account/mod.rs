//! The pages of users about their own account, and the ways there: signing in and out, registering, a forgotten
//! password. A folder's pages form one area with a session of its own; `account.pages` turns them off.

pub(crate) mod area;
pub(crate) mod data;
pub(crate) mod language;
mod navigation;
mod notice;
pub(crate) mod profile;
pub(crate) mod sign_in;
mod sign_in_page;
