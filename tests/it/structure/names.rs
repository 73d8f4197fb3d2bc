//! Names are the field's: one meaning a public type name, and no words that only this project used.

use std::collections::BTreeMap;

use super::assert_none;
use super::source::{Source, Token, sources, sources_in, tokens};

/// Words that names do not use, and what is said instead.
const WORDS: &[(&str, &str)] = &[
    ("deed", "action"),
    ("deeds", "actions"),
    ("door", "handler"),
    ("doors", "handlers"),
    ("dress", "response, render"),
    ("floor", "layer"),
    ("floors", "layers"),
    ("found", "current state, result"),
    ("hang", "mount"),
    ("hit", "affected"),
    ("hits", "affects"),
    ("kept", "stored, pending form"),
    ("leave", "delete"),
    ("letter", "mail"),
    ("letters", "mails"),
    ("mark", "record, position"),
    ("marks", "records, positions"),
    ("nobody", "no user, no administrator, none"),
    ("proof", "re-authentication, audit chain"),
    ("prove", "re-authenticate"),
    ("proven", "re-authenticated"),
    ("shown", "displayed, presented"),
    ("somebody", "a user, an administrator, a client"),
    ("spared", "skipped"),
    ("told", "explanation, reported"),
    ("verb", "use case"),
    ("verbs", "use cases"),
    ("wanted", "filter, requested"),
    ("whoever", "a user, an administrator, a client"),
    ("whom", "selection"),
];

/// Where such a word is the right one, in the words around it.
const ALLOWED: &[&str] = &[
    "byte_order_mark",
    // the Unicode category M
    "combining_mark",
    "combining_marks",
    // upper and lower case
    "letter_case",
    "letter_or_digit",
    // HTTP 404, or no such row
    "not_found",
    "question_mark",
    // a server that does not answer
    "that_hang",
];

/// The public types that a file defines, each with its line.
fn public_types(source: &Source) -> Vec<(&str, usize)> {
    let tokens = tokens(&source.product);
    let mut types = Vec::new();
    for (index, pair) in tokens.windows(2).enumerate() {
        let is_type =
            ["struct", "enum", "union", "trait", "type"].contains(&pair[0].text) && pair[1].is_word();
        if is_type && is_public(&tokens[..index]) {
            types.push((pair[1].text, pair[0].line_in(&source.product)));
        }
    }
    types
}

/// Whether `pub` or `pub(crate)` ends what stands before an item.
fn is_public(before: &[Token<'_>]) -> bool {
    let mut before = before.iter().rev().map(|token| token.text).skip_while(|text| *text == "unsafe");
    match before.next() {
        Some(")") => before.find(|text| *text == "(").and_then(|_| before.next()) == Some("pub"),
        last => last == Some("pub"),
    }
}

fn repeated_types(sources: &[Source]) -> Vec<String> {
    let mut places: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for source in sources {
        for (name, line) in public_types(source) {
            places.entry(name).or_default().push(format!("src/{}:{line}", source.path));
        }
    }
    places.retain(|_, places| places.len() > 1);
    places.into_iter().map(|(name, places)| format!("{name}: {}", places.join(" "))).collect()
}

/// The names that a file declares, its own included, each with its line.
fn declared(source: &Source) -> Vec<(&str, usize)> {
    const KEYWORDS: [&str; 9] = ["fn", "struct", "enum", "union", "trait", "type", "const", "static", "mod"];
    let tokens = tokens(&source.code);
    let mut names: Vec<(&str, usize)> =
        source.path.trim_end_matches(".rs").split('/').map(|part| (part, 1)).collect();
    for (index, pair) in tokens.windows(2).enumerate() {
        let [keyword, name] = pair else { continue };
        let is_pointer = index > 0 && tokens[index - 1].text == "*";
        if KEYWORDS.contains(&keyword.text) && name.is_word() && !is_pointer {
            names.push((name.text, name.line_in(&source.code)));
        }
        if keyword.text == "enum" && name.is_word() {
            names.extend(variants(&tokens[index..]).map(|name| (name.text, name.line_in(&source.code))));
        }
    }
    if source.path.starts_with("texts/") {
        names.extend(texts(&source.code));
    }
    names
}

/// The names of the texts of the catalogue: `name() = "…"`, `name(value) = "…"`, `name[n] = "…"`.
fn texts(code: &str) -> impl Iterator<Item = (&str, usize)> {
    code.lines().enumerate().filter_map(|(index, line)| {
        let name = line.trim_start().split(['(', '[']).next()?;
        let is_text = line.contains(") =") || line.contains("] =");
        let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_');
        (is_text && is_name).then_some((name, index + 1))
    })
}

/// The names of the variants of the enum with which `tokens` begin.
fn variants<'a>(tokens: &[Token<'a>]) -> impl Iterator<Item = Token<'a>> {
    let (mut depth, mut is_start, mut variants) = (0, false, Vec::new());
    for token in tokens {
        match token.text {
            "{" | "(" | "[" => depth += 1,
            "}" | ")" | "]" => depth -= 1,
            _ => {}
        }
        match token.text {
            "{" if depth == 1 => is_start = true,
            "," if depth == 1 => is_start = true,
            "}" if depth == 0 => break,
            _ if depth == 1 && is_start && token.is_word() => {
                variants.push(*token);
                is_start = false;
            }
            _ => {}
        }
    }
    variants.into_iter()
}

