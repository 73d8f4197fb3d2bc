//! The details that are words of the program, not of a person. The table has them in English; pages translate them.

use crate::types::Timestamp;

/// Of an export of everything about one user.
pub(crate) const PERSONAL_DATA: &str = "personal data";

/// Of a login or a refresh, of which there were many.
pub(crate) const ONE_OF_MANY: &str = "one of many: one a minute is recorded";

const WITHOUT_MAIL: &str = ", without a mail";
const AND: &str = "and ";
const TIMES: &str = " times since the entry before";

/// Of a requested deletion: when it is due, and whether no mail told the user.
pub(crate) fn of_deletion(due: Timestamp, is_mailed: bool) -> String {
    format!("{}{}", due.to_rfc3339(), if is_mailed { "" } else { WITHOUT_MAIL })
}

/// The date in the detail of a requested deletion of which no mail told the user; `None` if one did.
pub(crate) fn deletion_without_mail(detail: &str) -> Option<&str> {
    detail.strip_suffix(WITHOUT_MAIL)
}

/// Of something that happened `count` more times.
pub(crate) fn repeated(count: impl std::fmt::Display) -> String {
    format!("{AND}{count}{TIMES}")
}

/// The count in such a detail.
pub(crate) fn count_of_repeated(detail: &str) -> Option<&str> {
    detail.strip_prefix(AND)?.strip_suffix(TIMES)
}
