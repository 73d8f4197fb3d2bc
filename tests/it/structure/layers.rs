//! The rules of the house, checked from the source: who may import whom, who may write, which
//! crate lives on which floor. ARCHITECTURE.md tells why.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// The modules of each floor, lowest first. A module may import from lower floors and itself.
const FLOORS: &[&[&str]] = &[
    &["types"],
    &["texts"],
    &["clock", "config", "limits", "passwords", "seen", "store", "tokens"],
    &["mail"],
    &["app"],
    &["accounts"],
    &["http"],
    &["html"],
    &["admin", "api", "cli", "ops", "pages"],
    &["routes"],
];

/// A crate, and the modules (or files) that may name it.
const CRATES: &[(&str, &[&str])] = &[
    ("actix_web::", &["admin", "api", "html", "http", "ops", "pages", "routes", "cli/serve.rs"]),
    ("actix_cors::", &["cli/serve.rs"]),
    ("diesel::", &["store"]),
    ("bcrypt::", &["passwords"]),
    ("jsonwebtoken::", &["tokens"]),
    ("askama::", &["admin", "html", "pages"]),
    ("lettre::", &["mail"]),
    ("minijinja::", &["mail"]),
    ("rustls::", &["mail"]),
    ("clap::", &["cli"]),
    ("toml::", &["config"]),
];

/// `cli::serve` builds the server out of the URLs: the one step down from the last floor.
const EXCEPTIONS: &[(&str, &str)] = &[("cli/serve.rs", "routes")];

struct Source {
    /// Relative to src/, with slashes.
    path: String,
    /// Without its comments.
    code: String,
}

impl Source {
    fn module(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap()
    }

    fn is_in(&self, place: &str) -> bool {
        self.module() == place || self.path == place
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                found.push(Source { path: name, code: without_comments(&text) });
            }
        }
    }
    assert!(found.len() > 50, "the walk lost most of the house: {}", found.len());
    found
}

