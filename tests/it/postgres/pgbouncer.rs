//! PgBouncer between doorward and the server: session mode works, transaction mode is refused.

use std::net::{SocketAddr, TcpStream};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::balancer::find;
use super::cluster::free_port;
use super::storm::storm;
use crate::cli::Place;
use crate::cli::serve::Serving;
use crate::database::{Database, server_or_skip};
use crate::http::Request;

/// Runs until dropped.
struct PgBouncer {
    child: Child,
    address: SocketAddr,
    _folder: TempDir,
}

impl PgBouncer {
    /// Starts one in front of the server of this URL; `None` with a message where it is not installed.
    fn start(server: &str, pool_mode: &str) -> Option<Self> {
        let program = find("pgbouncer")?;
        let folder = tempfile::tempdir().unwrap();
        let address: SocketAddr = format!("127.0.0.1:{}", free_port()).parse().unwrap();
        let (user, place) = server.strip_prefix("postgres://").unwrap().split_once('@').unwrap();
        let (name, password) = user.split_once(':').unwrap();
        let (host, port) = place.split_once('/').unwrap().0.split_once(':').unwrap();
        let users = folder.path().join("users.txt");
        std::fs::write(&users, format!("\"{name}\" \"{password}\"\n")).unwrap();
        let settings = format!(
            "[databases]\n* = host={host} port={port}\n[pgbouncer]\npool_mode = {pool_mode}\n\
             listen_addr = {}\nlisten_port = {}\nunix_socket_dir =\nauth_type = scram-sha-256\n\
             auth_file = {}\nignore_startup_parameters = options\n",
            address.ip(),
            address.port(),
            users.display()
        );
        let file = folder.path().join("pgbouncer.ini");
        std::fs::write(&file, settings).unwrap();
        let mut command = Command::new(program);
        command.arg(&file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        if is_root() {
            // PgBouncer does not run as root. It reads its files before it changes the user.
            command.args(["-u", "nobody"]);
        }
        let bouncer = Self { child: command.spawn().unwrap(), address, _folder: folder };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(30), "PgBouncer does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
        Some(bouncer)
    }

    /// The URL of a database through PgBouncer.
    fn url(&self, database: &Database) -> String {
        let (user, place) = database.url().split_once('@').unwrap();
        format!("{user}@{}/{}", self.address, place.split_once('/').unwrap().1)
    }
}

impl Drop for PgBouncer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

#[test]
fn session_mode_works() {
    let Some(server) = server_or_skip() else { return };
    let Some(bouncer) = PgBouncer::start(&server, "session") else { return };
    let database = Database::empty_postgres(&server);
    let place = Place::on(&bouncer.url(&database));
    let migrated = place.run(&["migrate"]);
    assert_eq!(migrated.code, 0, "{migrated:?}");
    place.add("alice", "correct-horse-7", &[]);
    let serving = Serving::start(&place, &["--set", "limits.enabled=false"]);
    let token = serving.log_in("alice", "correct-horse-7").cookie("access_token").unwrap().value;
    let user = Request::get("/api/user/").bearer(&token);
    assert_eq!(serving.send(&user).status, 200);
    assert_eq!(place.run(&["user", "deactivate", "alice"]).code, 0);
    assert_eq!(serving.send(&user).status, 401);
    let aftermath = storm(&place, serving.address, || std::thread::sleep(Duration::from_millis(700)));
    let refused = aftermath.attempts().find(|attempt| !attempt.is_acknowledged());
    assert!(refused.is_none(), "{refused:?}");
    aftermath.assert_acknowledged_is_stored(database.url());
}

/// Each version of PgBouncer keeps something else in transaction mode (from 1.21 on prepared statements), and none
/// keeps the lock for migrations.
fn assert_refused(pool_mode: &str) {
    let Some(server) = server_or_skip() else { return };
    let Some(bouncer) = PgBouncer::start(&server, pool_mode) else { return };
    let database = Database::empty_postgres(&server);
    let place = Place::on(&bouncer.url(&database));
    let words = ["shares sessions", "PgBouncer", "pool_mode = session"];
    for command in [&["migrate"][..], &["migrate"], &["user", "list"]] {
        place.run(command).refused(1, &words);
    }
    assert_eq!(database.lines("SELECT relname::text AS line FROM pg_class WHERE relname = 'users'"), [""; 0]);
    let source = Place::sqlite();
    source.add("alice", "correct-horse-7", &[]);
    source.run(&["copy", "--from", "sqlite:doorward.db", "--to", &bouncer.url(&database)]).refused(1, &words);
}

#[test]
fn transaction_mode_is_refused() {
    assert_refused("transaction");
}

/// Between two transactions of one client, PgBouncer then uses all its connections in turn.
#[test]
fn transaction_mode_with_connections_in_turn_is_refused() {
    assert_refused("transaction\nserver_round_robin = 1\nmin_pool_size = 3");
}
