//! Pages about imports from another program.
pub(crate) mod pages;