fn without_comments(text: &str) -> String {
    text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

fn floor_of(module: &str) -> Option<usize> {
    FLOORS.iter().position(|floor| floor.contains(&module))
}

/// The names after each `crate::`, those in braces included.
fn imports(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("crate::") {
        let rest = &code[at + "crate::".len()..];
        let heads: Vec<&str> = match rest.strip_prefix('{') {
            Some(list) => top_level_items(list),
            None => vec![rest],
        };
        for head in heads {
            let name: String =
                head.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
            found.push(name);
        }
    }
    found
}

/// Splits the inside of a `use crate::{…}` at its own commas.
fn top_level_items(list: &str) -> Vec<&str> {
    let (mut depth, mut start, mut items) = (0, 0, Vec::new());
    for (at, c) in list.char_indices() {
        match c {
            '{' => depth += 1,
            '}' if depth == 0 => {
                items.push(&list[start..at]);
                return items;
            }
            '}' => depth -= 1,
            ',' if depth == 0 => {
                items.push(&list[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    items
}

#[test]
fn every_module_has_a_floor_and_every_floor_has_its_modules() {
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    for source in sources() {
        *seen.entry(source.module().to_owned()).or_default() += 1;
    }
    for module in seen.keys().filter(|module| !["lib", "main"].contains(&module.as_str())) {
        assert!(floor_of(module).is_some(), "src/{module} has no floor in this test");
    }
    for module in FLOORS.iter().flat_map(|floor| floor.iter()) {
        assert!(seen.contains_key(*module), "there is no src/{module}");
    }
}

#[test]
fn nobody_imports_from_a_higher_floor_or_from_a_neighbour() {
    let mut wrong = Vec::new();
    for source in sources() {
        let Some(own) = floor_of(source.module()) else { continue };
        for import in imports(&source.code) {
            let Some(other) = floor_of(&import) else { continue };
            let is_exception = EXCEPTIONS.contains(&(source.path.as_str(), import.as_str()));
            if import != source.module() && other >= own && !is_exception {
                wrong.push(format!("src/{} imports crate::{import}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn crates_are_named_only_on_their_floors() {
    let mut wrong = Vec::new();
    for source in sources() {
        for (name, places) in CRATES {
            let names_it = source.code.match_indices(name).any(|(at, _)| {
                // `crate::passwords::bcrypt::` would be ours, `my_bcrypt::` another one.
                !source.code[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':')
            });
            if names_it && !places.iter().any(|place| source.is_in(place)) {
                wrong.push(format!("src/{} names {name}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn only_accounts_writes_to_the_store() {
    let wrong: Vec<String> = sources()
        .into_iter()
        .filter(|source| !source.is_in("accounts") && !source.is_in("store"))
        .filter(|source| source.code.contains(".write(") || source.code.contains("Tx<"))
        // files are written to as well
        .filter(|source| !source.code.contains("options.write(true)"))
        .map(|source| source.path)
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?} ask for a write transaction");
}

/// It writes all tables at once, and none of an account's rules holds there.
#[test]
fn only_the_commands_that_copy_a_whole_database_call_that_part_of_the_store() {
    let callers: Vec<String> = sources()
        .into_iter()
        .filter(|source| !source.is_in("store") && source.code.contains("store::copy"))
        .map(|source| source.path)
        .collect();
    assert_eq!(callers, ["cli/backup.rs", "cli/copy.rs"]);
}

#[test]
fn every_source_file_says_what_lives_in_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let silent: Vec<String> = sources()
        .into_iter()
        .map(|source| source.path)
        .filter(|path| !fs::read_to_string(root.join(path)).unwrap().starts_with("//! "))
        .collect();
    assert!(silent.is_empty(), "{silent:#?} do not begin with `//!`");
}

#[test]
fn secrets_cannot_be_displayed_or_serialised() {
    let secrets =
        ["AdminKey", "Password", "PasswordHash", "AccessToken", "RefreshToken", "OneTimeKey", "SigningKey"];
    let mut wrong = Vec::new();
    for source in sources() {
        for secret in secrets {
            for form in ["Display for", "Serialize for"] {
                let needle = format!("{form} {secret} ");
                if source.code.contains(&needle) {
                    wrong.push(format!("src/{}: {needle}", source.path));
                }
            }
            let derived = source.code.match_indices("#[derive(").any(|(at, _)| {
                let item = &source.code[at..];
                let (attributes, rest) = item.split_once(")]").unwrap_or((item, ""));
                let declares = rest.trim_start().starts_with(&format!("pub struct {secret}("));
                declares && (attributes.contains("Debug") || attributes.contains("Serialize"))
            });
            if derived {
                wrong.push(format!("src/{} derives a form of {secret} that shows it", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn templates_and_migrations_mirror_their_rooms() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for entry in fs::read_dir(root.join("templates")).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(root.join("src").join(&name).is_dir(), "templates/{name} has no src/{name}");
    }
    let numbers = ["migrations/sqlite", "migrations/postgres"].map(|dialect| {
        let folders: BTreeSet<_> =
            fs::read_dir(root.join(dialect)).unwrap().map(|entry| entry.unwrap().path()).collect();
        for folder in &folders {
            let both = folder.join("up.sql").is_file() && folder.join("down.sql").is_file();
            assert!(both, "{}", folder.display());
        }
        folders.into_iter().map(|folder| folder.file_name().unwrap().to_owned()).collect::<Vec<_>>()
    });
    assert_eq!(numbers[0], numbers[1], "twins have the same numbers");
}

#[test]
fn the_rules_themselves_notice_a_breach() {
    let code = "use crate::{store::users, api::{login, user}};\nlet x = crate::routes::configure;";
    assert_eq!(imports(code), ["store", "api", "routes"]);
    assert_eq!(without_comments("// crate::api\ncode"), "code");
    assert!(floor_of("types") < floor_of("store") && floor_of("store") < floor_of("accounts"));
}
