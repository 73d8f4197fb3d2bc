//! A real mail server in a process of its own: aiosmtpd, with STARTTLS and a login. It is in Debian, runs as any
//! user on any port, and starts no service (`scripts/test` installs it).

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};

use doorward::testing::store::mails::DeliveryState;

use super::{app_at, outbox_of, queue_in, reset_mail};
use crate::cli::Place;
use crate::cli::serve::Serving;
use crate::smtp::{Certificate, tls_settings, wait_until};

struct RealServer {
    port: u16,
    child: Child,
    certificate: Certificate,
}

impl RealServer {
    /// `None` with a message where it is not installed.
    fn start() -> Option<Self> {
        let python = ["/usr/bin/python3", "python3"].into_iter().find(|python| {
            let import = Command::new(python).args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
            import.is_ok_and(|status| status.success())
        });
        let Some(python) = python else {
            let name = std::thread::current().name().unwrap_or("a test").to_owned();
            let line = format!("not run, because there is no aiosmtpd (Debian: python3-aiosmtpd): {name}\n");
            std::io::stderr().write_all(line.as_bytes()).unwrap();
            return None;
        };
        let certificate = Certificate::new();
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/mail/real_server.py");
        let mut command = Command::new(python);
        command.arg(script).arg("0").arg(certificate.file()).arg(certificate.key_file());
        let mut child = command.arg(certificate.folder.path()).stdout(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        Some(Self { port: line.trim().parse().unwrap(), child, certificate })
    }

    fn settings(&self, password: &str) -> Vec<(&'static str, String)> {
        let mut all = tls_settings(self.port, "starttls", &self.certificate.file());
        all.push(("mail.smtp.username", "doorward".to_owned()));
        all.push(("mail.smtp.password", password.to_owned()));
        all
    }

    /// The first mail that it accepts.
    fn mail(&self) -> String {
        let file = self.certificate.folder.path().join("1.eml");
        wait_until(|| std::fs::read(&file).is_ok_and(|mail| !mail.is_empty()));
        std::fs::read_to_string(file).unwrap()
    }
}

impl Drop for RealServer {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Settings as environment variables.
pub(crate) fn environment(settings: &[(&str, String)]) -> Vec<(String, String)> {
    let name = |name: &str| format!("DOORWARD_{}", name.to_uppercase().replace('.', "__"));
    settings.iter().map(|(setting, value)| (name(setting), value.clone())).collect()
}

#[test]
fn a_mail_reaches_a_real_server_over_starttls_with_a_login() {
    let Some(real) = RealServer::start() else { return };
    let place = Place::new();
    let serving = Serving::spawn({
        let mut command = place.command(&["serve", "--listen", "127.0.0.1:0", "--set", "log.format=json"]);
        command.envs(environment(&real.settings("the mail password")));
        command
    });
    let app = app_at(&place);
    queue_in(&app, vec![reset_mail()]);
    let mail = real.mail();
    for part in
        ["From: Example <accounts@example.com>", "To: alice@example.com", "Subject: Choose a new password"]
    {
        assert!(mail.contains(part), "{part}: {mail}");
    }
    wait_until(|| outbox_of(&app)[0].state == DeliveryState::Sent);
    drop(serving);
}

#[test]
fn mail_test_sends_a_mail_or_reports_a_refused_login() {
    let Some(real) = RealServer::start() else { return };
    let place = Place::sqlite();
    let test = |password: &str| {
        let mut command = place.command(&["mail", "test", "you@example.com"]);
        crate::cli::Said::from(command.envs(environment(&real.settings(password))).output().unwrap())
    };
    test("wrong").refused(1, &["rejected the username or password: 535", "mail.smtp.username"]);
    let said = test("the mail password");
    assert_eq!((said.code, said.err.as_str()), (0, ""), "{said:?}");
    assert!(said.out.contains("accepted the email for you@example.com"), "{said:?}");
    assert!(real.mail().contains("Subject: Test email from doorward"));
}
