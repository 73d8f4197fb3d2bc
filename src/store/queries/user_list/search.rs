//! Whom a term fits, the best fit first: whose name begins with it, whose email does, who has it
//! anywhere else. Each of the three has an index that gives it in order, so that the first page costs
//! the same among any number of users.

use diesel::prelude::*;
use diesel::sql_types::Text;

use crate::store::engine::connection::Conn;
use crate::store::engine::dialect;
use crate::store::engine::error::StoreError;
use crate::store::queries::user_list::candidates::{CandidateScan, end_of};
use crate::store::queries::user_list::filter::{SearchTerm, UserFilter};
use crate::store::queries::user_list::{COLUMNS, ListedUser, MatchRank, UserCursor};

/// Up to `limit` users after `place`.
pub(crate) fn page(
    conn: &mut Conn,
    wanted: &UserFilter,
    term: &SearchTerm,
    falling: bool,
    place: Option<&UserCursor>,
    limit: usize,
) -> Result<Vec<ListedUser>, StoreError> {
    let mut fits = vec![MatchRank::Name, MatchRank::Email];
    if !term.is_short() {
        fits.push(MatchRank::Part);
    }
    if falling {
        fits.reverse();
    }
    let began = match place {
        Some(UserCursor::Match(fit, ..)) => fits.iter().position(|one| one == fit).unwrap_or(fits.len()),
        _ => 0,
    };
    let mut users = Vec::new();
    let mut place = place.cloned();
    for fit in fits.into_iter().skip(began) {
        let mut stretch = IdRange { fit, falling, place: place.take(), seen: 0 };
        while users.len() < limit && stretch.go_on(conn, wanted, term, &mut users)? {}
    }
    users.truncate(limit);
    Ok(users)
}

/// The users whom a term fits equally well, in longer and longer steps.
struct IdRange {
    fit: MatchRank,
    falling: bool,
    place: Option<UserCursor>,
    seen: usize,
}

impl IdRange {
    /// Takes a step; answers whether there may be more.
    fn go_on(
        &mut self,
        conn: &mut Conn,
        wanted: &UserFilter,
        term: &SearchTerm,
        found: &mut Vec<ListedUser>,
    ) -> Result<bool, StoreError> {
        let step = (self.seen * 2).clamp(64, 2_000);
        let users = self.load(conn, term, step)?;
        self.seen += users.len();
        let has_more = users.len() == step;
        self.place = users.last().map(|last| self.place_of(last));
        // Who fits better as well was there before.
        found
            .extend(users.into_iter().filter(|user| wanted.fits(user) && wanted.fit(user) == Some(self.fit)));
        Ok(has_more)
    }

    /// Where a candidate stands, however well the term fits.
    fn place_of(&self, user: &ListedUser) -> UserCursor {
        match self.fit {
            MatchRank::Name => UserCursor::Match(self.fit, user.username_key.clone(), 0),
            MatchRank::Email => UserCursor::Match(self.fit, user.email_key.clone(), 0),
            MatchRank::Part => UserCursor::Match(self.fit, String::new(), user.id),
        }
    }

    fn load(&self, conn: &mut Conn, term: &SearchTerm, step: usize) -> Result<Vec<ListedUser>, StoreError> {
        let (column, CandidateScan { sql, texts }) = match self.fit {
            MatchRank::Name => ("username_key", self.range("username_key", &term.name)),
            MatchRank::Email => ("email_key", self.range("email_key", &term.address)),
            MatchRank::Part => {
                let after = match &self.place {
                    Some(UserCursor::Match(_, _, id)) => Some(*id),
                    _ => None,
                };
                ("id", dialect::holding_from(conn, &term.name, &term.address, after, self.falling, step))
            }
        };
        let way = if self.falling { "DESC" } else { "ASC" };
        let query = format!("SELECT {COLUMNS} FROM users WHERE {sql} ORDER BY {column} {way} LIMIT {step}");
        let mut query = diesel::sql_query(query).into_boxed();
        for text in texts {
            query = query.bind::<Text, _>(text);
        }
        Ok(query.load(conn)?)
    }

    /// Whose `column` begins with a text, from the place on: one range of the index.
    fn range(&self, column: &str, beginning: &str) -> CandidateScan {
        let (mut from, mut to, mut over) = (beginning.to_owned(), end_of(beginning), ">=");
        match &self.place {
            Some(UserCursor::Match(_, key, _)) if self.falling => to.clone_from(key),
            Some(UserCursor::Match(_, key, _)) => (from, over) = (key.clone(), ">"),
            _ => {}
        }
        CandidateScan { sql: format!("{column} {over} $1 AND {column} < $2"), texts: vec![from, to] }
    }
}
