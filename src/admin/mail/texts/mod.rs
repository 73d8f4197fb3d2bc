//! The words of mails: the list of texts, and one text with its preview.
pub(crate) mod edit;
pub(crate) mod list;
