//! The place of a page in a list, as an opaque text (`rest_framework/pagination.py`, `CursorPagination`), and the body
//! with a page.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

use crate::api::admin::query::Query;
use crate::api::drf::error::ApiError;
use crate::app::App;
use crate::store::queries::audit_list::AuditCursor;
use crate::store::queries::user_list::{MatchRank, UserCursor};
use crate::web::paging::{PageStart, Paged};

/// The position of a row.
pub(super) trait Position: Sized {
    /// As JSON.
    fn to_json(&self) -> Value;

    /// Reads what [`Self::to_json`] writes.
    fn from_json(json: &Value) -> Option<Self>;
}

/// From where a page is read, and its position.
pub(super) struct CursorPlace<P> {
    /// The direction.
    pub start: PageStart,
    /// `None` for the first page.
    pub position: Option<P>,
}

/// The place that the query names.
///
/// # Errors
/// 404 for a cursor that no link has, as DRF answers.
pub(super) fn place<P: Position>(query: &Query) -> Result<CursorPlace<P>, ApiError> {
    match query.text("cursor") {
        None => Ok(CursorPlace { start: PageStart::Beginning, position: None }),
        Some(cursor) => decode(&cursor).ok_or(ApiError::InvalidCursor),
    }
}

fn decode<P: Position>(cursor: &str) -> Option<CursorPlace<P>> {
    let bytes = URL_SAFE_NO_PAD.decode(cursor).ok()?;
    let (is_before, position): (bool, Value) = serde_json::from_slice(&bytes).ok()?;
    let start = if is_before { PageStart::Before } else { PageStart::After };
    Some(CursorPlace { start, position: Some(P::from_json(&position)?) })
}

fn encode(is_before: bool, position: &impl Position) -> String {
    URL_SAFE_NO_PAD.encode(json!([is_before, position.to_json()]).to_string())
}

/// The body with a page: links to its neighbours, and its rows.
pub(super) fn body<T, P: Position>(
    app: &App,
    query: &Query,
    path: &str,
    page: &Paged<T>,
    (at_row, answer): (impl Fn(&T) -> P, impl Fn(&T) -> Value),
) -> Value {
    let link = |is_before, row: Option<&T>| {
        row.map(|row| query.url(app.config.public_url.origin(), path, &encode(is_before, &at_row(row))))
    };
    json!({
        "next": link(false, page.next_start()),
        "previous": link(true, page.previous_end()),
        "results": page.rows.iter().map(answer).collect::<Vec<_>>(),
    })
}

impl Position for AuditCursor {
    fn to_json(&self) -> Value {
        json!([self.at, self.id])
    }

    fn from_json(json: &Value) -> Option<Self> {
        match json.as_array()?.as_slice() {
            [at, id] => Some(Self { at: at.as_i64()?, id: id.as_i64()? }),
            _ => None,
        }
    }
}

/// The ranks by the number that a cursor has.
const RANKS: [MatchRank; 5] =
    [MatchRank::Id, MatchRank::Name, MatchRank::Email, MatchRank::Unaccented, MatchRank::Part];

impl Position for UserCursor {
    fn to_json(&self) -> Value {
        match self {
            Self::Key(key) => json!(["key", key]),
            Self::Email(key, id) => json!(["email", key, id]),
            Self::Moment(at, id) => json!(["moment", at, id]),
            Self::Match(rank, key, id) => {
                json!(["match", RANKS.iter().position(|one| one == rank), key, id])
            }
        }
    }

    fn from_json(json: &Value) -> Option<Self> {
        // PostgreSQL refuses a NUL in a text.
        let text = |value: &Value| value.as_str().filter(|text| !text.contains('\0')).map(str::to_owned);
        match json.as_array()?.as_slice() {
            [kind, key] if kind == "key" => Some(Self::Key(text(key)?)),
            [kind, key, id] if kind == "email" => Some(Self::Email(text(key)?, id.as_i64()?)),
            [kind, at, id] if kind == "moment" => Some(Self::Moment(at.as_i64()?, id.as_i64()?)),
            [kind, rank, key, id] if kind == "match" => {
                let rank = RANKS.get(usize::try_from(rank.as_u64()?).ok()?)?;
                Some(Self::Match(*rank, text(key)?, id.as_i64()?))
            }
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn cursors() -> impl Strategy<Value = UserCursor> {
        prop_oneof![
            "[^\0]{0,9}".prop_map(UserCursor::Key),
            ("[^\0]{0,9}", any::<i64>()).prop_map(|(key, id)| UserCursor::Email(key, id)),
            any::<(i64, i64)>().prop_map(|(at, id)| UserCursor::Moment(at, id)),
            (0..5_usize, "[^\0]{0,9}", any::<i64>()).prop_map(|(rank, key, id)| UserCursor::Match(
                RANKS[rank],
                key,
                id
            )),
        ]
    }

    proptest! {
        #[test]
        fn a_cursor_reads_back(cursor in cursors(), is_before: bool) {
            let place: CursorPlace<UserCursor> = decode(&encode(is_before, &cursor)).unwrap();
            prop_assert_eq!(place.position, Some(cursor));
            prop_assert_eq!(place.start, if is_before { PageStart::Before } else { PageStart::After });
        }
    }

    #[test]
    fn what_is_no_cursor_is_refused() {
        for json in
            ["", "[]", "[true]", "[true,[\"key\"]]", "[0,[\"key\",\"a\"]]", "[true,[\"key\",\"a\\u0000\"]]"]
        {
            assert!(decode::<UserCursor>(&URL_SAFE_NO_PAD.encode(json)).is_none(), "{json}");
            assert!(decode::<AuditCursor>(&URL_SAFE_NO_PAD.encode(json)).is_none(), "{json}");
        }
        assert!(decode::<UserCursor>("!!!").is_none());
    }
}
