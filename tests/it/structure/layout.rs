//! What is where: folders, templates and migrations, and the line that opens a file.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use super::assert_none;
use super::source::{Source, sources};

/// A longer list of files wants folders of its own.
const MOST_FILES: usize = 20;

fn full_folders(sources: &[Source]) -> Vec<String> {
    let mut folders: BTreeMap<&str, usize> = BTreeMap::new();
    for source in sources {
        *folders.entry(source.path.rsplit_once('/').map_or("", |(folder, _)| folder)).or_default() += 1;
    }
    folders.retain(|_, files| *files > MOST_FILES);
    folders.into_iter().map(|(folder, files)| format!("src/{folder} has {files} files")).collect()
}

#[test]
fn folders_have_at_most_20_files() {
    assert_none("a folder of src/ has at most 20 files", &full_folders(&sources()));
}

#[test]
fn every_source_file_says_what_it_holds() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let silent: Vec<String> = sources()
        .into_iter()
        .map(|source| source.path)
        .filter(|path| !fs::read_to_string(root.join(path)).unwrap().starts_with("//! "))
        .collect();
    assert_none("a file begins with `//! `", &silent);
}

#[test]
fn templates_and_migrations_mirror_their_modules() {
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
    assert_eq!(numbers[0], numbers[1], "both databases have the same migrations");
}

#[test]
fn a_full_folder_is_noticed() {
    let files = |folder: &str, count| {
        (0..count).map(|n| Source::new(&format!("{folder}f{n}.rs"), "")).collect::<Vec<_>>()
    };
    assert!(full_folders(&files("", 20)).is_empty());
    assert_eq!(full_folders(&files("a/b/", 21)), ["src/a/b has 21 files"]);
}
