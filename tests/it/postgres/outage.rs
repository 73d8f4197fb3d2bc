//! A server that stops, hangs, crashes or starts late.

use std::time::{Duration, Instant};

use diesel::Connection as _;
use diesel::connection::SimpleConnection as _;
use serde_json::Value;

use super::cluster::Cluster;
use super::storm::storm;
use crate::cli::Place;
use crate::cli::serve::Serving;
use crate::http::{Reply, Request, send};

/// Short limits, so that tests are fast.
pub(crate) const SHORT: [&str; 4] =
    ["--set", "database.connect_timeout=2s", "--set", "database.statement_timeout=2s"];

/// How long a response may take during an outage with these limits.
const IN_TIME: Duration = Duration::from_secs(5);

fn timed(serving: &Serving, request: &Request) -> (Reply, Duration) {
    let begun = Instant::now();
    let reply = serving.send(request);
    (reply, begun.elapsed())
}

/// Repeats the request until the status is 200, and answers how long that took.
pub(crate) fn until_back(serving: &Serving, request: &Request) -> Duration {
    let begun = Instant::now();
    while serving.send(request).status != 200 {
        assert!(begun.elapsed() < Duration::from_secs(20), "it does not come back");
        std::thread::sleep(Duration::from_millis(50));
    }
    begun.elapsed()
}

/// The log lines about the database so far.
pub(crate) fn about_the_database(serving: &Serving) -> Vec<String> {
    std::thread::sleep(Duration::from_millis(200));
    let lines = serving.lines.try_iter().map(|line| serde_json::from_str::<Value>(&line).unwrap());
    lines
        .filter(|line| line.to_string().contains("database"))
        .map(|line| line["message"].as_str().unwrap().to_owned())
        .collect()
}

pub(crate) fn all_refused(serving: &Serving, requests: &[Request]) {
    for request in requests {
        let (reply, took) = timed(serving, request);
        assert_eq!(reply.status, 503, "{}", reply.text());
        assert!(reply.header("Retry-After").unwrap().parse::<u64>().unwrap() >= 1);
        assert!(took < IN_TIME, "{took:?}");
    }
}

#[test]
fn an_outage_answers_503_is_logged_once_and_service_resumes_by_itself() {
    let Some(cluster) = Cluster::start() else { return };
    let place = Place::on(&cluster.url);
    place.add("alice", "correct-horse-7", &[]);
    for stop in ["fast", "immediate", "kill -9"] {
        let begun = Instant::now();
        let serving = Serving::start(&place, &SHORT);
        let token = serving.log_in("alice", "correct-horse-7").cookie("access_token").unwrap().value;
        let user = Request::get("/api/user/").bearer(&token);
        let login =
            Request::post("/api/login/").form(&[("username", "alice"), ("password", "correct-horse-7")]);
        assert_eq!(serving.send(&user).status, 200);
        about_the_database(&serving);
        if stop == "kill -9" {
            cluster.kill()
        } else {
            cluster.stop(stop)
        }
        let requests: Vec<Request> = (0..100)
            .map(|n| match n % 4 {
                0 => login.clone(),
                1 => Request::get("/healthz"),
                _ => user.clone(),
            })
            .collect();
        for request in &requests {
            let (reply, took) = timed(&serving, request);
            assert_eq!(reply.status, 503, "{}", reply.text());
            assert!(took < IN_TIME, "{took:?}");
        }
        all_refused(&serving, &[user.clone(), login.clone()]);
        // The background jobs, which begin after five seconds, fail as well and are not logged.
        std::thread::sleep(Duration::from_secs(6).saturating_sub(begun.elapsed()));
        let lines = about_the_database(&serving);
        assert_eq!(lines.len(), 1, "lost, logged once: {lines:?}");
        cluster.start_again();
        let took = until_back(&serving, &user);
        println!("after {stop}: back {took:?} after the server");
        assert!(took < Duration::from_secs(3), "{took:?}");
        assert_eq!(serving.send(&login).status, 200);
        assert_eq!(about_the_database(&serving), ["the database is back"]);
    }
}

#[test]
fn a_restart_between_requests_is_not_logged() {
    let Some(cluster) = Cluster::start() else { return };
    let place = Place::on(&cluster.url);
    place.add("alice", "correct-horse-7", &[]);
    let serving = Serving::start(&place, &SHORT);
    assert_eq!(serving.log_in("alice", "correct-horse-7").status, 200);
    // Until the login's row is sealed, and the jobs that run every five seconds have run.
    std::thread::sleep(Duration::from_secs(7));
    about_the_database(&serving);
    cluster.stop("fast");
    cluster.start_again();
    std::thread::sleep(Duration::from_millis(1000));
    assert_eq!(serving.log_in("alice", "correct-horse-7").status, 200);
    assert_eq!(about_the_database(&serving), [""; 0]);
}

