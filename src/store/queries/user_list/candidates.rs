//! The condition of a list that has an index of its own, and that the fewest users may fit.

use crate::store::engine::connection::Conn;
use crate::store::engine::dialect;
use crate::store::queries::user_list::filter::{LastLogin, SearchTerm, UserFilter};

/// A condition that has an index of its own, with the texts of its first parameters.
pub(crate) struct CandidateScan {
    pub sql: String,
    pub texts: Vec<String>,
}

/// The condition that the fewest may fit, of those that are wanted.
pub(crate) fn narrow(conn: &Conn, wanted: &UserFilter) -> Option<CandidateScan> {
    if let Some(term) = &wanted.term {
        return Some(match term.is_short() {
            true => beginning_with(term),
            false => dialect::holding(conn, &term.name, &term.address, None),
        });
    }
    by_flags(wanted)
}

/// The same without the term.
pub(crate) fn by_flags(wanted: &UserFilter) -> Option<CandidateScan> {
    let UserFilter { admin, active, added_after, last_login, confirmed, .. } = *wanted;
    let sql = match (admin, active, added_after, last_login, confirmed) {
        (Some(true), ..) => "is_admin".to_owned(),
        (_, Some(false), ..) => "NOT is_active".to_owned(),
        (_, _, Some(then), ..) => format!("created_at > {}", then.micros()),
        (.., LastLogin::Never, _) => "coalesce(last_login_at, 0) = 0".to_owned(),
        (.., LastLogin::Before(then), _) => format!("coalesce(last_login_at, 0) < {}", then.micros()),
        (.., Some(true)) => "is_email_confirmed = TRUE".to_owned(),
        (.., Some(false)) => "is_email_confirmed = FALSE".to_owned(),
        (.., None) => return None,
    };
    Some(CandidateScan { sql, texts: Vec::new() })
}

fn beginning_with(term: &SearchTerm) -> CandidateScan {
    let sql = "(username_key >= $1 AND username_key < $2 OR email_key >= $3 AND email_key < $4)".to_owned();
    let texts = vec![term.name.clone(), end_of(&term.name), term.address.clone(), end_of(&term.address)];
    CandidateScan { sql, texts }
}

/// What comes after all texts that begin with this one.
pub(crate) fn end_of(beginning: &str) -> String {
    // No character comes after this one.
    format!("{beginning}\u{10ffff}")
}

/// All that is wanted, as one condition after the other. SQLite counts parameters by where they stand
/// first, so `narrow` stands before `rest`.
pub(crate) struct FullScan {
    pub narrow: String,
    pub rest: String,
    pub texts: Vec<String>,
}

/// The narrow condition, no further than to `most` users where the index can stop, and the rest.
pub(crate) fn whole(conn: &Conn, wanted: &UserFilter, most: Option<usize>) -> FullScan {
    let long = wanted.term.as_ref().filter(|term| !term.is_short());
    let everybody = || CandidateScan { sql: "1 = 1".to_owned(), texts: Vec::new() };
    let CandidateScan { sql, mut texts } = match long {
        Some(term) => dialect::holding(conn, &term.name, &term.address, most),
        None => narrow(conn, wanted).unwrap_or_else(everybody),
    };
    let mut rest = wanted.flags();
    if let Some(term) = long {
        // Who holds all the trigrams of a text need not hold it.
        rest = format!("{rest} AND {}", dialect::has_part(conn, texts.len() + 1));
        texts.extend([term.name.clone(), term.address.clone()]);
    }
    FullScan { narrow: sql, rest, texts }
}
