//! `doorward user invite` and `doorward user reset-link`.

use super::Place;

#[test]
fn an_invitation_is_queued_and_its_link_is_printed_alone() {
    let place = Place::new();
    let said = place.run(&["user", "invite", "dora@example.com", "--set", "public_url=https://a.example"]);
    assert_eq!(said.code, 0, "{said:?}");
    let link = said.out.trim_end();
    assert!(link.starts_with("https://a.example/accept-invite/") && !link.contains(char::is_whitespace));
    place.add("alice", "correct-horse-7", &[]);
    place.run(&["user", "invite", "ALICE@example.com"]).refused(1, &["already exists"]);
    place.run(&["user", "invite", "nowhere"]).refused(1, &["Enter a valid email address."]);
}

#[test]
fn a_link_has_the_origin_of_the_server_that_ran_last_unless_one_is_set() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    let port = {
        let server = super::serve::Serving::start(&place, &[]);
        server.address.port()
    };
    let link = |more: &[&str]| {
        let said = place.run(&[&["user", "reset-link", "alice"], more].concat());
        assert_eq!(said.err, "", "no guess");
        said.out
    };
    assert!(link(&[]).starts_with(&format!("http://127.0.0.1:{port}/reset-password/")), "{port}");
    let invitation = place.run(&["user", "invite", "dora@example.com"]).out;
    assert!(invitation.starts_with(&format!("http://127.0.0.1:{port}/")), "{invitation}");
    assert!(link(&["--set", "public_url=https://a.example"]).starts_with("https://a.example/"));
}

#[test]
fn a_link_has_the_port_of_a_server_that_was_set_up_by_its_environment() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    let mut command = place.command(&["serve", "--set", "log.format=json"]);
    command.env("DOORWARD_LISTEN", "127.0.0.1:0").env("DOORWARD_PUBLIC_URL", "https://accounts.example.org");
    drop(super::serve::Serving::spawn(command));
    let said = place.run(&["user", "reset-link", "alice"]);
    assert!(said.out.starts_with("https://accounts.example.org/reset-password/"), "{said:?}");
    assert_eq!(said.err, "", "{said:?}");
}

#[test]
fn a_reset_link_is_printed_for_an_active_user() {
    let place = Place::new();
    place.add("alice", "correct-horse-7", &[]);
    let said = place.run(&["user", "reset-link", "alice"]);
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.out.starts_with("http://127.0.0.1:8000/reset-password/"), "{said:?}");
    assert!(said.err.contains("127.0.0.1:8000 is a guess") && said.err.contains("public_url"), "{said:?}");
    let user = place.run(&["user", "show", "alice", "--json"]).out;
    assert!(user.contains("reset-link-made"), "{user}");
    place.run(&["user", "deactivate", "alice"]);
    place.run(&["user", "reset-link", "alice"]).refused(1, &["cannot log in", "doorward user activate"]);
    place.run(&["user", "reset-link", "nobody"]).refused(1, &["there is no user `nobody`"]);
}
