//! Administrators' pages.

mod setup;