/// `NotFound`, `not_found` and `NOT_FOUND` are all `not_found`.
fn snake_case(name: &str) -> String {
    let mut snake = String::new();
    for c in name.chars() {
        if c.is_uppercase()
            && snake.ends_with(|before: char| before.is_lowercase() || before.is_numeric())
            && name.contains(char::is_lowercase)
        {
            snake.push('_');
        }
        snake.extend(c.to_lowercase());
    }
    snake
}

/// The words of a name that it should not use.
fn strange_words(name: &str) -> Vec<(&'static str, &'static str)> {
    let mut name = format!("_{}_", snake_case(name));
    for phrase in ALLOWED {
        name = name.replace(&format!("_{phrase}_"), "_");
    }
    WORDS.iter().filter(|(word, _)| name.contains(&format!("_{word}_"))).copied().collect()
}

fn strange_names(folder: &str, source: &Source) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, line) in declared(source) {
        for (word, instead) in strange_words(name) {
            wrong.push(format!("{word} ({instead}): {folder}/{}:{line} {name}", source.path));
        }
    }
    wrong
}

#[test]
fn every_public_type_name_is_defined_once() {
    assert_none("a public type name means one type", &repeated_types(&sources()));
}

#[test]
fn names_use_the_terms_of_the_field() {
    let mut wrong = Vec::new();
    for folder in ["src", "tests/it", "benches", "fuzz"] {
        wrong.extend(sources_in(folder).iter().flat_map(|source| strange_names(folder, source)));
    }
    wrong.sort();
    assert_none("a name uses the terms of the field", &wrong);
}

#[test]
fn a_repeated_type_and_a_strange_word_are_noticed() {
    let one =
        Source::new("a.rs", "pub struct Row;\nstruct Page;\npub(crate) enum Kind { A }\ntype Key = u8;");
    let other = Source::new(
        "b.rs",
        "struct Row;\n\npub(in crate::b) unsafe trait Kind {}\n#[cfg(test)]\npub struct Row;",
    );
    assert_eq!(repeated_types(&[one, other]), ["Kind: src/a.rs:3 src/b.rs:3"]);

    assert_eq!((snake_case("NotFound"), snake_case("NOT_FOUND")), ("not_found".into(), "not_found".into()));
    assert!(
        ["NotFound", "in_any_letter_case", "leaves", "remark", "UnknownUser"]
            .iter()
            .all(|name| strange_words(name).is_empty())
    );
    let code = "pub enum Next { Kept { found: u8 }, #[x(Mark)] Told(Spared), Other }\nfn prove() {}\nconst LETTERS: u8 = 1;";
    let wrong = strange_names("src", &Source::new("verb/mod.rs", code));
    let names: Vec<&str> = wrong.iter().map(|line| line.rsplit_once(' ').unwrap().1).collect();
    assert_eq!(names, ["verb", "Kept", "Told", "prove", "LETTERS"]);
    assert_eq!(wrong[3], "prove (re-authenticate): src/verb/mod.rs:2 prove");
}
