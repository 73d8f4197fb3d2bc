//! Connecting to the server: TLS, parameters of the URL, and databases of other programs.

use std::path::Path;
use std::process::Command;

use super::cluster::Cluster;
use crate::cli::Place;
use crate::database::{Database, at, execute, server_or_skip};

/// Creates a key and a self-signed certificate for 127.0.0.1; `false` without openssl.
pub(crate) fn certify(folder: &Path) -> bool {
    let made = Command::new("openssl")
        .args([
            "req",
            "-x509",
            "-newkey",
            "ec",
            "-pkeyopt",
            "ec_paramgen_curve:prime256v1",
            "-nodes",
            "-days",
            "2",
        ])
        .args(["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"])
        .args(["-keyout", "server.key", "-out", "server.crt"])
        .current_dir(folder)
        .output();
    made.is_ok_and(|output| output.status.success())
}

#[test]
fn tls_is_required_and_verified_if_the_url_says_so() {
    let Some(cluster) = Cluster::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    if !certify(folder.path()) {
        println!("not run: openssl is missing");
        return;
    }
    let with = |parameters: &str| Place::on(&format!("{}?{parameters}", cluster.url)).run(&["migrate"]);
    with("sslmode=require").refused(1, &["does not support SSL"]);

    let (key, certificate) = (cluster.data().join("server.key"), cluster.data().join("server.crt"));
    std::fs::copy(folder.path().join("server.key"), &key).unwrap();
    std::fs::copy(folder.path().join("server.crt"), &certificate).unwrap();
    let data = cluster.data();
    assert!(
        Command::new("chown")
            .arg("--reference")
            .args([&data, &key, &certificate])
            .status()
            .unwrap()
            .success()
    );
    assert!(Command::new("chmod").arg("600").arg(&key).status().unwrap().success());
    cluster.configure("ssl = on");
    // The server refuses clients without TLS.
    std::fs::write(data.join("pg_hba.conf"), "hostssl all all 127.0.0.1/32 scram-sha-256\n").unwrap();
    cluster.stop("fast");
    cluster.start_again();

    let root = folder.path().join("server.crt").display().to_string();
    with("sslmode=disable").refused(1, &["no encryption"]);
    assert_eq!(with("sslmode=require").code, 0);
    assert_eq!(with(&format!("sslmode=verify-full&sslrootcert={root}")).code, 0);
    with("sslmode=verify-full&sslrootcert=/no/such/file").refused(1, &["certificate"]);
    std::fs::create_dir(folder.path().join("other")).unwrap();
    assert!(certify(&folder.path().join("other")));
    let other = folder.path().join("other/server.crt").display().to_string();
    with(&format!("sslmode=verify-full&sslrootcert={other}")).refused(1, &["certificate verify failed"]);
    let by_name = cluster.url.replace("127.0.0.1", "localhost");
    Place::on(&format!("{by_name}?sslmode=verify-full&sslrootcert={root}"))
        .run(&["migrate"])
        .refused(1, &["does not match host name"]);
}

#[test]
fn a_url_may_have_several_hosts_and_its_parameters_reach_the_server() {
    let Some(server) = server_or_skip() else { return };
    let database = Database::empty_postgres(&server);
    database.execute("CREATE SCHEMA inner_room");
    let (user, place) = database.url().split_once('@').unwrap();
    let url = format!(
        "{user}@127.0.0.1:1,{place}?target_session_attrs=read-write&options=-c%20search_path%3Dinner_room&sslmode=disable"
    );
    let run = Place::on(&url).run(&["migrate"]);
    assert_eq!(run.code, 0, "{run:?}");
    assert!(!run.out.contains("the-password"), "{run:?}");
    let tables = |schema: &str| {
        let query = format!("SELECT tablename::text AS line FROM pg_tables WHERE schemaname = '{schema}'");
        database.lines(&query)
    };
    assert!(tables("inner_room").contains(&"users".to_owned()));
    assert_eq!(tables("public"), [""; 0]);
}

#[test]
fn no_error_about_a_wrong_url_has_the_password() {
    let Some(server) = server_or_skip() else { return };
    let (_, place) = server.split_once('@').unwrap();
    for password in ["hunter2", "hun/ter2", "hun@ter2", "hunter2%zz", "hun:ter2", "hun?ter2", "hun#ter2/x"] {
        for tail in ["", "?sslmode=nonsense", "?connect_timeout=x", "?nonsense"] {
            let url = format!("postgres://nobody:{password}@{place}{tail}");
            let run = Place::on(&url).run(&["user", "list", "--set", "database.startup_timeout=0s"]);
            // Either libpq cannot parse it, or it parses another host and password.
            match (tail, password) {
                ("", "hunter2") => run.refused(1, &["the database cannot be used"]),
                ("", _) => assert!(matches!(run.code, 1 | 2), "{url}: {run:?}"),
                _ => run.refused(2, &["database_url"]),
            }
            assert!(!run.err.contains("ter2"), "{url}: {run:?}");
        }
    }
}

#[test]
fn a_database_of_another_program_or_a_newer_version_or_without_unicode_is_refused_unchanged() {
    let Some(server) = server_or_skip() else { return };
    let foreign = Database::empty_postgres(&server);
    foreign.execute("CREATE TABLE recipes (id INTEGER)");
    Place::on(foreign.url()).run(&["migrate"]).refused(1, &["another program", "recipes"]);
    assert_eq!(
        foreign.lines("SELECT tablename::text AS line FROM pg_tables WHERE schemaname = 'public'"),
        ["recipes"]
    );

    let newer = Database::postgres(&server);
    newer.execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')");
    Place::on(newer.url()).run(&["serve"]).refused(1, &["newer version", "9999"]);

    let name = format!("test_{:016x}", rand::random::<u64>());
    execute(&server, &format!("CREATE DATABASE {name} ENCODING 'LATIN1' TEMPLATE template0"));
    Place::on(&at(&server, &name)).run(&["migrate"]).refused(1, &["encoding is LATIN1", "UTF8"]);
    execute(&server, &format!("DROP DATABASE {name}"));
}

#[test]
fn an_unknown_host_and_a_missing_database_are_reported_by_name() {
    let Some(server) = server_or_skip() else { return };
    let nowhere = "postgres://u:hunter2@no-such-host.invalid/d";
    let run = Place::on(nowhere).run(&["migrate", "--set", "database.startup_timeout=0s"]);
    run.refused(1, &["no-such-host.invalid"]);
    assert!(!run.err.contains("hunter2"), "{run:?}");
    Place::on(&at(&server, "no_such_database")).run(&["migrate"]).refused(1, &["no_such_database"]);
}
