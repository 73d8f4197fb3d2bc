//! Source files, without what would mislead a search: comments, the inside of literals, tests.

use std::fs;
use std::path::{Path, PathBuf};

/// A file of Rust.
pub(crate) struct Source {
    /// Relative to the folder that was asked for, with slashes.
    pub path: String,
    /// With its comments blanked, and what literals hold.
    pub code: String,
    /// Without the `#[cfg(test)]` items as well; empty for a file that only tests compile.
    pub product: String,
}

impl Source {
    pub(crate) fn new(path: &str, text: &str) -> Self {
        let code = without_comments(text);
        Self { path: path.to_owned(), product: without_tests(&code), code }
    }

    /// The first folder, or the name of a file that is in none.
    pub(crate) fn module(&self) -> &str {
        self.path.split(['/', '.']).next().unwrap()
    }

    pub(crate) fn is_in(&self, place: &str) -> bool {
        self.module() == place || self.path == place
    }

    /// The module's path from the root of the crate.
    pub(crate) fn module_path(&self) -> Vec<&str> {
        let path = self.path.trim_end_matches(".rs").trim_end_matches("/mod");
        if ["lib", "main"].contains(&path) { Vec::new() } else { path.split('/').collect() }
    }
}

/// All of src/.
pub(crate) fn sources() -> Vec<Source> {
    let mut sources = sources_in("src");
    assert!(sources.len() > 300, "only {} files in src", sources.len());
    let paths: Vec<String> = sources.iter().flat_map(test_modules).collect();
    for source in &mut sources {
        let path = source.path.trim_end_matches(".rs");
        if paths.iter().any(|module| path == module || path.starts_with(&format!("{module}/"))) {
            source.product.clear();
        }
    }
    sources
}

/// All `.rs` files below a folder of the repository.
pub(crate) fn sources_in(folder: &str) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let (mut sources, mut folders) = (Vec::new(), vec![root.clone()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path: PathBuf = entry.unwrap().path();
            if path.is_dir() && !path.ends_with("target") {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                sources.push(Source::new(&name, &fs::read_to_string(&path).unwrap()));
            }
        }
    }
    assert!(sources.len() > 5, "only {} files in {folder}", sources.len());
    sources.sort_by(|a, b| a.path.cmp(&b.path));
    sources
}

/// The paths of `#[cfg(test)] mod name;`, without their ending.
fn test_modules(source: &Source) -> Vec<String> {
    let folder = source.module_path().join("/");
    let tokens = tokens(&source.code);
    test_items(&tokens)
        .into_iter()
        .filter_map(|(start, end)| {
            let [.., module, name, semicolon] = &tokens[start..end] else { return None };
            let declares = module.text == "mod" && semicolon.text == ";";
            declares.then(|| format!("{folder}/{}", name.text).trim_start_matches('/').to_owned())
        })
        .collect()
}

/// A word, `::`, or any other character that is no space.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Token<'a> {
    pub text: &'a str,
    pub at: usize,
}

impl Token<'_> {
    pub(crate) fn is_word(&self) -> bool {
        self.text.starts_with(is_word_character)
    }

    /// Counted from 1.
    pub(crate) fn line_in(&self, code: &str) -> usize {
        code[..self.at].matches('\n').count() + 1
    }
}

fn is_word_character(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

pub(crate) fn tokens(code: &str) -> Vec<Token<'_>> {
    let (mut tokens, mut at) = (Vec::new(), 0);
    while let Some(c) = code[at..].chars().next() {
        let rest = &code[at..];
        let length = match c {
            c if is_word_character(c) => rest.find(|c| !is_word_character(c)).unwrap_or(rest.len()),
            _ if rest.starts_with("::") => 2,
            c => c.len_utf8(),
        };
        if !c.is_whitespace() {
            tokens.push(Token { text: &rest[..length], at });
        }
        at += length;
    }
    tokens
}

