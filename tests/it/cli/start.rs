//! Several processes that start at once on a new or an older database, and some that are killed meanwhile.

use std::path::Path;
use std::process::{Child, Stdio};
use std::time::Duration;

use super::serve::Serving;
use super::{Place, Said};
use crate::database::{Database, execute_sqlite, server_or_skip};

/// Up to which migration a database of an earlier version was migrated, each with the SQL up to there.
fn earlier_versions() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("migrations/sqlite");
    let mut names: Vec<String> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|it| it.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    let mut sql = "CREATE TABLE __diesel_schema_migrations (version VARCHAR(50) PRIMARY KEY NOT NULL, \
                   run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);"
        .to_owned();
    let version = |name: String| {
        let number = name.split('_').next().unwrap().to_owned();
        sql += &std::fs::read_to_string(folder.join(name).join("up.sql")).unwrap();
        sql += &format!("\nINSERT INTO __diesel_schema_migrations (version) VALUES ('{number}');\n");
        (number, sql.clone())
    };
    names.into_iter().map(version).collect()
}

fn spawn(place: &Place, arguments: &[&str]) -> Child {
    place.command(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

/// Starts a server, `user add` and `migrate` at once; all of them must work.
fn start_three(place: &Place) {
    let migrating = spawn(place, &["migrate"]);
    let other = spawn(place, &["migrate"]);
    let adding = std::thread::scope(|scope| {
        let adding = scope.spawn(|| {
            let arguments =
                ["user", "add", "--username", "a", "--email", "a@example.com", "--password-stdin"];
            place.pipe(b"a-Good-pass-6", &arguments)
        });
        let mut serving = Serving::start(place, &[]);
        serving.signal("TERM");
        assert_eq!(serving.end(), Some(0));
        adding.join().unwrap()
    });
    let mut outcomes = vec![adding];
    outcomes.extend([migrating, other].map(|child| Said::from(child.wait_with_output().unwrap())));
    for said in outcomes {
        assert_eq!(said.code, 0, "{said:?}");
    }
}

/// The key that signs tokens, and the versions of the schema.
fn secrets_and_versions(place: &Place) -> String {
    let url = format!("sqlite:{}", place.path().join("doorward.db").display());
    let said = place.run(&["migrate", "--database-url", &url]);
    assert_eq!(said.code, 0, "{said:?}");
    said.out
}

#[test]
fn processes_that_start_at_once_on_a_new_database_all_work() {
    for _ in 0..30 {
        let place = Place::sqlite();
        start_three(&place);
        assert!(place.run(&["user", "list"]).out.contains("a@example.com"));
    }
}

#[test]
fn processes_that_start_at_once_on_an_older_database_all_work() {
    let versions = earlier_versions();
    assert!(versions.len() > 13);
    for (number, sql) in versions {
        let place = Place::sqlite();
        execute_sqlite(&place.path().join("doorward.db"), &sql);
        start_three(&place);
        let now = secrets_and_versions(&place);
        assert!(now.contains("0001") && now.contains("0017"), "{number}: {now}");
    }
}

#[test]
fn a_process_that_is_killed_while_it_migrates_leaves_a_database_that_the_next_one_migrates() {
    let (_, oldest) = earlier_versions().remove(0);
    for milliseconds in 0..25 {
        let place = Place::sqlite();
        if milliseconds % 2 == 0 {
            execute_sqlite(&place.path().join("doorward.db"), &oldest);
        }
        let mut victims = [spawn(&place, &["migrate"]), spawn(&place, &["migrate"])];
        std::thread::sleep(Duration::from_millis(2 * milliseconds));
        victims[0].kill().unwrap();
        for victim in &mut victims {
            victim.wait().unwrap();
        }
        let said = place.run(&["migrate"]);
        assert_eq!(said.code, 0, "after {milliseconds}: {said:?}");
        assert_eq!(place.run(&["user", "list"]).code, 0);
    }
}

#[test]
fn processes_that_start_at_once_on_postgres_all_work() {
    let Some(server) = server_or_skip() else { return };
    for _ in 0..3 {
        start_three(&Place::on_new(Database::empty_postgres(&server)));
    }
}

#[test]
fn two_processes_that_start_at_once_make_one_signing_key() {
    let place = Place::sqlite();
    let servers = std::thread::scope(|scope| {
        let starts = [(); 2].map(|()| scope.spawn(|| Serving::start(&place, &[])));
        starts.map(|start| start.join().unwrap())
    });
    place.add("alice", "correct-horse-7", &[]);
    let token = servers[0].log_in("alice", "correct-horse-7").cookie("access_token").unwrap().value;
    let answer = servers[1].send(&crate::http::Request::get("/api/user/").bearer(&token));
    assert_eq!(answer.status, 200, "{}", answer.text());
}

#[cfg(unix)]
#[test]
fn a_database_that_others_can_use_is_closed_to_them_with_a_warning() {
    use std::fs::{Permissions, metadata, set_permissions};
    use std::os::unix::fs::PermissionsExt as _;

    let place = Place::sqlite();
    let file = place.path().join("doorward.db");
    let mode = |name: &Path| metadata(name).unwrap().permissions().mode() & 0o777;
    for (before, after) in
        [(0o666, 0o660), (0o664, 0o660), (0o644, 0o640), (0o604, 0o600), (0o660, 0o660), (0o600, 0o600)]
    {
        assert_eq!(place.run(&["migrate"]).code, 0);
        set_permissions(&file, Permissions::from_mode(before)).unwrap();
        let said = place.run(&["migrate"]);
        assert_eq!((said.code, mode(&file)), (0, after), "{said:?}");
        assert_eq!(said.err.contains("other users of this machine"), before != after, "{said:?}");
    }
    set_permissions(&file, Permissions::from_mode(0o666)).unwrap();
    let mut serving = Serving::start(&place, &[]);
    for entry in std::fs::read_dir(place.path()).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path) & 0o007, 0, "{}", path.display());
    }
    serving.signal("TERM");
    assert_eq!(serving.end(), Some(0));
}
