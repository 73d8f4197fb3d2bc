//! The site that the accounts belong to, on pages: its name, its colours and its logo.

pub(super) mod assets;
pub(super) mod view;
