//! The documents match the program: every path, link, setting and command that they name exists.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

mod asvs;

/// Folders at the top whose paths are checked; other words with a slash are URLs or commands.
const ROOTS: &[&str] = &[
    "src/",
    "tests/",
    "templates/",
    "static/",
    "migrations/",
    "docs/",
    "benches/",
    "fuzz/",
    "scripts/",
    ".ci/",
    ".cargo/",
];

/// Commands that have subcommands.
const GROUPS: &[&str] = &["user", "mail", "audit", "key", "keys", "api-key", "import", "export"];

struct Document {
    /// Relative to the root of the repository.
    name: String,
    path: PathBuf,
    text: String,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every document at the top and below `docs/`, and the description of the contract.
fn documents() -> Vec<Document> {
    let mut paths = markdown(root());
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        paths.extend(markdown(&folder));
        folders.extend(entries(&folder).into_iter().filter(|path| path.is_dir()));
    }
    paths.push(root().join("tests/contract/README.md"));
    paths.sort();
    let documents: Vec<Document> = paths.into_iter().map(document).collect();
    assert!(documents.len() > 20, "only {} documents were found", documents.len());
    documents
}

fn document(path: PathBuf) -> Document {
    let name = path.strip_prefix(root()).unwrap().to_str().unwrap().replace('\\', "/");
    Document { text: fs::read_to_string(&path).unwrap(), name, path }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
}

fn markdown(folder: &Path) -> Vec<PathBuf> {
    entries(folder).into_iter().filter(|path| path.extension().is_some_and(|end| end == "md")).collect()
}

/// The code of a document: each line of its blocks, and each span between back-ticks.
fn code(text: &str) -> Vec<&str> {
    let spans = text.split("```").step_by(2).flat_map(|part| part.split('`').skip(1).step_by(2));
    let lines = text.split("```").skip(1).step_by(2).flat_map(str::lines);
    spans.chain(lines).collect()
}

fn is_path(word: &str) -> bool {
    let pattern = word.contains(['<', '*', '{', '…']);
    !pattern && ROOTS.iter().any(|root| word.starts_with(root))
}

fn paths(text: &str) -> Vec<&str> {
    let words = code(text).into_iter().flat_map(str::split_whitespace);
    words.map(|word| word.trim_end_matches([',', '.', ':', ';', ')'])).filter(|word| is_path(word)).collect()
}

#[test]
fn every_path_that_a_document_names_exists() {
    let mut missing = Vec::new();
    let mut checked = 0;
    for document in documents() {
        for path in paths(&document.text) {
            checked += 1;
            if !root().join(path).exists() {
                missing.push(format!("{}: {path}", document.name));
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(checked > 30, "only {checked} paths were found: has the notation changed?");
}

/// The targets of a document's pictures and links within the repository, with the heading if one is named.
fn linked(text: &str) -> impl Iterator<Item = (&str, Option<&str>)> {
    let targets = text.split("](").skip(1).chain(text.split("src=\"").skip(1));
    let targets = targets.filter_map(|rest| rest.split([')', '"', ' ']).next());
    targets.filter(|target| !target.is_empty() && !target.contains(':')).map(|target| {
        match target.split_once('#') {
            Some((path, heading)) => (path, Some(heading)),
            None => (target, None),
        }
    })
}

/// The anchors of a document's headings, as GitHub makes them.
fn anchors(text: &str) -> BTreeSet<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    let title = |line: &str| line.trim_start_matches('#').trim().to_lowercase();
    let is_in_anchor = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_');
    headings
        .map(|line| title(line).chars().filter(|c| is_in_anchor(*c)).collect::<String>().replace(' ', "-"))
        .collect()
}

#[test]
fn every_picture_and_link_of_a_document_is_there() {
    let mut checked = 0;
    for document in documents() {
        for (name, heading) in linked(&document.text) {
            let target = match name {
                "" => document.path.clone(),
                _ => document.path.parent().unwrap().join(name),
            };
            assert!(target.exists(), "{}: {name}", document.name);
            if let Some(heading) = heading {
                let text = fs::read_to_string(&target).unwrap();
                assert!(anchors(&text).contains(heading), "{}: {name}#{heading}", document.name);
            }
            checked += 1;
        }
    }
    assert!(checked > 100, "only {checked} pictures and links were found: has the notation changed?");
}

/// An index links every document of its folder.
#[test]
fn every_document_is_in_the_index_of_its_folder() {
    for folder in ["docs", "docs/decisions"] {
        let index = document(root().join(folder).join("README.md"));
        let listed: BTreeSet<PathBuf> =
            linked(&index.text).map(|(name, _)| index.path.parent().unwrap().join(name)).collect();
        for path in markdown(&root().join(folder)) {
            assert!(
                path == index.path || listed.contains(&path),
                "{folder}/README.md lacks {}",
                path.display()
            );
        }
    }
}

/// The names of all settings, as the example file has them.
fn settings() -> BTreeSet<String> {
    let example = fs::read_to_string(root().join("doorward.example.toml")).unwrap();
    let mut section = String::new();
    let mut names = BTreeSet::new();
    for line in example.lines() {
        let bare = line.trim_start_matches("# ");
        if let Some(name) = line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            section = format!("{name}.");
        } else if let Some((name, _)) = bare.split_once(" = ")
            && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')
        {
            names.insert(format!("{section}{name}"));
        }
    }
    assert!(names.len() > 50, "only {} settings were found", names.len());
    names
}

/// The first column of the table between the markers.
#[test]
fn the_table_of_settings_lists_each_once() {
    let text = fs::read_to_string(root().join("docs/configuration.md")).unwrap();
    let (_, rest) = text.split_once("<!-- settings: generated -->").unwrap();
    let (table, _) = rest.split_once("<!-- /settings -->").unwrap();
    let listed: Vec<String> = table
        .lines()
        .filter_map(|line| line.strip_prefix("| `")?.split_once('`'))
        .map(|(name, _)| name.to_owned())
        .collect();
    assert_eq!(listed.iter().cloned().collect::<BTreeSet<_>>(), settings());
    assert_eq!(listed.len(), settings().len());
}

/// Words that look like settings and variables: `mail.retention`, `DOORWARD_LISTEN`. File names do not.
fn setting_words(code: &str) -> impl Iterator<Item = &str> {
    let is_part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '.');
    let is_file = |word: &str| [".rs", ".md", ".mjs", ".html", ".json"].iter().any(|end| word.ends_with(end));
    let words = code.split_whitespace().flat_map(move |word| {
        let is_url = word.contains('/');
        let parts = word.split(move |c| !is_part(c));
        parts.filter(move |part| !is_url || part.starts_with("DOORWARD_"))
    });
    words.map(|word| word.trim_end_matches(['.', '_'])).filter(move |word| !is_file(word))
}

