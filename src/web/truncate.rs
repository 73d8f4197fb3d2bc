//! How much of what people and clients call themselves the lists show: a page stays under 50 KB, whatever
//! they send. The page of a user or a mail, and the files for download, have all of it.

use crate::web::abbreviate;

/// A username in a list.
pub(crate) fn name(name: &str) -> String {
    abbreviate(name, 50)
}

/// An address in a list.
pub(crate) fn email(email: &str) -> String {
    abbreviate(email, 90)
}

/// What a client calls itself.
pub(crate) fn agent(user_agent: &str) -> String {
    abbreviate(user_agent, 200)
}

/// A line of prose: what an entry of the audit adds, or what a mail server said.
pub(crate) fn detail(text: &str) -> String {
    abbreviate(text, 200)
}
