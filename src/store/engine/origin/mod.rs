//! The database of another program, which is only read: its tables, and the rows of a table in the order of its
//! key, a page at a time. No transaction stays open in between: in a SQLite file without a write-ahead log it would
//! make every writer wait.

mod catalogue;
mod pages;

use diesel::connection::SimpleConnection as _;
use diesel::{Connection as _, ConnectionError, PgConnection};

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::sqlite;
use crate::types::DatabaseUrl;

pub(crate) use catalogue::{OriginColumn, OriginTable};
pub(crate) use pages::{KeyRange, MemberQuery, OriginRecord, PageQuery};

/// Nothing is written, moments are read in UTC, and a page may take as long as it takes.
const PG_SETTINGS: &str = "SET default_transaction_read_only = on; SET TIME ZONE 'UTC'; \
                           SET statement_timeout = 0; SET application_name = 'doorward import'";

/// An open database of another program.
pub(crate) struct OriginDatabase {
    conn: Conn,
}

impl OriginDatabase {
    /// Opens it. A standby of PostgreSQL will do.
    ///
    /// # Errors
    /// If there is no such file or server; without the password of the URL.
    pub(crate) fn open(url: &DatabaseUrl) -> Result<Self, StoreError> {
        let mut conn = match url {
            DatabaseUrl::Sqlite(path) => sqlite::connect_read_only(path)?,
            DatabaseUrl::Postgres(text) => Conn::Pg(PgConnection::establish(text).map_err(|error| {
                let message = match error {
                    ConnectionError::BadConnection(message) => message,
                    other => other.to_string(),
                };
                let line = message.split_whitespace().collect::<Vec<_>>().join(" ");
                StoreError::Unavailable(url.hide_secrets(line))
            })?),
        };
        if let Conn::Pg(pg) = &mut conn {
            pg.batch_execute(PG_SETTINGS)?;
        }
        Ok(Self { conn })
    }

    /// Its tables, by name.
    pub(crate) fn tables(&mut self) -> Result<Vec<OriginTable>, StoreError> {
        catalogue::tables(&mut self.conn)
    }

    /// How many rows a table has.
    pub(crate) fn count(&mut self, table: &str) -> Result<u64, StoreError> {
        pages::count(&mut self.conn, table)
    }

    /// The next rows after a key.
    pub(crate) fn page(
        &mut self,
        query: &PageQuery,
        after: Option<&str>,
    ) -> Result<Vec<OriginRecord>, StoreError> {
        pages::page(&mut self.conn, query, after)
    }

    /// The rows of another table that refer to keys in a range, with the key as that of each record.
    pub(crate) fn referring(
        &mut self,
        query: &PageQuery,
        keys: &KeyRange,
    ) -> Result<Vec<OriginRecord>, StoreError> {
        pages::referring(&mut self.conn, query, keys)
    }

    /// The names that a table of members gives to keys in a range: key and name.
    pub(crate) fn members(
        &mut self,
        query: &MemberQuery,
        keys: &KeyRange,
    ) -> Result<Vec<(String, String)>, StoreError> {
        pages::members(&mut self.conn, query, keys)
    }
}
