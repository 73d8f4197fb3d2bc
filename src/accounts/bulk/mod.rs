//! One action on many users, in the background if it takes long, and its undo.
pub(super) mod action;
pub(super) mod resume;
mod run;
pub(super) mod start;
pub(super) mod undo;
