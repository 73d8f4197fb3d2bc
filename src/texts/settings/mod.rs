//! The settings, and the set-up list.
mod form;
mod help;
mod list;
