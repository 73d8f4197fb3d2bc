//! The parameters of a mail, as the outbox stores them, and the names of those that not every text shows as they are.

use std::collections::BTreeMap;

/// The variables of a mail's templates, by name. The one-time key is not among them.
pub(crate) type Params = BTreeMap<String, String>;

/// The parameter with the username as the mail shows it, where that differs.
pub(crate) const GREETED_AS: &str = "greeted_as";

/// The parameter with the language of the reader, where it is known.
pub(crate) const LANGUAGE: &str = "language";

/// The parameter with the moment of a deletion that was requested, in microseconds since 1970.
pub(crate) const DUE: &str = "due";

/// The parameter with the id of the user, as a link of a front end names it.
pub(crate) const UID: &str = "uid";

/// The parameter with the client of a login.
pub(crate) const USER_AGENT: &str = "user_agent";
