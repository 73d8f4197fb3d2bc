//! Whom a term fits, the best fit first: whose name begins with it, whose email does, who has it
//! anywhere else. Each of the three has an index that gives it in order, so that the first page costs
//! the same among any number of users.

use diesel::prelude::*;
use diesel::sql_types::Text;

use super::super::connection::Conn;
use super::super::dialect;
use super::super::error::StoreError;
use super::narrow::{Narrow, end_of};
use super::wanted::{Term, Wanted};
use super::{COLUMNS, Fit, Listed, Place};

/// Up to `limit` users after `place`.
pub(super) fn page(
    conn: &mut Conn,
    wanted: &Wanted,
    term: &Term,
    falling: bool,
    place: Option<&Place>,
    limit: usize,
) -> Result<Vec<Listed>, StoreError> {
    let mut fits = vec![Fit::Name, Fit::Email];
    if !term.is_short() {
        fits.push(Fit::Part);
    }
    if falling {
        fits.reverse();
    }
    let began = match place {
        Some(Place::Fit(fit, ..)) => fits.iter().position(|one| one == fit).unwrap_or(fits.len()),
        _ => 0,
    };
    let mut users = Vec::new();
    let mut place = place.cloned();
    for fit in fits.into_iter().skip(began) {
        let mut stretch = Stretch { fit, falling, place: place.take(), seen: 0 };
        while users.len() < limit && stretch.go_on(conn, wanted, term, &mut users)? {}
    }
    users.truncate(limit);
    Ok(users)
}

/// The users whom a term fits equally well, in longer and longer steps.
struct Stretch {
    fit: Fit,
    falling: bool,
    place: Option<Place>,
    seen: usize,
}

impl Stretch {
    /// Takes a step; answers whether there may be more.
    fn go_on(
        &mut self,
        conn: &mut Conn,
        wanted: &Wanted,
        term: &Term,
        found: &mut Vec<Listed>,
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
    fn place_of(&self, user: &Listed) -> Place {
        match self.fit {
            Fit::Name => Place::Fit(self.fit, user.username_key.clone(), 0),
            Fit::Email => Place::Fit(self.fit, user.email_key.clone(), 0),
            Fit::Part => Place::Fit(self.fit, String::new(), user.id),
        }
    }

    fn load(&self, conn: &mut Conn, term: &Term, step: usize) -> Result<Vec<Listed>, StoreError> {
        let (column, Narrow { sql, texts }) = match self.fit {
            Fit::Name => ("username_key", self.range("username_key", &term.name)),
            Fit::Email => ("email_key", self.range("email_key", &term.address)),
            Fit::Part => {
                let after = match &self.place {
                    Some(Place::Fit(_, _, id)) => Some(*id),
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
    fn range(&self, column: &str, beginning: &str) -> Narrow {
        let (mut from, mut to, mut over) = (beginning.to_owned(), end_of(beginning), ">=");
        match &self.place {
            Some(Place::Fit(_, key, _)) if self.falling => to.clone_from(key),
            Some(Place::Fit(_, key, _)) => (from, over) = (key.clone(), ">"),
            _ => {}
        }
        Narrow { sql: format!("{column} {over} $1 AND {column} < $2"), texts: vec![from, to] }
    }
}
