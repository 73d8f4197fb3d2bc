//! A PostgreSQL server for one test, which may stop and kill it.

use std::net::TcpListener;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use crate::database::{execute, lines, server_or_skip};

/// Runs until dropped.
pub(crate) struct Cluster {
    folder: TempDir,
    /// The URL of its first database, as the superuser.
    pub url: String,
}

impl Cluster {
    /// Starts one; `None` with a message where tests have no PostgreSQL.
    pub(crate) fn start() -> Option<Self> {
        server_or_skip()?;
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        let url = script(&["make", path, &free_port()]).trim().to_owned();
        let cluster = Self { folder, url };
        cluster.start_again();
        Some(cluster)
    }

    /// Starts a standby of this one. From now on commits are acknowledged only when the standby has them.
    pub(crate) fn synchronous_standby(&self) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        let url = script(&["replica", path, &self.url, &free_port()]).trim().to_owned();
        let standby = Self { folder, url };
        standby.start_again();
        self.acknowledge_together();
        standby
    }

    /// Starts again as a standby of another server, at its old port. It must not be running.
    pub(crate) fn follow(&self, primary: &Self) {
        let port = self.url.rsplit([':', '/']).nth(1).unwrap();
        script(&["replica", self.path(), &primary.url, port]);
        self.start_again();
        primary.acknowledge_together();
    }

    /// Makes commits wait for the standby, and waits until it is connected.
    fn acknowledge_together(&self) {
        execute(&self.url, "ALTER SYSTEM SET synchronous_standby_names = '*'");
        execute(&self.url, "SELECT pg_reload_conf()");
        let begun = Instant::now();
        while lines(&self.url, "SELECT sync_state AS line FROM pg_stat_replication") != ["sync"] {
            assert!(begun.elapsed() < Duration::from_secs(60), "the standby does not follow");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Promotes a standby to primary.
    pub(crate) fn promote(&self) {
        script(&["promote", self.path()]);
    }

    /// How many connections of doorward there are.
    pub(crate) fn connections(&self) -> usize {
        let query =
            "SELECT application_name AS line FROM pg_stat_activity WHERE application_name = 'doorward'";
        lines(&self.url, query).len()
    }

    /// Adds lines to `postgresql.conf`.
    pub(crate) fn configure(&self, settings: &str) {
        use std::io::Write as _;
        let file = self.data().join("postgresql.conf");
        let mut file = std::fs::OpenOptions::new().append(true).open(file).unwrap();
        writeln!(file, "{settings}").unwrap();
    }

    /// The data directory.
    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn start_again(&self) {
        script(&["start", self.path()]);
    }

    /// `mode` is pg_ctl's: fast or immediate.
    pub(crate) fn stop(&self, mode: &str) {
        script(&["stop", self.path(), mode]);
    }

    /// Sends a signal to the server and all its processes.
    pub(crate) fn signal(&self, name: &str) {
        let all = self.processes();
        // The postmaster is stopped first, so that it forks no others.
        for one in &all {
            kill(name, std::slice::from_ref(one));
        }
    }

    /// Kills the server and all its processes, as a crash of the machine would. It can be started again.
    pub(crate) fn kill(&self) {
        kill("STOP", &self.processes()[..1]);
        let all = self.processes();
        kill("KILL", &all);
        while all.iter().any(|process| is_alive(process)) {
            std::thread::sleep(Duration::from_millis(5));
        }
        // Zombies may remain for a while, and the PID file would say that they run.
        std::fs::remove_file(self.data().join("postmaster.pid")).unwrap();
    }

    /// The ids of the server's processes, the postmaster first.
    fn processes(&self) -> Vec<String> {
        let file = std::fs::read_to_string(self.data().join("postmaster.pid")).unwrap();
        let first = file.lines().next().unwrap().to_owned();
        let children = Command::new("pgrep").args(["-P", &first]).output().unwrap();
        let children = String::from_utf8(children.stdout).unwrap();
        std::iter::once(first).chain(children.split_whitespace().map(str::to_owned)).collect()
    }

    fn path(&self) -> &str {
        self.folder.path().to_str().unwrap()
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        if self.data().join("postmaster.pid").exists() {
            self.signal("CONT");
            let _ = command(&["stop", self.path(), "immediate"]).status();
        }
    }
}

/// A free port.
pub(crate) fn free_port() -> String {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port().to_string()
}

fn kill(signal: &str, processes: &[String]) {
    Command::new("kill").arg(format!("-{signal}")).args(processes).stderr(Stdio::null()).status().unwrap();
}

/// Whether a process runs; a zombie does not.
fn is_alive(process: &str) -> bool {
    let state = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    state.rsplit_once(") ").is_some_and(|(_, state)| !state.starts_with('Z'))
}

fn command(arguments: &[&str]) -> Command {
    let mut command = Command::new(concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/postgres"));
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs `scripts/postgres` and answers its output.
pub(crate) fn script(arguments: &[&str]) -> String {
    let output = command(arguments).output().unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}
