//! Refuses a pooler between doorward and the server that gives a session to several clients, such as PgBouncer in
//! transaction mode. The lock for migrations and all settings of a session would get lost.

use diesel::prelude::*;
use diesel::sql_types::Integer;

use crate::store::engine::connection::Conn;
use crate::store::engine::error::StoreError;
use crate::store::engine::postgres::pool::Opener;

#[derive(QueryableByName)]
struct BackendRow {
    #[diesel(sql_type = Integer)]
    pid: i32,
}

/// Checks that `conn` has a process of the server to itself. A pooler of transactions hands the process that a
/// client has just used to the next client, or a client to another process. Both are seen by the number of the
/// process, in any version of any pooler.
///
/// # Errors
/// [`StoreError::Foreign`] if it does not, or an error of `conn`. A second connection that fails is no error:
/// there may be room for one only.
pub(super) fn refuse_shared_sessions(conn: &mut Conn, server: &impl Opener) -> Result<(), StoreError> {
    // Twice: a pooler that takes turns changes the process at once, any other hands it to the next client.
    let (first, second) = (backend(conn)?, backend(conn)?);
    let others = server.open().and_then(|mut other| backend(&mut other)).ok();
    if is_shared([first, second, backend(conn)?], others) {
        return Err(StoreError::Foreign(
            "a pooler between doorward and PostgreSQL shares sessions among its clients, such as PgBouncer with \
             pool_mode = transaction; set pool_mode = session, or connect to the server itself"
                .to_owned(),
        ));
    }
    Ok(())
}

/// The number of the process at the server that runs the session.
fn backend(conn: &mut Conn) -> Result<i32, StoreError> {
    Ok(diesel::sql_query("SELECT pg_backend_pid() AS pid").get_result::<BackendRow>(conn)?.pid)
}

/// Whether a client's process changed, or was another client's in between.
fn is_shared(own: [i32; 3], others: Option<i32>) -> bool {
    let [first, ..] = own;
    own.iter().any(|pid| *pid != first) || others == Some(first)
}

#[cfg(test)]
mod tests {
    use super::is_shared;

    #[test]
    fn a_process_that_changes_or_is_another_clients_too_is_shared() {
        assert!(!is_shared([7, 7, 7], Some(8)));
        assert!(!is_shared([7, 7, 7], None), "there is room for one connection only");
        assert!(is_shared([7, 7, 7], Some(7)));
        assert!(is_shared([7, 7, 9], Some(7)));
        assert!(is_shared([7, 9, 7], Some(8)), "a pooler that takes turns");
    }
}
