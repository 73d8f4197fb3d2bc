//! `doorward mail …`, and log lines about mail.

use serde_json::Value;

use super::serve::Serving;
use super::{Place, Said};
use crate::mail::real::environment;
use crate::mail::{app_at, notice, outbox_of, queue_in, reset_mail};
use crate::smtp::{Certificate, SmtpServer, settings, tls_settings, wait_until};

/// The outcome of `doorward mail test` with these settings.
fn test(settings: &[(&'static str, String)]) -> Said {
    let place = Place::sqlite();
    let mut command = place.command(&["mail", "test", "you@example.com"]);
    Said::from(command.envs(environment(settings)).output().unwrap())
}

fn with(
    mut all: Vec<(&'static str, String)>,
    name: &'static str,
    value: &str,
) -> Vec<(&'static str, String)> {
    all.push((name, value.to_owned()));
    all
}

#[test]
fn mails_are_listed_displayed_retried_and_dropped_and_no_key_is_printed() {
    let place = Place::new();
    assert_eq!(place.run(&["migrate"]).code, 0);
    let app = app_at(&place);
    let reset = reset_mail();
    let key = reset.message.key().unwrap().expose().to_owned();
    queue_in(&app, vec![reset, notice("bob@example.com")]);

    let listed = place.run(&["mail", "list"]);
    assert_eq!(listed.out.lines().count(), 2, "{listed:?}");
    let first = listed.out.lines().next().unwrap();
    assert!(
        ["waiting", "reset_password", "alice@example.com"].iter().all(|word| first.contains(word)),
        "{first}"
    );
    let json: Value = serde_json::from_str(&place.run(&["mail", "list", "--json"]).out).unwrap();
    assert_eq!((json[1]["to"].as_str(), json[1]["attempts"].as_i64()), (Some("bob@example.com"), Some(0)));

    let displayed = place.run(&["mail", "show", "1"]);
    for part in
        ["To: alice@example.com", "Subject: Choose a new password for doorward", "/reset-password/(hidden)"]
    {
        assert!(displayed.out.contains(part), "{part}: {displayed:?}");
    }
    let as_json = place.run(&["mail", "show", "1", "--json"]);
    let json: Value = serde_json::from_str(&as_json.out).unwrap();
    assert_eq!(json["headers"]["To"], "alice@example.com");
    for said in [&listed, &displayed, &as_json] {
        assert!(!said.out.contains(&key), "{said:?}");
    }

    let retried = place.run(&["mail", "retry", "2"]);
    assert!(
        retried.out.contains("mail 2 is due now: set mail.smtp.host and mail.from; then a running"),
        "{retried:?}"
    );
    assert!(place.run(&["mail", "retry", "--all"]).out.contains("2 mails are due now: "));
    assert!(place.run(&["mail", "drop", "1"]).out.contains("mail 1 will not be sent"));
    place.run(&["mail", "retry", "1"]).refused(1, &["mail 1 is dropped already"]);
    place.run(&["mail", "drop", "9"]).refused(1, &["no such mail", "doorward mail list"]);
    place.run(&["mail", "retry"]).refused(2, &["--all"]);
    let waiting = place.run(&["mail", "list", "--state", "waiting"]);
    assert!(waiting.out.contains("bob@") && !waiting.out.contains("alice@"), "{waiting:?}");
    assert_eq!(place.run(&["mail", "list", "--state", "dead", "--json"]).out, "[]\n");
}

#[test]
fn mail_test_explains_a_failed_connection() {
    test(&[]).refused(1, &["mail.smtp.host is not set", "mail.from"]);
    let nowhere = SmtpServer::start().port;
    test(&settings(nowhere)).refused(1, &["refused the connection", "no server listens there"]);
    let unknown = with(settings(25), "mail.smtp.host", "no-such-host.invalid");
    test(&unknown).refused(1, &["the host name no-such-host.invalid was not found", "mail.smtp.host"]);
    let plain = SmtpServer::start();
    let silent = SmtpServer::start();
    silent.answers("GREETING", "hang");
    let quick = with(settings(silent.port), "mail.smtp.timeout", "1s");
    test(&quick).refused(1, &["did not answer in time while connecting", "firewalls"]);
    let starttls = with(settings(plain.port), "mail.smtp.tls", "starttls");
    test(&starttls).refused(1, &["does not offer STARTTLS", "implicit"]);
    let implicit = with(settings(plain.port), "mail.smtp.tls", "implicit");
    test(&implicit).refused(1, &["TLS with localhost", "port 465"]);
}

#[test]
fn mail_test_explains_a_bad_certificate() {
    let (own, other) = (Certificate::new(), Certificate::of("mail.example.com"));
    let untrusted = SmtpServer::with_starttls(&own);
    let trusting_another = tls_settings(untrusted.port, "starttls", &other.file());
    test(&trusting_another).refused(1, &["not trusted", "its issuer is unknown", "mail.smtp.ca_file"]);
    let misnamed = SmtpServer::with_starttls(&other);
    let for_another_name = tls_settings(misnamed.port, "starttls", &other.file());
    test(&for_another_name).refused(1, &["it is for another host name", "mail.smtp.host"]);
    let missing = with(settings(25), "mail.smtp.ca_file", "missing.pem");
    test(&with(missing, "mail.smtp.tls", "starttls"))
        .refused(2, &["cannot read missing.pem", "mail.smtp.ca_file"]);
    let key_only = tls_settings(25, "starttls", &own.key_file());
    test(&key_only).refused(2, &["holds no certificates in PEM"]);
    assert!(untrusted.mails().is_empty() && misnamed.mails().is_empty());
}

#[test]
fn mail_test_reports_what_the_server_refuses() {
    let smtp = SmtpServer::start();
    smtp.answers("MAIL", "550 5.7.1 not yours");
    test(&settings(smtp.port)).refused(1, &["rejected the sender address: 550 5.7.1 not yours", "mail.from"]);
    smtp.is_kind();
    smtp.answers("RCPT", "550 5.1.1 who?");
    test(&settings(smtp.port)).refused(1, &["rejected the recipient: 550 5.1.1 who?"]);
    smtp.is_kind();
    smtp.answers("MAIL", "530 5.7.0 log in first");
    test(&settings(smtp.port)).refused(1, &["530", "set mail.smtp.username"]);
    smtp.answers("MAIL", "530 Must issue a STARTTLS command first");
    test(&settings(smtp.port)).refused(1, &["530", "set mail.smtp.tls = starttls"]);
    smtp.is_kind();
    smtp.answers("AUTH", "535 5.7.8 no");
    let login = with(with(settings(smtp.port), "mail.smtp.username", "u"), "mail.smtp.password", "hunter2");
    let said = test(&login);
    said.refused(1, &["rejected the username or password: 535", "mail.smtp.username"]);
    assert!(!said.err.contains("hunter2"));
    smtp.is_kind();
    let said = test(&login);
    assert_eq!(said.code, 0, "{said:?}");
    assert_eq!(smtp.mails()[0].header("Subject"), Some("Test email from doorward"));
    let place = Place::sqlite();
    place.run(&["mail", "test", "nobody"]).refused(2, &["`nobody` is not an email address"]);
}

#[test]
fn both_kinds_of_tls_work_with_a_private_authority_and_no_password_is_sent_before_tls() {
    let certificate = Certificate::new();
    let servers = [
        ("starttls", SmtpServer::with_starttls(&certificate)),
        ("implicit", SmtpServer::with_tls(&certificate)),
    ];
    for (kind, smtp) in servers {
        let all = tls_settings(smtp.port, kind, &certificate.file());
        let all = with(with(all, "mail.smtp.username", "u"), "mail.smtp.password", "p");
        let said = test(&all);
        assert_eq!(said.code, 0, "{kind}: {said:?}");
        assert_eq!(smtp.mails().len(), 1, "{kind}");
    }
    let plain = SmtpServer::start();
    let all = with(settings(plain.port), "mail.smtp.tls", "starttls");
    test(&with(with(all, "mail.smtp.username", "u"), "mail.smtp.password", "p")).refused(1, &["STARTTLS"]);
    assert!(plain.logins().is_empty(), "the password stays here");
}

#[test]
fn a_broken_template_is_refused_by_serve_and_by_config() {
    let place = Place::sqlite();
    std::fs::create_dir(place.path().join("mine")).unwrap();
    std::fs::write(place.path().join("mine/invite.txt"), "Subject: Hi\n\n{{ lnik }}\n").unwrap();
    for command in [&["config"][..], &["serve", "--listen", "127.0.0.1:0"]] {
        let mut all = command.to_vec();
        all.extend(["--set", "mail.templates=mine"]);
        place.run(&all).refused(2, &["mail template invite.txt is broken at line 3"]);
    }
    assert!(!place.path().join("doorward.db").exists(), "nothing was begun");
}

#[test]
fn without_a_mail_server_there_are_log_lines_at_the_start_and_when_the_first_mail_waits() {
    let place = Place::new();
    let serving = Serving::start(&place, &[]);
    let said =
        |line: &Value| line["message"].as_str().unwrap().starts_with("no email will be sent: mail.smtp.host");
    assert!(serving.greeting.iter().any(said), "{:?}", serving.greeting);
    let reset = reset_mail();
    let key = reset.message.key().unwrap().expose().to_owned();
    queue_in(&app_at(&place), vec![reset]);
    let line = serving.line("1 mail waits; set mail.smtp.host and mail.from to send any");
    assert!(!line.to_string().contains(&key));
    drop(serving);
    let again = Serving::start(&place, &[]);
    again.line("1 mail waits; set mail.smtp.host");
}

#[test]
fn an_outage_is_logged_when_it_begins_and_when_it_ends() {
    let place = Place::new();
    let port = SmtpServer::start().port;
    let mut command = place.command(&["serve", "--listen", "127.0.0.1:0", "--set", "log.format=json"]);
    command.envs(environment(&settings(port)));
    let mut serving = Serving::spawn(command);
    let app = app_at(&place);
    queue_in(&app, (0..3).map(|n| notice(&format!("u{n}@example.com"))).collect());
    let line = serving.line("mails cannot be sent, and wait: localhost:");
    assert_eq!(line["waiting"], 3);
    std::thread::sleep(std::time::Duration::from_millis(2500));
    let _smtp = SmtpServer::on(port);
    // The next line of all: one outage, one line.
    let line: Value =
        serde_json::from_str(&serving.lines.recv_timeout(super::serve::PATIENCE).unwrap()).unwrap();
    assert_eq!(line["message"], "mails can be sent again");
    wait_until(|| outbox_of(&app).iter().all(|mail| mail.ended_at.is_some()));
    serving.signal("TERM");
    assert_eq!(serving.end(), Some(0));
}