#[test]
fn every_setting_that_a_document_names_exists() {
    let known = settings();
    let variable = |name: &String| format!("DOORWARD_{}", name.to_uppercase().replace('.', "__"));
    let mut variables: BTreeSet<String> = known.iter().map(variable).collect();
    variables.extend(["DOORWARD_CONFIG".to_owned(), "DOORWARD_REGISTRATION".to_owned()]);
    let sections: BTreeSet<&str> =
        known.iter().filter_map(|name| name.rsplit_once('.')).map(|(section, _)| section).collect();
    let mut checked = 0;
    // The changelog also names settings of earlier versions.
    for document in documents().into_iter().filter(|document| document.name != "CHANGELOG.md") {
        for word in code(&document.text).into_iter().flat_map(setting_words) {
            let is_variable = word.starts_with("DOORWARD_");
            let section = word.split_once('.').map_or("", |(section, _)| section);
            if is_variable {
                // A variable with `_FILE` behind it names a file with the value.
                let setting = word.strip_suffix("_FILE").filter(|_| !variables.contains(word));
                assert!(variables.contains(setting.unwrap_or(word)), "{}: {word}", document.name);
            } else if sections.contains(section) && !sections.contains(word) {
                assert!(known.contains(word), "{}: {word}", document.name);
            }
            checked += usize::from(is_variable || sections.contains(section));
        }
    }
    assert!(checked > 100, "only {checked} settings were found: has the notation changed?");
}

/// The `doorward` commands in a line of code: the words of the command, then its flags.
fn commands(line: &str) -> Vec<(Vec<&str>, Vec<&str>)> {
    let starts = line.match_indices("doorward ").filter(|(at, _)| {
        let before = line[..*at].chars().next_back();
        before.is_none_or(|letter| letter == ' ' || letter == '\'')
    });
    let parsed = starts.map(|(at, found)| {
        let rest = &line[at + found.len()..];
        let end = rest.find(['|', '#', '\'', '>', '&', ';']).unwrap_or(rest.len());
        let words: Vec<&str> = rest[..end].split_whitespace().collect();
        let is_word = |word: &&&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '-');
        let depth = if words.first().is_some_and(|word| GROUPS.contains(word)) { 2 } else { 1 };
        let command = words.iter().take(depth).take_while(|w| is_word(w) && !w.starts_with('-')).copied();
        let flags = words.iter().filter(|word| word.starts_with("--")).copied();
        (command.collect(), flags.map(|flag| flag.split('=').next().unwrap_or(flag)).collect())
    });
    parsed.filter(|(command, _): &(Vec<&str>, Vec<&str>)| !command.is_empty()).collect()
}

#[test]
fn every_command_that_a_document_names_exists_with_its_flags() {
    let mut help: BTreeMap<Vec<String>, String> = BTreeMap::new();
    let mut checked = 0;
    for document in documents() {
        for (command, flags) in code(&document.text).into_iter().flat_map(commands) {
            let key: Vec<String> = command.iter().map(|word| (*word).to_owned()).collect();
            let text = help.entry(key).or_insert_with(|| {
                let mut asked = Command::new(env!("CARGO_BIN_EXE_doorward"));
                let said = asked.args(&command).arg("--help").output().unwrap();
                assert!(said.status.success(), "{}: doorward {}", document.name, command.join(" "));
                String::from_utf8(said.stdout).unwrap()
            });
            for flag in flags {
                let is_known = text.split([' ', ',', '=', '\n', '[', ']']).any(|word| word == flag);
                assert!(is_known, "{}: doorward {} {flag}", document.name, command.join(" "));
            }
            checked += 1;
        }
    }
    assert!(checked > 60, "only {checked} commands were found: has the notation changed?");
}

#[test]
fn the_readme_fits_on_a_few_screens() {
    let lines = fs::read_to_string(root().join("README.md")).unwrap().lines().count();
    assert!(lines <= 150, "README.md has {lines} lines");
}

#[test]
fn the_checks_find_what_they_look_for() {
    let text = "see `src/app.rs` and\n```\ntests/it/main.rs   the tests\n```\nnot src/this";
    assert_eq!(paths(text), ["src/app.rs", "tests/it/main.rs"]);
    let line = "printf x | doorward user add --admin --password-stdin   # and doorward: no command";
    assert_eq!(commands(line), [(vec!["user", "add"], vec!["--admin", "--password-stdin"])]);
    assert_eq!(commands("CREATE ROLE doorward LOGIN"), []);
    assert_eq!(commands("sudo sh -c 'cd /x && doorward user list'"), [(vec!["user", "list"], vec![])]);
    assert!(anchors("## Can an email be sent twice?").contains("can-an-email-be-sent-twice"));
}
