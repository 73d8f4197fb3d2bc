//! The browser session: its cookie, signing in, re-authentication, and the way back to the page asked for.
pub mod cookies;
pub mod guard;
pub mod pending_form;
pub mod reauthenticate;
pub mod return_to;
pub mod sign_in;
