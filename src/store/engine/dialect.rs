//! The few things that one SQL cannot say to both dialects. Used by the other files of `store`.
//!
//! A write transaction on SQLite has the whole database to itself, so nothing below has to wait
//! there. On PostgreSQL many write at once, on several replicas, and whoever decides by what was
//! read must keep others from changing it meanwhile.

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Text};
use sha2::{Digest as _, Sha256};

use crate::store::engine::connection::{Conn, Tx};
use crate::store::engine::error::StoreError;
use crate::store::queries::user_list::CandidateScan;
use crate::types::{MailId, UserId};

/// The lock of whoever brings the schema up to date: two numbers, and so apart from those of
/// [`lock`], which are one.
const SCHEMA: &str = "1685024626, 1";

/// Keeps others who ask for one of `names` waiting until the transaction ends: for deciding on
/// rows that may not be there yet.
///
/// Everybody takes them in the same order, so that no two wait for each other.
pub(crate) fn lock(tx: &mut Tx<'_>, names: &[String]) -> Result<(), StoreError> {
    let Conn::Pg(pg) = &mut **tx else { return Ok(()) };
    if names.is_empty() {
        return Ok(());
    }
    let mut keys: Vec<i64> = names.iter().map(|name| key_of(name)).collect();
    keys.sort_unstable();
    keys.dedup();
    let all: String = keys.iter().map(|key| format!("SELECT pg_advisory_xact_lock({key});")).collect();
    Ok(pg.batch_execute(&all)?)
}

/// Keeps a user as they are until the transaction ends, but for what it does itself.
pub(crate) fn lock_user(tx: &mut Tx<'_>, id: UserId) -> Result<(), StoreError> {
    let Conn::Pg(pg) = &mut **tx else { return Ok(()) };
    diesel::sql_query("SELECT FROM users WHERE id = $1 FOR UPDATE")
        .bind::<BigInt, _>(id.get())
        .execute(pg)?;
    Ok(())
}

/// Keeps a mail as it is until the transaction ends, but for what it does itself.
pub(crate) fn lock_mail(tx: &mut Tx<'_>, id: MailId) -> Result<(), StoreError> {
    let Conn::Pg(pg) = &mut **tx else { return Ok(()) };
    diesel::sql_query("SELECT FROM mails WHERE id = $1 FOR UPDATE")
        .bind::<BigInt, _>(id.get())
        .execute(pg)?;
    Ok(())
}

#[derive(QueryableByName)]
struct IdRow {
    #[diesel(sql_type = BigInt)]
    id: i64,
}

/// Takes the id that the next user would have had. There has been a user before.
pub(crate) fn next_user_id(tx: &mut Tx<'_>) -> Result<UserId, StoreError> {
    let next = match **tx {
        Conn::Sqlite(_) => {
            "UPDATE sqlite_sequence SET seq = seq + 1 WHERE name = 'users' RETURNING seq AS id"
        }
        Conn::Pg(_) => "SELECT nextval(pg_get_serial_sequence('users', 'id')) AS id",
    };
    Ok(UserId::new(diesel::sql_query(next).get_result::<IdRow>(&mut **tx)?.id))
}

