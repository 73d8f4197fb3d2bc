//! The browser session of an area: its cookie, the guards, re-authentication, the form that waits for a
//! password, and the way back to the requested page.
pub(crate) mod area;
pub(crate) mod cookies;
pub(crate) mod guard;
pub(crate) mod next_url;
pub(crate) mod paths;
pub(crate) mod pending_form;
pub(crate) mod reauthenticate;
pub(crate) mod remember_language;
pub(crate) mod return_to;
pub(crate) mod sign_in;
pub(crate) mod sign_in_page;
