//! How the site looks on pages and in mails: its colours, made from `site.colour`, and its logo, `site.logo`.
//! Knows the settings and no pages; nothing here is stored.

pub(crate) mod content_tag;
pub(crate) mod logo;
pub(crate) mod logo_cache;
pub(crate) mod palette;
pub(crate) mod svg;
