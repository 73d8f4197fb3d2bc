//! Where an area has the pages that its other pages link to.

/// The paths of an area. `root` and `language` end with a slash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct AreaPaths {
    /// The start page, and what the path of every page of the area begins with.
    pub root: &'static str,
    pub sign_in: &'static str,
    pub sign_out: &'static str,
    pub reauthenticate: &'static str,
    /// Chooses a language; its tag follows.
    pub language: &'static str,
    /// The search, which the header has a field for.
    pub search: Option<&'static str>,
}
