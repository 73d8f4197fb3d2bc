//! Two replicas behind a load balancer act as one login server, also when one of them dies.

use std::io::Write as _;
use std::net::{IpAddr, SocketAddr};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::json;

use super::balancer::{Balancer, Kind};
use super::storm::{Attempt, storm};
use crate::cli::Place;
use crate::cli::serve::Serving;
use crate::database::{Database, lines, server_or_skip};
use crate::http::{Reply, Request, send, send_from};

/// Two replicas on one database, with the settings of the documentation, behind a load balancer.
struct Together {
    balancer: Balancer,
    one: Serving,
    two: Serving,
    url: String,
    place: Place,
}

/// Runs a test behind each load balancer that is installed.
fn behind_each(settings: &[&str], test: impl Fn(Together)) {
    let Some(server) = server_or_skip() else { return };
    for kind in Kind::ALL {
        println!("behind {kind:?}");
        let database = Database::postgres(&server);
        let url = database.url().to_owned();
        let place = Place::on_new(database);
        let settings = [&["--set", "trusted_proxies=127.0.0.1"][..], settings].concat();
        let [one, two] = [(); 2].map(|()| Serving::start(&place, &settings));
        let Some(balancer) = Balancer::start(kind, [one.address, two.address]) else { continue };
        test(Together { balancer, one, two, url, place });
    }
}

impl Together {
    fn send(&self, request: &Request) -> Reply {
        send(self.balancer.address, request).unwrap()
    }

    /// The statuses of one request to each replica and, several times, to the balancer.
    fn statuses(&self, request: &Request) -> Vec<u16> {
        let balanced = (0..4).map(|_| self.send(request).status);
        [self.one.send(request).status, self.two.send(request).status].into_iter().chain(balanced).collect()
    }
}

fn login(name: &str, password: &str) -> Request {
    Request::post("/api/login/").json(&json!({"username": name, "password": password}))
}

#[test]
fn two_replicas_behind_a_balancer_act_as_one_login_server() {
    behind_each(&["--set", "limits.failed_logins_per_account=4"], |all| {
        // The second link replaced the first, and any replica consumes it.
        let link = all.two.setup_link().unwrap();
        let path = &link[link.find("/admin/").unwrap()..];
        let fields = [
            ("username", "alice"),
            ("email", "alice@example.com"),
            ("password", "correct-horse-7"),
            ("password_again", "correct-horse-7"),
        ];
        assert_eq!(all.statuses(&Request::get(path)), [200; 6]);
        assert_eq!(all.send(&Request::post(path).form(&fields)).status, 303);
        assert_eq!(all.statuses(&Request::get(path)), [404; 6]);

        // There is one signing key and one state of each account.
        all.place.add("carol", "correct-horse-7", &[]);
        let token = all.one.log_in("carol", "correct-horse-7").cookie("access_token").unwrap().value;
        let user = Request::get("/api/user/").bearer(&token);
        assert_eq!(all.statuses(&user), [200; 6]);
        assert_eq!(all.place.run(&["user", "deactivate", "carol"]).code, 0);
        assert_eq!(all.statuses(&user), [401; 6]);

        // Failed logins are counted together.
        let wrong = login("bob", "wrong");
        assert_eq!(all.statuses(&wrong), [404, 404, 404, 404, 429, 429]);
        assert!(over_tls(all.balancer.tls).contains("\r\n\r\nok"));
    });
}

#[test]
fn limits_and_the_audit_use_the_real_address_of_the_client() {
    behind_each(&["--set", "limits.failed_logins_per_address=3"], |all| {
        all.place.add("alice", "correct-horse-7", &[]);
        let [guesser, neighbour] = [2, 3].map(|last| IpAddr::from([127, 0, 0, last]));
        let guess = |name: &str| login(name, "wrong").header("X-Forwarded-For", "198.51.100.7");
        let from = |who, name: &str| send_from(who, all.balancer.address, &guess(name)).unwrap().status;
        assert_eq!(["alice", "b", "c", "d", "e"].map(|name| from(guesser, name)), [404, 404, 404, 429, 429]);
        assert_eq!(from(neighbour, "f"), 404);
        let seen =
            lines(&all.url, "SELECT address AS line FROM audit WHERE action = 'login-failed' ORDER BY id");
        assert_eq!(seen, ["127.0.0.2", "127.0.0.2", "127.0.0.2", "127.0.0.3"]);
    });
}

