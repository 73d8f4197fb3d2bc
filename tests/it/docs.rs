//! The documents say what is there: every path they name exists.

use std::fs;
use std::path::Path;

const DOCUMENTS: &[&str] = &[
    "README.md",
    "ARCHITECTURE.md",
    "docs/accounts.md",
    "docs/admin.md",
    "docs/mail.md",
    "docs/performance.md",
    "docs/scaling.md",
    "docs/tokens.md",
    "tests/contract/README.md",
];

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

/// What stands between back-ticks in a document, code blocks included.
fn quoted(text: &str) -> Vec<String> {
    let outside_blocks: Vec<&str> = text.split("```").step_by(2).collect();
    let inside_blocks = text.split("```").skip(1).step_by(2).flat_map(str::split_whitespace);
    let spans = outside_blocks.iter().flat_map(|part| part.split('`').skip(1).step_by(2));
    spans.flat_map(str::split_whitespace).chain(inside_blocks).map(str::to_owned).collect()
}

fn is_path(word: &str) -> bool {
    let pattern = word.contains(['<', '*', '{', '…']);
    !pattern && ROOTS.iter().any(|root| word.starts_with(root))
}

#[test]
fn every_path_that_a_document_names_exists() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut missing = Vec::new();
    let mut checked = 0;
    for document in DOCUMENTS {
        let text = fs::read_to_string(root.join(document)).unwrap();
        for word in quoted(&text) {
            let word = word.trim_end_matches([',', '.', ':', ';', ')']);
            if is_path(word) {
                checked += 1;
                if !root.join(word).exists() {
                    missing.push(format!("{document}: {word}"));
                }
            }
        }
    }
    assert!(missing.is_empty(), "{missing:#?}");
    assert!(checked > 30, "only {checked} paths were found: has the notation changed?");
}

/// What a document's pictures and links name, beside it.
fn linked(text: &str) -> impl Iterator<Item = &str> {
    let targets = text.split("](").skip(1).chain(text.split("src=\"").skip(1));
    let paths = targets.filter_map(|rest| rest.split([')', '"', '#', ' ']).next());
    paths.filter(|path| !path.is_empty() && !path.contains(':'))
}

#[test]
fn every_picture_and_link_of_a_document_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut checked = 0;
    for document in DOCUMENTS {
        let path = root.join(document);
        for name in linked(&fs::read_to_string(&path).unwrap()) {
            assert!(path.parent().unwrap().join(name).exists(), "{document}: {name}");
            checked += 1;
        }
    }
    assert!(checked > 10, "only {checked} pictures and links were found: has the notation changed?");
}

#[test]
fn the_check_finds_paths_in_prose_and_in_blocks() {
    let text = "see `src/app.rs` and\n```\ntests/it/main.rs   the tests\n```\nnot src/this";
    let paths: Vec<String> = quoted(text).into_iter().filter(|word| is_path(word)).collect();
    assert_eq!(paths, ["src/app.rs", "tests/it/main.rs"]);
}
