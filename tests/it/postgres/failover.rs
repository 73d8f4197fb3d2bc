//! A primary and a synchronous standby that takes over: no acknowledged write is lost, and the service connects
//! to the new primary by itself.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::json;

use super::cluster::Cluster;
use super::outage::{SHORT, about_the_database, all_refused, until_back};
use super::storm::storm;
use crate::cli::Place;
use crate::cli::serve::Serving;
use crate::http::{Request, send};

/// How long after a promotion logins may fail, on a slow machine.
const SOON: Duration = Duration::from_secs(10);

/// `postgres://a,b/…`.
fn either(one: &Cluster, other: &Cluster) -> String {
    let (start, database) = one.url.rsplit_once('/').unwrap();
    let (_, other) = other.url.split_once('@').unwrap();
    let (other, _) = other.split_once('/').unwrap();
    format!("{start},{other}/{database}")
}

fn login(name: &str) -> Request {
    Request::post("/api/login/").json(&json!({"username": name, "password": "correct-horse-7"}))
}

#[test]
fn after_a_crash_of_the_primary_the_standby_has_all_acknowledged_writes() {
    let Some(first) = Cluster::start() else { return };
    let second = first.synchronous_standby();
    let url = format!("{}?target_session_attrs=read-write", either(&first, &second));
    let place = Place::on(&url);
    let serving = Serving::start(&place, &[&SHORT[..], &["--set", "limits.enabled=false"]].concat());
    let begun = Instant::now();
    let (mut killed, mut promoted) = (begun, begun);
    let aftermath = storm(&place, serving.address, || {
        std::thread::sleep(Duration::from_millis(1500));
        first.kill();
        killed = Instant::now();
        std::thread::sleep(Duration::from_millis(500));
        second.promote();
        promoted = Instant::now();
        until_back(&serving, &login("person-0"));
        std::thread::sleep(Duration::from_millis(1500));
    });
    let resumed = aftermath.first_login_after(promoted).unwrap() - promoted;
    let before = aftermath.acknowledged(begun, killed);
    let after = aftermath.acknowledged(promoted, Instant::now());
    println!(
        "(logins, registrations) acknowledged: {before:?}, then {after:?}; resumed {resumed:?} after the promotion"
    );
    assert!(resumed < SOON, "{resumed:?}");
    assert!(before.0 > 0 && before.1 > 0 && after.0 > 0 && after.1 > 0);
    aftermath.assert_nothing_but_refused();
    aftermath.assert_acknowledged_is_stored(&second.url);
    let lines = about_the_database(&serving);
    assert!(lines.len() <= 4 && lines.last().unwrap() == "the database is back", "{lines:?}");
}

#[test]
fn the_standby_takes_over_while_the_primary_hangs() {
    let Some(first) = Cluster::start() else { return };
    let second = first.synchronous_standby();
    let place = Place::on(&either(&first, &second));
    let limits = ["--set", "limits.enabled=false", "--set", "database.pool=4"];
    let serving = Serving::start(&place, &[&SHORT[..], &limits].concat());
    let begun = Instant::now();
    let mut promoted = begun;
    let aftermath = storm(&place, serving.address, || {
        std::thread::sleep(Duration::from_millis(1500));
        // With every connection in use, and for longer than any request waits.
        first.signal("STOP");
        std::thread::sleep(Duration::from_secs(4));
        second.promote();
        promoted = Instant::now();
        until_back(&serving, &login("person-0"));
        std::thread::sleep(Duration::from_millis(1500));
    });
    let resumed = aftermath.first_login_after(promoted).unwrap() - promoted;
    println!("resumed {resumed:?} after the promotion, the old primary hanging");
    assert!(resumed < SOON, "{resumed:?}");
    let after = aftermath.acknowledged(promoted, Instant::now());
    assert!(after.0 > 0 && after.1 > 0, "{after:?}");
    aftermath.assert_nothing_but_refused();
    aftermath.assert_acknowledged_is_stored(&second.url);
    // Its end is not logged.
    about_the_database(&serving);
    first.kill();
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(about_the_database(&serving), [""; 0]);
}

#[test]
fn a_demoted_server_is_replaced_by_the_new_primary_and_gets_no_writes() {
    let Some(first) = Cluster::start() else { return };
    let second = first.synchronous_standby();
    // The default is a host that accepts writes.
    let place = Place::on(&either(&first, &second));
    place.add("alice", "correct-horse-7", &[]);
    let serving = Serving::start(&place, &SHORT);
    let log_in_many_at_once = || {
        std::thread::scope(|scope| {
            let logging_in: Vec<_> = (0..12)
                .map(|_| scope.spawn(|| send(serving.address, &login("alice")).unwrap().status))
                .collect();
            logging_in.into_iter().map(|thread| thread.join().unwrap()).collect::<Vec<u16>>()
        })
    };
    assert_eq!(log_in_many_at_once(), [200; 12]);
    assert!(first.connections() > 0 && second.connections() == 0);

    // The second host in the URL becomes the primary, and the first its standby.
    first.stop("fast");
    second.promote();
    first.follow(&second);
    until_back(&serving, &login("alice"));
    assert_eq!(log_in_many_at_once(), [200; 12]);
    assert!(first.connections() == 0 && second.connections() > 0);

    // And back.
    second.stop("fast");
    first.promote();
    second.follow(&first);
    until_back(&serving, &login("alice"));
    assert_eq!(log_in_many_at_once(), [200; 12]);
    assert!(first.connections() > 0 && second.connections() == 0);
}

#[test]
fn a_write_that_only_the_primary_has_is_not_acknowledged_and_service_resumes_with_the_standby() {
    let Some(primary) = Cluster::start() else { return };
    let standby = primary.synchronous_standby();
    let place = Place::on(&primary.url);
    place.add("alice", "correct-horse-7", &[]);
    let serving = Serving::start(&place, &SHORT);
    assert_eq!(serving.send(&login("alice")).status, 200);
    standby.stop("immediate");
    all_refused(&serving, &[login("alice"), login("alice")]);
    standby.start_again();
    until_back(&serving, &login("alice"));
}

#[test]
fn hosts_that_hang_are_skipped_even_if_that_takes_longer_than_a_request_waits() {
    let Some(cluster) = Cluster::start() else { return };
    // They accept connections and never answer.
    let [one, two] = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    let (user, place) = cluster.url.split_once('@').unwrap();
    let hosts = format!("{},{}", one.local_addr().unwrap(), two.local_addr().unwrap());
    let place = Place::on(&format!("{user}@{hosts},{place}"));
    place.add("alice", "correct-horse-7", &[]);
    let serving = Serving::start(&place, &SHORT);
    until_back(&serving, &login("alice"));
    cluster.stop("immediate");
    all_refused(&serving, &[login("alice")]);
    cluster.start_again();
    until_back(&serving, &login("alice"));
}