#[test]
fn kill_9_of_a_replica_under_load_loses_no_acknowledged_write() {
    behind_each(&["--set", "limits.enabled=false"], |mut all| {
        let begun = Instant::now();
        let (mut killed, mut dead) = (begun, begun);
        let address = all.balancer.address;
        let aftermath = storm(&all.place, address, || {
            std::thread::sleep(Duration::from_millis(1000));
            killed = Instant::now();
            all.one.child.kill().unwrap();
            all.one.child.wait().unwrap();
            dead = Instant::now();
            std::thread::sleep(Duration::from_millis(1500));
        });
        let failed: Vec<_> = aftermath.attempts().filter(|attempt| !attempt.is_acknowledged()).collect();
        println!(
            "(logins, registrations) acknowledged: {:?}, then {:?}; failed: {failed:?}",
            aftermath.acknowledged(begun, killed),
            aftermath.acknowledged(killed, Instant::now())
        );
        // The balancer may need a moment to notice that its idle connections are closed.
        let on_the_way = dead + Duration::from_secs(1);
        let late = failed.iter().find(|attempt| attempt.ended < killed || attempt.began > on_the_way);
        assert!(late.is_none(), "{late:?}");
        let (before, after) =
            (aftermath.acknowledged(begun, killed), aftermath.acknowledged(killed, Instant::now()));
        assert!(before.0 > 0 && before.1 > 0 && after.0 > 0 && after.1 > 0);
        aftermath.assert_acknowledged_is_stored(&all.url);
    });
}

#[test]
fn a_replica_that_stops_under_load_finishes_its_requests_and_the_other_serves() {
    // Hashes that take so long that some requests are running.
    let settings = ["--set", "limits.enabled=false", "--set", "password.cost=7"];
    behind_each(&settings, |mut all| {
        let begun = Instant::now();
        let (mut stopped_at, mut ended, mut code) = (begun, begun, None);
        let address = all.balancer.address;
        let aftermath = storm(&all.place, address, || {
            std::thread::sleep(Duration::from_millis(1500));
            stopped_at = Instant::now();
            all.one.signal("TERM");
            code = all.one.end();
            ended = Instant::now();
            std::thread::sleep(Duration::from_millis(1500));
        });
        assert_eq!(code, Some(0));
        let finished = answered_while_stopping(&all.one);
        let (before, after) =
            (aftermath.acknowledged(begun, stopped_at), aftermath.acknowledged(ended, Instant::now()));
        let failed: Vec<_> = aftermath.attempts().filter(|attempt| !attempt.is_acknowledged()).collect();
        println!(
            "(logins, registrations) acknowledged: {before:?}, then {after:?}; {finished} finished in {:?}; \
             failed: {failed:?}",
            ended - stopped_at
        );
        assert!(finished > 0, "nothing was under way");
        assert!(before.0 > 0 && before.1 > 0 && after.0 > 0 && after.1 > 0);
        // A request on a connection that was just being closed gets an error of the balancer, and was not
        // begun.
        let on_the_way = stopped_at..ended + Duration::from_secs(1);
        let others =
            |attempt: &&&Attempt| attempt.status != Some(502) || !on_the_way.contains(&attempt.ended);
        assert!(failed.iter().find(others).is_none(), "{failed:?}");
        aftermath.assert_acknowledged_is_stored(&all.url);
        aftermath.assert_stored_is_acknowledged(&all.url);
    });
}

/// How many requests a replica has answered since it began to stop, by its log.
fn answered_while_stopping(replica: &Serving) -> usize {
    let lines: Vec<String> = replica.lines.iter().collect();
    let stopping = lines.iter().position(|line| line.contains("running requests may finish")).unwrap();
    lines[stopping..].iter().filter(|line| line.contains(r#""message":"answered""#)).count()
}

/// The response of `GET /healthz` through TLS.
fn over_tls(address: SocketAddr) -> String {
    let mut client = Command::new("openssl")
        .args(["s_client", "-quiet", "-connect", &address.to_string()])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let request = b"GET /healthz HTTP/1.1\r\nHost: accounts.example.com\r\nConnection: close\r\n\r\n";
    client.stdin.take().unwrap().write_all(request).unwrap();
    String::from_utf8(client.wait_with_output().unwrap().stdout).unwrap()
}