#[test]
fn a_request_waits_for_a_server_that_hangs_no_longer_than_the_limits() {
    let Some(cluster) = Cluster::start() else { return };
    let place = Place::on(&cluster.url);
    place.add("alice", "correct-horse-7", &[]);
    let serving = Serving::start(&place, &SHORT);
    let token = serving.log_in("alice", "correct-horse-7").cookie("access_token").unwrap().value;
    let user = Request::get("/api/user/").bearer(&token);
    assert_eq!(serving.send(&user).status, 200);
    about_the_database(&serving);
    cluster.signal("STOP");
    let address = serving.address;
    let storm: Vec<(u16, Duration)> = std::thread::scope(|scope| {
        let asking: Vec<_> = (0..40)
            .map(|_| {
                let user = &user;
                scope.spawn(move || {
                    let begun = Instant::now();
                    (send(address, user).unwrap().status, begun.elapsed())
                })
            })
            .collect();
        asking.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert!(storm.iter().all(|(status, took)| *status == 503 && *took < IN_TIME), "{storm:?}");
    all_refused(&serving, std::slice::from_ref(&user));
    let lines = about_the_database(&serving);
    let lost = lines.iter().filter(|message| message.contains("is lost")).count();
    assert!(lost == 1 && lines.len() <= 2, "logged once: {lines:?}");
    cluster.signal("CONT");
    let took = until_back(&serving, &user);
    assert!(took < Duration::from_secs(4), "{took:?}");
    assert_eq!(about_the_database(&serving).last().unwrap(), "the database is back");
}

#[test]
fn a_full_pool_is_logged_once() {
    let Some(cluster) = Cluster::start() else { return };
    let place = Place::on(&cluster.url);
    place.add("alice", "correct-horse-7", &[]);
    let serving = Serving::start(&place, &[&SHORT[..], &["--set", "database.pool=2"]].concat());
    let mut holder = diesel::PgConnection::establish(&cluster.url).unwrap();
    holder.batch_execute("BEGIN; LOCK TABLE users").unwrap();
    let login = Request::post("/api/login/").form(&[("username", "alice"), ("password", "correct-horse-7")]);
    let (address, login) = (serving.address, &login);
    let statuses: Vec<u16> = std::thread::scope(|scope| {
        let asking: Vec<_> =
            (0..20).map(|_| scope.spawn(move || send(address, login).unwrap().status)).collect();
        asking.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    assert_eq!(statuses, [503; 20]);
    let lines = about_the_database(&serving);
    let crowded = lines.iter().filter(|message| message.contains("all connections")).count();
    assert!(crowded == 1 && lines.len() < 10, "{lines:?}");
    holder.batch_execute("ROLLBACK").unwrap();
    until_back(&serving, login);
}

#[test]
fn a_server_that_no_longer_accepts_writes_is_replaced_by_one_that_does() {
    let Some(cluster) = Cluster::start() else { return };
    let place = Place::on(&cluster.url);
    place.add("alice", "correct-horse-7", &[]);
    let serving = Serving::start(&place, &SHORT);
    assert_eq!(serving.log_in("alice", "correct-horse-7").status, 200);
    about_the_database(&serving);
    let read_only = |state: &str| {
        let setting = format!("ALTER SYSTEM SET default_transaction_read_only = {state}");
        crate::database::execute(&cluster.url, &setting);
        crate::database::execute(&cluster.url, "SELECT pg_reload_conf()");
        std::thread::sleep(Duration::from_millis(300));
    };
    read_only("on");
    for _ in 0..3 {
        assert_eq!(serving.log_in("alice", "correct-horse-7").status, 503);
    }
    let lines = about_the_database(&serving);
    assert_eq!(lines.len(), 1, "{lines:?}");
    read_only("off");
    let login = Request::post("/api/login/").form(&[("username", "alice"), ("password", "correct-horse-7")]);
    until_back(&serving, &login);
    assert_eq!(about_the_database(&serving), ["the database is back"]);
}

#[test]
fn kill_9_of_the_server_loses_no_acknowledged_write() {
    let Some(cluster) = Cluster::start() else { return };
    let place = Place::on(&cluster.url);
    let serving = Serving::start(&place, &[&SHORT[..], &["--set", "limits.enabled=false"]].concat());
    let begun = Instant::now();
    let aftermath = storm(&place, serving.address, || {
        for _ in 0..3 {
            std::thread::sleep(Duration::from_millis(700));
            cluster.kill();
            std::thread::sleep(Duration::from_millis(200));
            cluster.start_again();
        }
        std::thread::sleep(Duration::from_millis(700));
    });
    let (logins, registrations) = aftermath.acknowledged(begun, Instant::now());
    println!(
        "killed 3 times; {logins} logins and {registrations} registrations acknowledged, all of them there"
    );
    aftermath.assert_nothing_but_refused();
    aftermath.assert_acknowledged_is_stored(&cluster.url);
}

#[test]
fn the_start_waits_for_a_server_that_is_not_up_yet_and_logs_it() {
    let Some(cluster) = Cluster::start() else { return };
    cluster.stop("fast");
    let place = Place::on(&cluster.url);
    let serving = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(1500));
            cluster.start_again();
        });
        Serving::start(&place, &SHORT)
    });
    let waited =
        serving.greeting.iter().find(|line| line["message"].as_str().unwrap().contains("waiting for"));
    let waited = waited.unwrap();
    assert!(waited["error"].as_str().unwrap().contains("Connection refused"), "{waited}");
    assert!(!waited.to_string().contains("the-password"), "{waited}");
    assert_eq!(serving.send(&Request::get("/healthz")).status, 200);
}

#[test]
fn the_start_waits_for_a_limited_time_and_not_after_a_wrong_password() {
    let Some(cluster) = Cluster::start() else { return };
    let begun = Instant::now();
    let wrong = cluster.url.replace("the-password-of-the-tests", "hunter2-hunter2");
    let run = Place::on(&wrong).run(&["user", "list"]);
    run.refused(1, &["password authentication failed", "database_url"]);
    assert!(!run.err.contains("hunter2"), "{run:?}");
    assert!(begun.elapsed() < Duration::from_secs(3), "{:?}", begun.elapsed());
    cluster.stop("fast");
    let begun = Instant::now();
    let run = Place::on(&cluster.url).run(&["user", "list", "--set", "database.startup_timeout=2s"]);
    run.refused(1, &["waiting for the database", "giving up in 2 s", "Connection refused"]);
    assert!(!run.err.contains("the-password"), "{run:?}");
    assert!((2..5).contains(&begun.elapsed().as_secs()), "{:?}", begun.elapsed());
}
