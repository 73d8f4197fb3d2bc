//! A load balancer for one test, with the configuration of the documentation.

use std::net::{SocketAddr, TcpStream};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

use super::access::certify;
use super::cluster::free_port;

/// The load balancers in the documentation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Nginx,
    HaProxy,
}

impl Kind {
    pub(crate) const ALL: [Self; 2] = [Self::Nginx, Self::HaProxy];

    fn program(self) -> &'static str {
        match self {
            Self::Nginx => "nginx",
            Self::HaProxy => "haproxy",
        }
    }
}

/// Runs until dropped.
pub(crate) struct Balancer {
    child: Child,
    /// The address for plain HTTP.
    pub address: SocketAddr,
    /// The address for TLS.
    pub tls: SocketAddr,
    _folder: TempDir,
}

impl Balancer {
    /// Starts one in front of two replicas; `None` with a message where the program is not installed.
    pub(crate) fn start(kind: Kind, replicas: [SocketAddr; 2]) -> Option<Self> {
        let program = find(kind.program())?;
        let folder = tempfile::tempdir().unwrap();
        certify(folder.path()).then_some(())?;
        let [address, tls] = [(); 2].map(|()| format!("127.0.0.1:{}", free_port()));
        let mut command = Command::new(program);
        match kind {
            Kind::Nginx => nginx(&mut command, folder.path(), &address, &tls, replicas),
            Kind::HaProxy => haproxy(&mut command, folder.path(), &address, &tls, replicas),
        }
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        let [address, tls] = [address, tls].map(|address| address.parse().unwrap());
        let balancer = Self { child, address, tls, _folder: folder };
        balancer.wait_until_ready();
        Some(balancer)
    }

    fn wait_until_ready(&self) {
        let begun = Instant::now();
        while TcpStream::connect(self.address).is_err() {
            assert!(begun.elapsed() < Duration::from_secs(30), "the load balancer does not start");
            std::thread::sleep(Duration::from_millis(20));
        }
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        // A SIGKILL would leave its worker processes running.
        let _ = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status();
        let _ = self.child.wait();
    }
}

/// The path of a program; prints a message if it is not installed. Servers are often not in the PATH of users
/// other than root.
pub(crate) fn find(program: &str) -> Option<String> {
    let places = ["", "/usr/sbin/", "/usr/local/sbin/"];
    let found = places.map(|place| format!("{place}{program}")).into_iter().find(|path| {
        Command::new(path).arg("-v").stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok()
    });
    if found.is_none() {
        crate::database::say_not_run(&format!("{program} is not installed"));
    }
    found
}

/// The example with some texts replaced; each of them must occur in it.
fn fill_in(example: &str, words: &[(&str, &str)]) -> String {
    words.iter().fold(example.to_owned(), |text, (old, new)| {
        assert!(text.contains(old), "the example does not say {old}");
        text.replace(old, new)
    })
}

fn nginx(command: &mut Command, folder: &Path, address: &str, tls: &str, [one, two]: [SocketAddr; 2]) {
    let here = folder.display();
    let site = fill_in(
        include_str!("../../../docs/examples/nginx.conf"),
        &[
            ("10.0.0.11:8000", &one.to_string()),
            ("10.0.0.12:8000", &two.to_string()),
            ("listen 80;", &format!("listen unix:{here}/plain;")),
            ("listen 443 ssl;", &format!("listen {address}; listen {tls} ssl;")),
            ("/etc/ssl/accounts.pem", &format!("{here}/server.crt")),
            ("/etc/ssl/accounts.key", &format!("{here}/server.key")),
        ],
    );
    std::fs::write(folder.join("site.conf"), site).unwrap();
    let places = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|what| format!("{what}_temp_path {here}/{what};"))
        .concat();
    let main = format!(
        "daemon off; worker_processes 1; pid {here}/pid; error_log {here}/error.log; events {{}}\n\
         http {{ access_log off; {places} include {here}/site.conf; }}\n"
    );
    std::fs::write(folder.join("nginx.conf"), main).unwrap();
    command.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf")).args(["-e", "stderr"]);
}

fn haproxy(command: &mut Command, folder: &Path, address: &str, tls: &str, [one, two]: [SocketAddr; 2]) {
    let [certificate, key] =
        ["server.crt", "server.key"].map(|file| std::fs::read_to_string(folder.join(file)).unwrap());
    let both = folder.join("both.pem");
    std::fs::write(&both, certificate + &key).unwrap();
    let example = fill_in(
        include_str!("../../../docs/examples/haproxy.cfg"),
        &[
            ("10.0.0.11:8000", &one.to_string()),
            ("10.0.0.12:8000", &two.to_string()),
            ("bind :80", &format!("bind unix@{}", folder.join("plain").display())),
            ("bind :443 ssl", &format!("bind {address}\n    bind {tls} ssl")),
            ("/etc/ssl/accounts.pem", &both.display().to_string()),
        ],
    );
    std::fs::write(folder.join("haproxy.cfg"), example).unwrap();
    command.arg("-db").arg("-f").arg(folder.join("haproxy.cfg"));
}
