//! The browser session: its cookie, signing in, re-authentication, and the way back to the page asked for.
pub(crate) mod cookies;
pub(crate) mod guard;
pub(crate) mod pending_form;
pub(crate) mod reauthenticate;
pub(crate) mod return_to;
pub(crate) mod sign_in;
