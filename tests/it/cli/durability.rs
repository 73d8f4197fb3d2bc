//! Acknowledged writes survive a crash.

use std::time::Duration;

use serde_json::{Value, json};

use super::Place;
use super::serve::Serving;
use crate::database::Database;
use crate::http::{Request, send};

/// How often the server is killed: `KILLS` in the environment. `scripts/measure` kills the release binary
/// twenty times.
fn kills() -> usize {
    std::env::var("KILLS").map_or(4, |text| text.parse().unwrap())
}

#[test]
fn every_acknowledged_user_can_log_in_after_kill_9() {
    let place = Place::new();
    let mut acknowledged: Vec<(i64, String)> = Vec::new();
    for round in 0..kills() {
        let mut serving = Serving::start(&place, &["--set", "limits.enabled=false"]);
        let address = serving.address;
        let logins = std::thread::spawn(move || {
            let body = json!({"username": "nobody", "password": "x"});
            let request = Request::post("/api/login/").json(&body);
            while send(address, &request).is_ok() {}
        });
        for number in 0..3 {
            let name = format!("user-{round}-{number}");
            acknowledged.push((place.add(&name, "correct-horse-7", &[]), name));
        }
        std::thread::sleep(Duration::from_millis(7 * round as u64));
        serving.signal("KILL");
        assert_eq!(serving.end(), None);
        logins.join().unwrap();
    }
    let serving = Serving::start(&place, &[]);
    let listed: Value = serde_json::from_str(&place.run(&["user", "list", "--json"]).out).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), acknowledged.len());
    println!("killed {} times; {} acknowledged users, all of them stored", kills(), acknowledged.len());
    for (id, name) in acknowledged {
        let reply = serving.log_in(&name, "correct-horse-7");
        assert_eq!(reply.json()["user"]["id"], id, "{name}");
    }
}

/// Registers one user after the other until the server is gone; returns those that were acknowledged.
fn register_until_killed(address: std::net::SocketAddr, lane: &str) -> Vec<String> {
    let mut acknowledged = Vec::new();
    loop {
        let name = format!("{lane}-{}", acknowledged.len());
        let email = format!("{name}@example.com");
        let body = json!({"username": name, "email": email, "password": "quite-Long-pass-3"});
        let Ok(reply) = send(address, &Request::post("/api/register/").json(&body)) else {
            return acknowledged;
        };
        assert_eq!(reply.status, 201, "{}", reply.text());
        acknowledged.push(format!("{} {name} {email}", reply.json()["id"]));
    }
}

#[test]
fn every_acknowledged_registration_is_stored_with_one_mail_after_kill_9() {
    let place = Place::on_new(Database::fresh());
    let mut acknowledged = Vec::new();
    for round in 0..kills() {
        let mut serving = Serving::start(&place, &["--set", "limits.enabled=false"]);
        let address = serving.address;
        let registering: Vec<_> = (0..3)
            .map(|lane| {
                std::thread::spawn(move || register_until_killed(address, &format!("u{round}-{lane}")))
            })
            .collect();
        std::thread::sleep(Duration::from_millis(200 + 37 * round as u64));
        serving.signal("KILL");
        assert_eq!(serving.end(), None);
        acknowledged.extend(registering.into_iter().flat_map(|thread| thread.join().unwrap()));
    }
    drop(Serving::start(&place, &[]));
    let there = place.lines("SELECT id || ' ' || username || ' ' || email AS line FROM users");
    let lost: Vec<&String> = acknowledged.iter().filter(|user| !there.contains(user)).collect();
    assert!(lost.is_empty(), "{lost:?}");
    // A registration that was not acknowledged is stored completely or not at all.
    let emails = place.lines("SELECT email AS line FROM users ORDER BY id");
    let mails =
        place.lines("SELECT recipient AS line FROM mails WHERE kind = 'confirm_email' ORDER BY user_id");
    assert_eq!(mails, emails, "one mail each");
    let keys = "SELECT email AS line FROM one_time_keys WHERE purpose = 'confirm-email' ORDER BY user_id";
    assert_eq!(place.lines(keys), emails, "one key each");
    println!("killed {} times; {} acknowledged of {}", kills(), acknowledged.len(), there.len());
    assert!(acknowledged.len() >= kills(), "{} were acknowledged", acknowledged.len());
}