/// At the end of a `SELECT` of rows to change: passes over those that somebody else is at.
pub(crate) fn skip_locked(tx: &Tx<'_>) -> &'static str {
    match **tx {
        Conn::Sqlite(_) => "",
        Conn::Pg(_) => "FOR UPDATE SKIP LOCKED",
    }
}

/// Runs `work` while no other process does, however long that takes: for changing the schema.
pub(crate) fn alone<T>(
    conn: &mut Conn,
    work: impl FnOnce(&mut Conn) -> Result<T, StoreError>,
) -> Result<T, StoreError> {
    if let Conn::Pg(pg) = conn {
        pg.batch_execute("SET statement_timeout = 0")?;
        let at_once =
            diesel::dsl::sql::<diesel::sql_types::Bool>(&format!("SELECT pg_try_advisory_lock({SCHEMA})"));
        if !at_once.get_result::<bool>(pg)? {
            tracing::info!("waiting for another doorward that looks after the database's schema");
            pg.batch_execute(&format!("SELECT pg_advisory_lock({SCHEMA})"))?;
        }
    }
    let answer = work(conn);
    if let Conn::Pg(pg) = conn {
        // Where this fails, the connection is gone, and the lock with it.
        let _ = pg.batch_execute(&format!("SELECT pg_advisory_unlock({SCHEMA}); RESET statement_timeout"));
    }
    answer
}

/// Whose name and email hold trigrams that cover `name`, or `address`: among them are all those of whose
/// folded name or email it is a part. No more than `most` where the index can stop.
pub(crate) fn holding(conn: &Conn, name: &str, address: &str, most: Option<usize>) -> CandidateScan {
    match conn {
        Conn::Sqlite(_) => {
            let wanted = if name == address {
                all_of(name)
            } else {
                format!("{} OR {}", all_of(name), all_of(address))
            };
            let limit = most.map(|most| format!(" LIMIT {most}")).unwrap_or_default();
            let sql = format!("id IN (SELECT rowid FROM user_search WHERE user_search MATCH $1{limit})");
            CandidateScan { sql, texts: vec![wanted] }
        }
        Conn::Pg(_) => {
            let has = |n| format!("user_trigrams(username_key, email_key) @> user_trigrams(${n}, ${n})");
            let sql = if name == address { has(1) } else { format!("({} OR {})", has(1), has(2)) };
            let texts = if name == address { vec![name] } else { vec![name, address] };
            CandidateScan { sql, texts: texts.into_iter().map(str::to_owned).collect() }
        }
    }
}

/// The same by rising id (or falling), after the user of an id, and no more than `most`.
pub(crate) fn holding_from(
    conn: &Conn,
    name: &str,
    address: &str,
    after: Option<i64>,
    falling: bool,
    most: usize,
) -> CandidateScan {
    let (over, way) = if falling { ("<", "DESC") } else { (">", "ASC") };
    let from = |column: &str| after.map(|id| format!(" AND {column} {over} {id}")).unwrap_or_default();
    let mut narrow = holding(conn, name, address, None);
    narrow.sql = match conn {
        // The index gives them in this order, and stops.
        Conn::Sqlite(_) => {
            let from = from("rowid");
            let order = format!("ORDER BY rowid {way} LIMIT {most}");
            format!("id IN (SELECT rowid FROM user_search WHERE user_search MATCH $1{from} {order})")
        }
        Conn::Pg(_) => format!("{}{}", narrow.sql, from("id")),
    };
    narrow
}

/// Whether a text is a part of the folded name, or the next one of the folded email.
pub(crate) fn has_part(conn: &Conn, first: usize) -> String {
    let find = match conn {
        Conn::Sqlite(_) => "instr",
        Conn::Pg(_) => "strpos",
    };
    format!("({find}(username_key, ${first}) > 0 OR {find}(email_key, ${}) > 0)", first + 1)
}

/// A query of SQLite's FTS5 for trigrams that cover the text. Those between would tell little more, and
/// each costs as much as there are users who hold it.
fn all_of(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let quoted = |three: &[char]| format!("\"{}\"", three.iter().collect::<String>().replace('"', "\"\""));
    let last = chars.windows(3).last();
    let mut trigrams: Vec<String> = chars.chunks_exact(3).chain(last).map(quoted).collect();
    trigrams.sort_unstable();
    trigrams.dedup();
    format!("({})", trigrams.join(" AND "))
}

#[derive(QueryableByName)]
struct Room {
    #[diesel(sql_type = BigInt)]
    bytes: i64,
    #[diesel(sql_type = Text)]
    file: String,
}

/// How much room the database takes, and how much is left where it lies, in bytes; the latter only
/// for a file.
pub(crate) fn room(conn: &mut Conn) -> Result<(u64, Option<u64>), StoreError> {
    let query = match conn {
        Conn::Sqlite(_) => {
            "SELECT page_count * page_size AS bytes, file \
             FROM pragma_page_count, pragma_page_size, pragma_database_list WHERE name = 'main'"
        }
        Conn::Pg(_) => "SELECT pg_database_size(current_database()) AS bytes, '' AS file",
    };
    let Room { bytes, file } = diesel::sql_query(query).get_result(conn)?;
    let bytes = u64::try_from(bytes).unwrap_or(0);
    if file.is_empty() {
        return Ok((bytes, None));
    }
    // What was written last is in a file beside it, until a checkpoint.
    let beside = std::fs::metadata(format!("{file}-wal")).map_or(0, |file| file.len());
    let free = rustix::fs::statvfs(&file).ok().map(|disk| disk.f_bavail.saturating_mul(disk.f_frsize));
    Ok((bytes.saturating_add(beside), free))
}

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The names of the tables that are there, but for those of the database itself.
pub(crate) fn tables(conn: &mut Conn) -> Result<Vec<String>, StoreError> {
    let list = match conn {
        // Not those that hold an index alone: SQLite calls them virtual, and shadows.
        Conn::Sqlite(_) => {
            "SELECT name FROM pragma_table_list \
             WHERE schema = 'main' AND type = 'table' AND name NOT LIKE 'sqlite_%'"
        }
        // Where new tables would go; an extension's own are no program's.
        Conn::Pg(_) => {
            "SELECT relname::text AS name FROM pg_class WHERE relkind IN ('r', 'p') \
             AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema()) \
             AND NOT EXISTS (SELECT FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e')"
        }
    };
    Ok(diesel::sql_query(list).load::<Table>(conn)?.into_iter().map(|table| table.name).collect())
}

/// A name as a number, the same in every version of this program.
fn key_of(name: &str) -> i64 {
    let digest = Sha256::digest(name.as_bytes());
    digest.iter().take(8).fold(0, |key, byte| (key << 8) | i64::from(*byte))
}
