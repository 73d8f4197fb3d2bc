//! Administrators change `site.*` and `mail.*` while the server runs, so these are read from `App::current`, and not
//! from `App::config`, which has the settings of the start.

use super::assert_none;
use super::source::{Source, sources, tokens};

/// The modules above `app`. `cli` also has commands without an `App`.
const MODULES: &[&str] = &["account", "accounts", "admin", "api", "cli", "http", "ops", "pages", "web"];

/// The sections that `Config::with_stored` replaces.
const SECTIONS: &[&str] = &["site", "mail"];

fn stale_reads(source: &Source) -> Vec<String> {
    if !MODULES.contains(&source.module()) {
        return Vec::new();
    }
    let tokens = tokens(&source.product);
    let mut wrong = Vec::new();
    for (at, window) in tokens.windows(3).enumerate() {
        let [config, dot, section] = window else { continue };
        let is_read = config.text == "config" && dot.text == "." && SECTIONS.contains(&section.text);
        let is_of_app = at >= 2 && tokens[at - 2].text == "app";
        if is_read && (is_of_app || source.module() != "cli") {
            let line = config.line_in(&source.product);
            wrong.push(format!("src/{}:{line}: config.{}", source.path, section.text));
        }
    }
    wrong
}

#[test]
fn settings_that_administrators_change_are_read_as_they_are_now() {
    let wrong: Vec<String> = sources().iter().flat_map(stale_reads).collect();
    assert_none("`site` and `mail` are read from `App::current`", &wrong);
}

#[test]
fn a_setting_of_the_start_is_noticed() {
    let count = |path, code| stale_reads(&Source::new(path, code)).len();
    assert_eq!(count("web/x.rs", "fn a() { app.config\n.site.name }"), 1);
    assert_eq!(count("pages/x.rs", "fn a(config: &Config) { config.mail.is_sent() }"), 1);
    assert_eq!(count("web/x.rs", "fn a() { app.current().site.name; app.config.account.pages }"), 0);
    assert_eq!(count("cli/x.rs", "fn a() { let config = load(); config.mail.smtp }"), 0);
    assert_eq!(count("cli/x.rs", "fn a() { app.config.mail.smtp }"), 1);
    assert_eq!(count("mail/x.rs", "fn a(config: &Config) { config.mail.from }"), 0);
}
