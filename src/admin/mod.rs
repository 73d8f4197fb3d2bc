//! Administrators' pages: one file a page. Reads forms, calls `accounts`, answers HTML; holds
//! no rule about accounts, and writes nothing itself.

pub mod home;
pub mod setup;
mod setup_form;
