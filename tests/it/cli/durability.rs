//! What was acknowledged is there after the worst.

use std::time::Duration;

use serde_json::Value;

use super::Place;
use super::serve::Serving;

/// How often the server is killed: `KILLS` in the environment. `scripts/measure` does it twenty
/// times to the release binary.
fn kills() -> usize {
    std::env::var("KILLS").map_or(4, |text| text.parse().unwrap())
}

#[test]
fn every_acknowledged_user_is_there_and_logs_in_after_kill_9_in_the_middle() {
    let place = Place::new();
    let mut acknowledged: Vec<(i64, String)> = Vec::new();
    for round in 0..kills() {
        let mut serving = Serving::start(&place, &["--set", "limits.enabled=false"]);
        let address = serving.address;
        let logins = std::thread::spawn(move || {
            let body = serde_json::json!({"username": "nobody", "password": "x"});
            let request = crate::http::Request::post("/api/login/").json(&body);
            while crate::http::send(address, &request).is_ok() {}
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
    println!("killed {} times; {} acknowledged users, all of them there", kills(), acknowledged.len());
    for (id, name) in acknowledged {
        let reply = serving.log_in(&name, "correct-horse-7");
        assert_eq!(reply.json()["user"]["id"], id, "{name}");
    }
}
