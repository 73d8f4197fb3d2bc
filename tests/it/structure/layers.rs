//! Which module may import which, which may write, and which may name a crate.

use std::collections::BTreeSet;

use super::assert_none;
use super::imports::{absolute, imports_and_paths};
use super::source::{Source, sources, tokens};

/// The modules of each layer, lowest first. A module may import from lower layers and itself.
const LAYERS: &[&[&str]] = &[
    &["types"],
    &["texts"],
    &["clock", "config", "limits", "passwords", "last_seen", "precise_sleep", "store", "tokens"],
    &["brand"],
    &["mail"],
    &["app"],
    &["accounts"],
    &["http"],
    &["web"],
    &["account", "admin", "api", "cli", "ops", "pages"],
    &["routes"],
    &["testing"],
];

/// A crate, and the modules (or files) that may name it.
const CRATES: &[(&str, &[&str])] = &[
    (
        "actix_web::",
        &[
            "account",
            "admin",
            "api",
            "web",
            "http",
            "ops",
            "pages",
            "routes",
            "cli/serve/mod.rs",
            "cli/serve/server.rs",
        ],
    ),
    ("actix_http::", &["cli/serve/server.rs"]),
    ("actix_service::", &["cli/serve/server.rs"]),
    ("httparse::", &["http"]),
    ("diesel::", &["store"]),
    ("bcrypt::", &["passwords"]),
    ("jsonwebtoken::", &["tokens"]),
    ("pem_rfc7468::", &["tokens"]),
    ("pkcs1::", &["tokens"]),
    ("pkcs8::", &["tokens"]),
    ("askama::", &["account", "admin", "api/openapi/page.rs", "web", "pages"]),
    ("lettre::", &["mail"]),
    ("minijinja::", &["mail"]),
    ("quick_xml::", &["brand"]),
    ("rustls::", &["mail"]),
    ("clap::", &["cli"]),
    ("toml::", &["config", "accounts/imports/mapping.rs"]),
    ("jiff::", &["types"]),
];

/// The server is built out of the URLs: the one import of a higher layer.
const EXCEPTIONS: &[(&str, &str)] = &[("cli/serve/server.rs", "routes")];

fn layer_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|layer| layer.contains(&module))
}

/// The paths that a file names, from the root of the crate.
fn paths_named(source: &Source) -> Vec<String> {
    let tokens = tokens(&source.code);
    let (imports, mut paths) = imports_and_paths(&tokens);
    paths.extend(imports.into_iter().map(|import| import.path));
    let module = source.module_path();
    paths.iter().filter_map(|path| Some(absolute(&module, path)?.join("::"))).collect()
}

/// The modules at the root of the crate that a file names.
fn modules_named(source: &Source) -> BTreeSet<String> {
    let paths = paths_named(source);
    paths
        .iter()
        .map(|path| path.split("::").next().unwrap().to_owned())
        .filter(|name| !name.is_empty())
        .collect()
}

fn imports_of_higher_layers(source: &Source) -> Vec<String> {
    let Some(own) = layer_of(source.module()) else { return Vec::new() };
    modules_named(source)
        .into_iter()
        .filter(|module| module != source.module() && layer_of(module).is_some_and(|layer| layer >= own))
        .filter(|module| !EXCEPTIONS.contains(&(source.path.as_str(), module.as_str())))
        .map(|module| format!("src/{} imports crate::{module}", source.path))
        .collect()
}

#[test]
fn every_module_has_a_layer_and_every_layer_has_its_modules() {
    let sources = sources();
    let modules: BTreeSet<&str> =
        sources.iter().map(Source::module).filter(|module| !["lib", "main"].contains(module)).collect();
    let listed: BTreeSet<&str> = LAYERS.iter().flat_map(|layer| layer.iter()).copied().collect();
    assert_eq!(modules, listed, "the modules in src/, and those that LAYERS lists");
}

#[test]
fn imports_lead_to_lower_layers() {
    let wrong: Vec<String> = sources().iter().flat_map(imports_of_higher_layers).collect();
    assert_none("a module imports from lower layers only, not from its neighbours", &wrong);
}

#[test]
fn crates_are_named_only_in_their_modules() {
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
    assert_none("a crate is named only in its modules", &wrong);
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
    assert_none("only `accounts` asks for a write transaction", &wrong);
}

/// It writes all tables at once, and none of an account's rules holds there.
#[test]
fn only_the_commands_that_copy_a_whole_database_call_that_part_of_the_store() {
    const COPY: &str = "store::engine::copy";
    let calls = |source: &Source| {
        let mut paths = paths_named(source).into_iter();
        paths.any(|path| path == COPY || path.starts_with(&format!("{COPY}::")))
    };
    let sources = sources();
    let outside = sources.iter().filter(|source| !source.is_in("store") && calls(source));
    let callers: Vec<&str> = outside.map(|source| source.path.as_str()).collect();
    assert_eq!(callers, ["cli/backup.rs", "cli/copy.rs"]);
}

/// Within `store`: the engine knows no table, and a table knows no query. `store/mod.rs` joins them.
fn imports_of_higher_parts_of_the_store(source: &Source) -> Vec<String> {
    const PARTS: [&str; 3] = ["store::engine", "store::tables", "store::queries"];
    let is_in = |path: &str, part: &str| path == part || path.starts_with(&format!("{part}::"));
    let module = source.module_path().join("::");
    let Some(own) = PARTS.iter().position(|part| is_in(&module, part)) else { return Vec::new() };
    let paths = BTreeSet::from_iter(paths_named(source));
    let higher = |path: &String| PARTS[own + 1..].iter().any(|part| is_in(path, part));
    paths
        .into_iter()
        .filter(higher)
        .map(|path| format!("src/{} imports crate::{path}", source.path))
        .collect()
}

#[test]
fn the_engine_imports_no_table_and_a_table_no_query() {
    let wrong: Vec<String> = sources().iter().flat_map(imports_of_higher_parts_of_the_store).collect();
    assert_none("store::engine imports no table, and store::tables no query", &wrong);
}

#[test]
fn a_wrong_import_is_noticed() {
    let code =
        "// crate::cli\nuse crate::{store::users, api::{login, user}};\nlet x = crate::routes::configure;";
    let source = Source::new("store/users/mod.rs", code);
    assert_eq!(Vec::from_iter(modules_named(&source)), ["api", "routes", "store"]);
    assert_eq!(imports_of_higher_layers(&source).len(), 2);
    let source = Source::new("store/users/mod.rs", "use super::super::super::mail::Mail;\nuse crate::types;");
    assert_eq!(imports_of_higher_layers(&source), ["src/store/users/mod.rs imports crate::mail"]);
    assert!(layer_of("types") < layer_of("store") && layer_of("store") < layer_of("accounts"));

    let code = "use crate::store::queries::user_list;\nuse crate::store::tables::{mails, users};";
    let wrong = |path| imports_of_higher_parts_of_the_store(&Source::new(path, code)).len();
    let counts = ["store/engine/dialect.rs", "store/tables/audit/mod.rs", "store/queries/x.rs"].map(wrong);
    assert_eq!(counts, [3, 1, 0]);
}
