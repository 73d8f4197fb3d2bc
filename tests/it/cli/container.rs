//! How settings and signals arrive in a container.

use std::process::Stdio;
use std::time::Duration;

use super::serve::Serving;
use super::{Place, Said};
use crate::http::Request;

#[test]
fn all_settings_can_come_from_the_environment_and_secrets_from_files() {
    let place = Place::sqlite();
    std::fs::write(place.path().join("key"), "\u{feff}a-signing-key-from-a-file-0123456789\n").unwrap();
    std::fs::write(place.path().join("url"), "sqlite:from-a-file.db\n").unwrap();
    let mut command = place.command(&["serve"]);
    let environment = [
        ("DOORWARD_LISTEN", "127.0.0.1:0"),
        ("DOORWARD_LOG__FORMAT", "json"),
        ("DOORWARD_SIGNING_KEY_FILE", "key"),
        ("DOORWARD_DATABASE_URL_FILE", "url"),
        ("DOORWARD_TRUSTED_PROXIES", "10.0.0.0/8, ::1"),
        ("DOORWARD_PUBLIC_URL", ""),
        ("DOORWARD_MAIL__SMTP__HOST", ""),
        ("DOORWARD_REGISTRATION", ""),
    ];
    command.envs(environment).stdin(Stdio::null());
    let mut serving = Serving::spawn(command);
    assert_eq!(serving.send(&Request::get("/healthz")).status, 200);
    assert!(place.path().join("from-a-file.db").exists() && !place.path().join("doorward.db").exists());
    serving.signal("TERM");
    assert_eq!(serving.end(), Some(0));
}

#[test]
fn a_missing_file_and_a_short_key_end_the_start_with_code_2() {
    let place = Place::sqlite();
    let with =
        |name: &str, value: &str| Said::from(place.command(&["serve"]).env(name, value).output().unwrap());
    with("DOORWARD_SIGNING_KEY_FILE", "/run/secrets/missing")
        .refused(2, &["/run/secrets/missing", "DOORWARD_SIGNING_KEY_FILE"]);
    with("DOORWARD_SIGNING_KEY", "hunter2").refused(2, &["7 bytes", "allow_short_signing_key"]);
    assert!(!place.path().join("doorward.db").exists());
}

#[test]
fn sighup_does_not_stop_a_server_without_a_terminal() {
    let mut serving = Serving::start(&Place::sqlite(), &[]);
    serving.signal("HUP");
    let said = std::iter::from_fn(|| serving.lines.recv_timeout(Duration::from_secs(20)).ok())
        .any(|line| line.contains("SIGHUP does nothing"));
    assert!(said);
    assert_eq!(serving.send(&Request::get("/healthz")).status, 200);
    serving.signal("TERM");
    assert_eq!(serving.end(), Some(0));
}

#[test]
fn a_start_that_waits_for_its_database_can_be_stopped() {
    let place = Place::on("postgres://127.0.0.1:1/none");
    let mut command = place.command(&["serve", "--listen", "127.0.0.1:0"]);
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    std::thread::sleep(Duration::from_secs(1));
    let sent = std::process::Command::new("kill").arg(child.id().to_string()).status().unwrap();
    assert!(sent.success());
    let begun = std::time::Instant::now();
    assert_eq!(child.wait().unwrap().code(), Some(0));
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
}
