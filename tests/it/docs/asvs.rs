//! The table of ASVS requirements in `docs/security.md`: its sums are right, and each test that it names exists.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use super::{linked, paths, root};

const STATUSES: [&str; 4] = ["pass", "partly", "fail", "n/a"];

/// A requirement.
struct Row<'a> {
    id: &'a str,
    status: &'a str,
    /// Tests, files and reasons.
    held_by: &'a str,
}

impl Row<'_> {
    /// The texts between back-ticks.
    fn spans(&self) -> impl Iterator<Item = &str> {
        self.held_by.split('`').skip(1).step_by(2)
    }

    /// The tests that it names as cargo does: `api::login::a_name`.
    fn tests(&self) -> impl Iterator<Item = &str> {
        self.spans().filter(|span| span.contains("::"))
    }
}

fn document() -> String {
    fs::read_to_string(root().join("docs/security.md")).unwrap()
}

/// What stands between the markers: the sums and the table.
fn section(document: &str) -> &str {
    let (_, rest) = document.split_once("<!-- asvs -->").unwrap();
    rest.split_once("<!-- /asvs -->").unwrap().0
}

fn rows(section: &str) -> Vec<Row<'_>> {
    // The heading and the line below it are no rows.
    let lines = section.lines().filter(|line| line.starts_with("| ")).skip(2);
    lines
        .map(|line| {
            let cells: Vec<&str> = line.trim_matches('|').split(" | ").map(str::trim).collect();
            let [id, _, _, status, held_by] = cells[..] else { panic!("five cells: {line}") };
            Row { id, status, held_by }
        })
        .collect()
}

/// The numbers of an id: `2.10.1` comes after `2.9.3`.
fn numbers(id: &str) -> Vec<u32> {
    id.split('.').map(|number| number.parse().unwrap()).collect()
}

/// The files that may hold a test: of the integration tests or beside the code.
fn files_of(module: &str) -> Vec<PathBuf> {
    let beside = module.strip_suffix("::tests").unwrap_or(module);
    [("tests/it", module), ("src", beside), ("src", module)]
        .into_iter()
        .flat_map(|(folder, module)| {
            let path = root().join(folder).join(module.replace("::", "/"));
            [path.with_extension("rs"), path.join("mod.rs")]
        })
        .collect()
}

fn is_there(test: &str) -> bool {
    let (module, name) = test.rsplit_once("::").unwrap();
    let texts = files_of(module).into_iter().filter_map(|file| fs::read_to_string(file).ok());
    texts.into_iter().any(|text| text.contains(&format!("fn {name}(")))
}

#[test]
fn the_sums_above_the_table_are_those_of_its_rows() {
    let document = document();
    let section = section(&document);
    let rows = rows(section);
    let mut counted: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        *counted.entry(row.status).or_default() += 1;
    }
    let [pass, partly, fail, other] = STATUSES.map(|status| counted.remove(status).unwrap_or_default());
    assert!(counted.is_empty(), "{counted:?}");
    let sums = format!(
        "Of {} requirements {pass} pass, {partly} pass partly, {fail} fail, and {other} do not apply.",
        rows.len()
    );
    let text = section.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(text.contains(&sums), "{sums}");
}

/// The block of settings before the table, which rows "by setting" are about.
#[test]
fn the_settings_that_the_table_is_about_are_accepted() {
    let document = document();
    let (before, _) = document.split_once("<!-- asvs -->").unwrap();
    let block = before.rsplit("```toml").next().unwrap().split("```").next().unwrap();
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("doorward.toml"), block).unwrap();
    fs::write(folder.path().join("breached-passwords.txt"), "123456\n").unwrap();
    let said =
        Command::new(env!("CARGO_BIN_EXE_doorward")).arg("config").current_dir(&folder).output().unwrap();
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stderr));
    let printed = String::from_utf8(said.stdout).unwrap();
    for name in block.lines().filter_map(|line| Some(line.split_once(" = ")?.0)) {
        let line = printed.lines().find(|line| line.starts_with(name));
        assert!(line.is_some_and(|line| line.contains("doorward.toml")), "{name}: {printed}");
    }
    let rows = rows(section(&document));
    let named = |row: &Row<'_>| row.held_by.contains("by setting");
    assert!(rows.iter().filter(|row| named(row)).all(|row| row.spans().any(|span| block.contains(span))));
}

#[test]
fn each_requirement_is_listed_once_and_in_order() {
    let document = document();
    let rows = rows(section(&document));
    for pair in rows.windows(2) {
        assert!(numbers(pair[0].id) < numbers(pair[1].id), "{} comes before {}", pair[0].id, pair[1].id);
    }
}

#[test]
fn every_test_that_the_table_names_exists() {
    let document = document();
    let rows = rows(section(&document));
    let named: Vec<&str> = rows.iter().flat_map(Row::tests).collect();
    let missing: Vec<&str> = named.iter().copied().filter(|test| !is_there(test)).collect();
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(named.len() > 100, "only {} tests were found: has the notation changed?", named.len());
}

/// Paths and links are checked like those of every document.
#[test]
fn a_requirement_that_passes_names_a_test_or_a_file() {
    let document = document();
    let rows = rows(section(&document));
    let is_held = |row: &&Row<'_>| {
        row.tests().next().is_some() || !paths(row.held_by).is_empty() || linked(row.held_by).next().is_some()
    };
    let bare: Vec<&str> = rows
        .iter()
        .filter(|row| row.status == "pass")
        .filter(|row| !is_held(row))
        .map(|row| row.id)
        .collect();
    assert!(bare.is_empty(), "{bare:?}");
    let unexplained: Vec<&str> = rows.iter().filter(|row| row.held_by.is_empty()).map(|row| row.id).collect();
    assert!(unexplained.is_empty(), "{unexplained:?}");
}

/// The titles of browser tests stand in quotes after their file.
#[test]
fn every_browser_test_that_the_table_names_exists() {
    let document = document();
    let mut checked = 0;
    for row in rows(section(&document)) {
        for part in row.held_by.split("`tests/browser/").skip(1) {
            let (file, rest) = part.split_once('`').unwrap();
            let Some(title) = rest.strip_prefix(" \"").and_then(|rest| rest.split('"').next()) else {
                continue;
            };
            let text = fs::read_to_string(root().join("tests/browser").join(file)).unwrap();
            assert!(text.contains(&format!("test(\"{title}\"")), "{}: {title}", row.id);
            checked += 1;
        }
    }
    assert!(checked > 0, "no browser test was found: has the notation changed?");
}

#[test]
fn missing_tests_are_noticed() {
    assert!(is_there("docs::asvs::missing_tests_are_noticed"));
    assert!(is_there("types::link::tests::the_key_of_no_link_is_logged"));
    assert!(is_there("tokens::tests::no_two_tokens_have_the_same_id"), "in a file of its own");
    assert!(!is_there("docs::asvs::no_such_test") && !is_there("nowhere::missing_tests_are_noticed"));
    let table = "| row | x |\n| --- | --- |\n| 1.2.3 | 1 | asks | pass | `a::b`, `src/lib.rs` and `c` |\n";
    let rows = rows(table);
    assert_eq!((rows.len(), rows[0].id, rows[0].status), (1, "1.2.3", "pass"));
    assert_eq!(rows[0].tests().collect::<Vec<_>>(), ["a::b"]);
}