/// The index behind the item that goes on at `start`: behind its block, or behind its semicolon.
pub(crate) fn end_of_item(tokens: &[Token<'_>], start: usize) -> usize {
    let (mut depth, mut braces) = (0, 0);
    for (index, token) in tokens.iter().enumerate().skip(start) {
        match token.text {
            "{" => braces += 1,
            "}" => braces -= 1,
            "(" | "[" if braces == 0 => depth += 1,
            ")" | "]" if braces == 0 => depth -= 1,
            _ => {}
        }
        let is_end = token.text == "}" || token.text == ";";
        if is_end && depth == 0 && braces <= 0 {
            return index + 1;
        }
    }
    tokens.len()
}

/// Where the items begin and end that only tests compile.
fn test_items(tokens: &[Token<'_>]) -> Vec<(usize, usize)> {
    const MARKER: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut items: Vec<(usize, usize)> = Vec::new();
    for start in 0..tokens.len().saturating_sub(MARKER.len()) {
        let is_next = tokens[start..].iter().zip(MARKER).all(|(token, text)| token.text == text);
        if is_next && items.last().is_none_or(|(_, end)| start >= *end) {
            items.push((start, end_of_item(tokens, start)));
        }
    }
    items
}

fn without_tests(code: &str) -> String {
    let tokens = tokens(code);
    let mut product = code.to_owned();
    for (start, end) in test_items(&tokens) {
        let range = tokens[start].at..tokens[end - 1].at + tokens[end - 1].text.len();
        product.replace_range(range.clone(), &filled(&code[range], ' '));
    }
    product
}

/// Comments become spaces, the inside of literals `_`; every character stays on its line.
fn without_comments(text: &str) -> String {
    let (mut code, mut rest) = (String::with_capacity(text.len()), text);
    while let Some(c) = rest.chars().next() {
        let is_inside_word = code.ends_with(is_word_character);
        let (length, filler) = match literal_length(rest, is_inside_word) {
            _ if rest.starts_with("//") => (rest.find('\n').unwrap_or(rest.len()), Some(' ')),
            _ if rest.starts_with("/*") => (rest.find("*/").map_or(rest.len(), |end| end + 2), Some(' ')),
            Some(length) => (length, Some('_')),
            None => (c.len_utf8(), None),
        };
        match filler {
            Some(filler) => code.push_str(&filled(&rest[..length], filler)),
            None => code.push(c),
        }
        rest = &rest[length..];
    }
    code
}

/// As many bytes as `text` has, in as many lines.
fn filled(text: &str, filler: char) -> String {
    text.bytes().map(|byte| if byte == b'\n' { '\n' } else { filler }).collect()
}

/// The length of the string or character literal with which `rest` begins.
fn literal_length(rest: &str, is_inside_word: bool) -> Option<usize> {
    let opened = rest.strip_prefix(['b', 'c']).filter(|_| !is_inside_word).unwrap_or(rest);
    if let Some(raw) = opened.strip_prefix('r').filter(|_| !is_inside_word) {
        let hashes = &raw[..raw.len() - raw.trim_start_matches('#').len()];
        if let Some(inside) = raw[hashes.len()..].strip_prefix('"') {
            let end = format!("\"{hashes}");
            return Some(rest.len() - inside.len() + inside.find(&end)? + end.len());
        }
    }
    let quote = opened.chars().next().filter(|c| ['"', '\''].contains(c))?;
    let mut inside = opened.char_indices().skip(1);
    let mut characters = 0;
    while let Some((at, c)) = inside.next() {
        match c {
            // `'a` is a lifetime unless a quote follows at once
            _ if quote == '\'' && characters == 1 && c != '\'' => return None,
            '\\' if quote == '\'' => return Some(rest.len() - opened.len() + 4 + opened[3..].find('\'')?),
            '\\' => drop(inside.next()),
            c if c == quote => return Some(rest.len() - opened.len() + at + 1),
            _ => characters += 1,
        }
    }
    None
}

#[test]
fn comments_literals_and_tests_are_blanked() {
    let code = |text| without_comments(text).split_whitespace().collect::<Vec<_>>().join(" ");
    assert_eq!(code("a // b\nc /* d\n */ e"), "a c e");
    assert_eq!(
        code(r#"f("a // \" b", 'x', '\'', '\u{1F600}', b"c")"#),
        "f(___________, ___, ____, ___________, ____)"
    );
    assert_eq!(code("r#\"a \"b\" \"# + br\"\\\" <'a>(&'a x)"), "___________ + _____ <'a>(&'a x)");
    assert_eq!(without_comments("\"a\n//b\" // c\nd").lines().count(), 3);

    let source = Source::new(
        "config/mod.rs",
        "#[cfg(test)]\nmod tests;\nfn a() {}\n#[cfg(test)]\n#[allow(x)]\nmod more {\n fn b(x: [u8; 2]) {}\n}\nfn c() {}\n",
    );
    assert_eq!(source.product.split_whitespace().collect::<String>(), "fna(){}fnc(){}");
    assert_eq!(source.product.lines().count(), source.code.lines().count());
    assert_eq!(test_modules(&source), ["config/tests"]);
    assert_eq!((source.module(), source.module_path()), ("config", vec!["config"]));
}
