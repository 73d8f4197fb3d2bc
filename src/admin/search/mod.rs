//! `/admin/search`: one search for users, open invitations, settings, pages and audit actions.
pub(crate) mod invitations;
pub(crate) mod page;
mod places;
